/// Who asked for a change, as the kernel told it (`SO_PEERCRED`).
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

    /// Nobody else asked for it.
    static let daemon = Actor(uid: 0, gid: 0, pid: 0, role: .daemon)
}
