import ORKit

/// One row of the audit trail.
struct AuditRow: Sendable {
    var id: Int64
    var at: WallTime
    var uid: UInt32
    var gid: UInt32
    var pid: Int32
    var verb: String
    var subject: String
    /// JSON objects; nil before something came and after it went.
    var before: String?
    var after: String?
    /// Who it was on the data port; nil on the socket.
    var caller: String?

    var actor: Actor.Name { Actor.Name(uid: uid, pid: pid, caller: caller) }
}

extension Actor {
    var name: Name { Name(uid: uid, pid: pid, caller: caller) }

    /// How a row tells who it was.
    enum Name: Sendable, Hashable {
        case orkd
        case user(UInt32)
        /// Somebody on the data port, as `Actor.caller` has it.
        case caller(String)

        /// The daemon's own rows name no process (see `Actor.daemon`).
        init(uid: UInt32, pid: Int32, caller: String?) {
            if let caller {
                self = .caller(caller)
            } else {
                self = pid == 0 ? .orkd : .user(uid)
            }
        }

        /// - Parameter text: `orkd`, a number, or one who came over the data port:
        ///   `client NAME`, `management key`, `registration`.
        init?(_ text: String) {
            if text == "orkd" {
                self = .orkd
            } else if let uid = UInt32(text) {
                self = .user(uid)
            } else if AuditView.namesCaller(text) {
                self = .caller(text)
            } else {
                return nil
            }
        }

        var text: String {
            switch self {
            case .orkd: "orkd"
            case .user(let uid): "uid \(uid)"
            case .caller(let name): name
            }
        }
    }
}
