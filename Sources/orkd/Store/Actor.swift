/// Who asked for a change: on the socket as the kernel told it
/// (`SO_PEERCRED`).
struct Actor: Sendable, Hashable {
    enum Role: String, Sendable, Hashable {
        case viewer, admin
        /// The daemon itself: seeding, scheduled cleanup.
        case daemon
    }

    var uid: UInt32
    var gid: UInt32
    /// For the audit row only: it can be used again.
    var pid: Int32
    var role: Role
    /// Who it was, where nobody of this machine asked over the socket: a
    /// client key or the management key, on the data port.
    var caller: String?

    /// Somebody on the data port. The numbers are nobody's.
    static func caller(_ name: String) -> Actor {
        Actor(uid: .max, gid: .max, pid: 0, role: .admin, caller: name)
    }

    /// Nobody else asked for it.
    static let daemon = Actor(uid: 0, gid: 0, pid: 0, role: .daemon)
}
