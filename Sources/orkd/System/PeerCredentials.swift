import CORKSystem
import Glibc

/// Who is at the other end of a Unix socket, as the kernel recorded it when
/// the connection was made (B4-41). It does not change afterwards, whoever
/// the descriptor is passed to.
struct PeerCredentials: Sendable, Hashable {
    let uid: uid_t
    let gid: gid_t
    /// For the audit line only: it can be reused.
    let pid: pid_t

    init(uid: uid_t, gid: gid_t, pid: pid_t) {
        self.uid = uid
        self.gid = gid
        self.pid = pid
    }

    /// - Returns: nil when the descriptor is not a connected Unix socket. A
    ///   peer in a user namespace without a mapping has uid 65534.
    init?(ofSocket descriptor: Int32) {
        var uid: UInt32 = 0
        var gid: UInt32 = 0
        var pid: Int32 = 0
        guard ork_peer_credentials(descriptor, &uid, &gid, &pid) == 0, uid != .max else { return nil }
        self.init(uid: uid, gid: gid, pid: pid)
    }
}
