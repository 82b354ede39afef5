import Glibc
import ORKit

/// A text file of bounded size that an operator named, such as a certificate.
enum SmallTextFile {
    private static let bound = 1 << 20

    /// - Parameter isSecret: refuse a file that everybody may read, that a
    ///   group may change, or that belongs to neither us nor root. Symbolic
    ///   links are followed: renewed certificates are exchanged by them.
    /// - Throws: `CodedError` `file-unsafe`, or `code` with the system's words.
    static func read(_ path: String, isSecret: Bool, orElse code: ErrorCode) throws(CodedError) -> [UInt8] {
        func failed(_ reason: String) -> CodedError { CodedError(code, "cannot read \(path): \(reason)") }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failed(String(cString: strerror(errno))) }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw failed("it is not a regular file")
        }
        if isSecret {
            guard info.st_uid == geteuid() || info.st_uid == 0, info.st_mode & 0o027 == 0 else {
                throw CodedError(
                    .fileUnsafe, "\(path) may be read or changed by others", hints: ["chmod 640 \(path)"])
            }
        }
        guard info.st_size <= bound else { throw failed("it is larger than 1 MiB") }
        var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { region in
                Glibc.read(file, region.baseAddress?.advanced(by: length), region.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failed(String(cString: strerror(errno))) }
            if count == 0 { break }
            length += count
        }
        return Array(bytes.prefix(length))
    }
}
