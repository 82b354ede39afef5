import Glibc

/// Whether stderr goes straight to journald.
enum JournalStream {
    /// systemd names device and inode of the stream it gave us in
    /// `JOURNAL_STREAM` (systemd.exec(5)); a variable that was merely
    /// inherited names another file.
    static func isConnected(_ descriptor: Int32 = STDERR_FILENO, environment: [String: String]) -> Bool {
        let parts = environment["JOURNAL_STREAM"]?.split(separator: ":") ?? []
        guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else {
            return false
        }
        var status = stat()
        return fstat(descriptor, &status) == 0 && UInt64(status.st_dev) == device
            && UInt64(status.st_ino) == inode
    }
}
