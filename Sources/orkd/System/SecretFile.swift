import Glibc
import ORKit

/// A file that holds one secret: the master key.
enum SecretFile {
    private static let sizeLimit = 4096

    /// The content without one closing newline; nil when there is no file.
    ///
    /// - Parameter trusted: a systemd credential: owner and mode are
    ///   systemd's affair, as it shows the same file to root.
    /// - Throws: `file-unsafe` with the command that repairs it.
    static func read(_ path: String, trusted: Bool = false) throws(CodedError) -> Secret? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (trusted ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            let reason = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
            throw unsafe(path, reason, "ls -l \(path)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unsafe(path, "it is not a regular file", "ls -l \(path)")
        }
        if !trusted {
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw unsafe(path, "it belongs to uid \(status.st_uid)", "chown \(geteuid()) \(path)")
            }
            guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
                throw unsafe(path, "others may read it", "chmod 0400 \(path)")
            }
        }
        var bytes = [UInt8](repeating: 0, count: sizeLimit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { region in
                Glibc.read(descriptor, region.baseAddress?.advanced(by: count), region.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw unsafe(path, String(cString: strerror(errno)), "ls -l \(path)") }
            if got == 0 { break }
            count += got
        }
        guard count <= sizeLimit else {
            throw unsafe(path, "it is larger than \(sizeLimit) bytes", "ls -l \(path)")
        }
        if count > 0, bytes[count - 1] == 0x0A { count -= 1 }
        let secret = Secret(bytes.prefix(count))
        _ = bytes.withUnsafeMutableBytes { $0.initializeMemory(as: UInt8.self, repeating: 0) }
        return secret
    }

    /// Makes the file (0400) with this content; never over another one.
    static func create(_ path: String, _ secret: Secret) throws(CodedError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o400)
        guard descriptor >= 0 else { throw unsafe(path, String(cString: strerror(errno)), "ls -l \(path)") }
        let complete =
            secret.withBytes { write(descriptor, $0.baseAddress, $0.count) == $0.count }
            && fsync(descriptor) == 0
        close(descriptor)
        guard complete else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw unsafe(path, "it cannot be written: \(reason)", "df \(ServerPaths.directory(of: path))")
        }
    }

    private static func unsafe(_ path: String, _ reason: String, _ hint: String) -> CodedError {
        CodedError(.fileUnsafe, "\(path) cannot be used: \(reason)", hints: [hint])
    }
}
