import Glibc

/// What the loader sees of the machine. Tests hand in another one.
struct ConfigFiles: Sendable {
    struct File: Sendable {
        var bytes: [UInt8]
        /// Everybody on this machine may read it.
        var isWorldReadable = false
    }

    enum Failure: Error, Sendable, Hashable {
        case absent
        /// A sentence: no permission, not a file, too large.
        case unreadable(String)
    }

    var read: @Sendable (_ path: String) -> Result<File, Failure>
    /// Names in a directory, in any order; empty when there is none.
    var list: @Sendable (_ directory: String) -> [String]
    var isRoot: Bool

    /// Files of settings are small; a larger one is a mistake.
    static let sizeLimit = 1 << 20

    static let disk = ConfigFiles(read: readFromDisk, list: listDirectory, isRoot: geteuid() == 0)

    @Sendable private static func readFromDisk(_ path: String) -> Result<File, Failure> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            return .failure(errno == ENOENT ? .absent : .unreadable(String(cString: strerror(errno))))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .failure(.unreadable("not a regular file"))
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(.unreadable(String(cString: strerror(errno))))
            }
            bytes += chunk.prefix(count)
            if bytes.count > sizeLimit { return .failure(.unreadable("larger than 1MiB")) }
        }
        return .success(File(bytes: bytes, isWorldReadable: status.st_mode & S_IROTH != 0))
    }

    @Sendable private static func listDirectory(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
