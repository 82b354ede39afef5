import Glibc

/// Holds the write lock of a SQLite database in WAL mode, as another program
/// that writes would: whoever wants to write meanwhile finds it busy.
public struct WriteLock: ~Copyable {
    public struct CannotLock: Error {
        public let path: String
        public let errno: Int32
    }

    /// WAL_WRITE_LOCK: that byte of the shared-memory file (SQLite's
    /// description of the WAL-index, 2.3.1).
    private static let place: off_t = 120
    /// Not given by the module: a lock of the open file, so that reading the
    /// file elsewhere in this process does not let it go (fcntl(2)).
    private static let setOpenFileLock: Int32 = 37

    private let descriptor: Int32

    public init(database path: String) throws {
        let path = path + "-shm"
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw CannotLock(path: path, errno: errno) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.place
        lock.l_len = 1
        guard fcntl(descriptor, Self.setOpenFileLock, &lock) == 0 else {
            let error = CannotLock(path: path, errno: errno)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Lets the others write again.
    public consuming func release() {}
}
