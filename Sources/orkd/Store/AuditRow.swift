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

    var actor: Actor.Name { Actor.Name(uid: uid, pid: pid) }
}

extension Actor {
    /// How a row tells who it was.
    enum Name: Sendable, Hashable {
        case orkd
        case user(UInt32)

        /// The daemon's own rows name no process (see `Actor.daemon`).
        init(uid: UInt32, pid: Int32) { self = pid == 0 ? .orkd : .user(uid) }

        /// - Parameter text: `orkd` or a number.
        init?(_ text: String) {
            if text == "orkd" {
                self = .orkd
            } else if let uid = UInt32(text) {
                self = .user(uid)
            } else {
                return nil
            }
        }

        var text: String {
            switch self {
            case .orkd: "orkd"
            case .user(let uid): "uid \(uid)"
            }
        }
    }
}
