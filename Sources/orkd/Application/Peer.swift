/// Whoever is at the other end of a connection, as the kernel tells it:
/// decided once, when the connection was accepted (`reliability.md` B4-41).
struct Peer: Sendable {
    /// Where the connection comes from.
    enum Origin: Sendable {
        /// The public listener. The address is text for logs.
        case network(address: String, isLoopback: Bool)
        /// The control socket: `SO_PEERCRED`. The pid is for the audit line
        /// only, it can be reused.
        case local(uid: UInt32, gid: UInt32, pid: Int32)
    }

    /// What the other end may do on the control socket.
    enum Role: Int, Sendable, Comparable {
        case none, viewer, admin
        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    var origin: Origin
    /// Always `none` on the public listener.
    var role: Role

    /// A caller on the public listener.
    static func network(address: String, isLoopback: Bool) -> Peer {
        Peer(origin: .network(address: address, isLoopback: isLoopback), role: .none)
    }

    /// A process on the control socket.
    static func local(uid: UInt32, gid: UInt32, pid: Int32, role: Role) -> Peer {
        Peer(origin: .local(uid: uid, gid: gid, pid: pid), role: role)
    }

    /// On this machine: details that help an operator may be told.
    var isLocal: Bool {
        switch origin {
        case .network(_, let isLoopback): isLoopback
        case .local: true
        }
    }
}
