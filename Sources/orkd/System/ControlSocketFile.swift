// System: what orkd asks of the operating system besides the network and the database.
// Here: lock, control socket, peers, notification, signals, clock, hardening, log output. Not here: any decision about keys.
// May import Glibc, Dispatch, Logging, CORKSystem, ORKit; of NIO only its locks, never Hummingbird or GRDB.

import Glibc
import ORKit

/// The listening Unix socket of the control API (`reliability.md` B4-40).
///
/// Its directory is ours and nobody else can write to it; a stale file is
/// removed only under the lock and only when nobody listens; a socket that
/// systemd handed over is never removed.
struct ControlSocketFile: Sendable {
    let path: String
    /// Listening, close-on-exec.
    let descriptor: Int32
    /// Handed over by systemd, which owns the file.
    let isActivated: Bool

    /// What `sockaddr_un` holds, without the closing NUL (unix(7)).
    static let longestPath = 107
    private static let backlog: Int32 = 128

    /// Adopts a socket that is listening already.
    init(activated descriptor: Int32, path: String) {
        self.path = path
        self.descriptor = descriptor
        isActivated = true
    }

    /// Binds and listens. On success the file is there with mode 0660 and the
    /// group `group`, or 0600 where there is no group.
    ///
    /// - Parameter lock: held by the caller: no second daemon is between the
    ///   look at a stale file and its removal.
    init(binding path: String, group: gid_t?, under lock: LockFile) throws(CodedError) {
        guard let address = UnixAddress(path: path) else {
            throw CodedError(
                .socketPathTooLong,
                "the socket path is \(path.utf8.count) bytes long and may have \(Self.longestPath): choose a shorter one",
                hints: ["orkd --socket /run/orkd/orkd.sock"])
        }
        try OwnDirectory.check(ServerPaths.directory(of: path), group: group)
        try Self.removeStale(path, address)

        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("make a socket", path) }
        // The umask lets the file appear closed; it is opened to the group
        // only when that group is set.
        let before = umask(0o177)
        let bound = address.with { bind(descriptor, $0, $1) }
        umask(before)
        guard bound == 0, listen(descriptor, Self.backlog) == 0 else {
            let error = Self.failure("listen on", path)
            close(descriptor)
            throw error
        }
        if let group, lchown(path, uid_t.max, group) == 0 { chmod(path, 0o660) }
        self.path = path
        self.descriptor = descriptor
        isActivated = false
    }

    /// Removes the file at the end, if it is ours. The lock must still be held.
    func remove() {
        if !isActivated { unlink(path) }
    }

    private static func removeStale(_ path: String, _ address: UnixAddress) throws(CodedError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw failure("look at", path)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else {
            let what = status.st_mode & S_IFMT == S_IFSOCK ? "a socket of another user" : "not a socket"
            throw CodedError(
                .fileUnsafe, "\(path) is there and is \(what): look at it, then remove it",
                hints: ["ls -l \(path)"])
        }
        let probe = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw failure("make a socket", path) }
        defer { close(probe) }
        let answer = address.with { connect(probe, $0, $1) }
        // EAGAIN: somebody listens and is busy. Only a refusal proves that
        // nobody does.
        guard answer != 0, errno == ECONNREFUSED else {
            throw CodedError(
                .alreadyRunning, "something listens on \(path) already: stop it, or choose another socket",
                hints: ["orkctl --socket \(path) status"])
        }
        guard unlink(path) == 0 else { throw failure("remove the stale", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> CodedError {
        CodedError(.fileUnsafe, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
