import Glibc
import ORKit

/// The proof that we are the only daemon: flock(2) on a file, held until the
/// process ends, however it ends. The file itself stays: removing it would
/// let two daemons lock two files of one name.
final class LockFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// - Throws: `already-running` naming the holder, `file-unsafe`.
    init(_ path: String) throws(CodedError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.unsafe(path, String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid()
        else {
            close(descriptor)
            throw Self.unsafe(path, "it is not a file of ours")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error =
                errno == EWOULDBLOCK
                ? Self.held(path, by: Self.holder(descriptor))
                : Self.unsafe(path, String(cString: strerror(errno)))
            close(descriptor)
            throw error
        }
        // For whoever finds it locked; nothing depends on it.
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit { close(descriptor) }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
    }

    private static func held(_ path: String, by pid: Int32?) -> CodedError {
        let who = pid.map { "orkd with pid \($0)" } ?? "another orkd"
        return CodedError(
            .alreadyRunning, "\(who) holds \(path): stop it, or choose another socket and state directory",
            hints: ["orkctl status"] + (pid.map { ["kill \($0)"] } ?? []))
    }

    private static func unsafe(_ path: String, _ reason: String) -> CodedError {
        CodedError(.fileUnsafe, "cannot lock \(path): \(reason)", hints: ["ls -l \(path)"])
    }
}
