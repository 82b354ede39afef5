/// Who changed what, as the control API shows it.
public struct AuditView: Codable, Sendable, Hashable {
    /// One field of what was changed. An absent value is none.
    public struct Field: Codable, Sendable, Hashable {
        public var field: String
        public var before: String?
        public var after: String?

        public init(field: String, before: String?, after: String?) {
            self.field = field
            self.before = before
            self.after = after
        }
    }

    public var id: Int64
    public var at: String
    /// `orkd`, `uid 1000`, or who came over the data port: `client NAME`,
    /// `management key`, `registration`.
    public var actor: String
    /// Of the process that asked on the socket; absent for all others.
    public var uid: UInt32?
    public var gid: UInt32?
    public var pid: Int32?
    /// `keys.add`, `clients.rotate`, `config.set`, …
    public var action: String
    /// Name of the thing, or what the change was about.
    public var target: String
    /// The change as one line; empty where something went as a whole.
    public var change: String
    /// Every field that is not as it was.
    public var fields: [Field]

    /// Whether a word names somebody who came over the data port.
    public static func namesCaller(_ actor: String) -> Bool {
        actor.hasPrefix("client ") || actor == "management key" || actor == "registration"
    }

    public init(
        id: Int64, at: String, actor: String, uid: UInt32? = nil, gid: UInt32? = nil, pid: Int32? = nil,
        action: String, target: String, change: String, fields: [Field]
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.uid = uid
        self.gid = gid
        self.pid = pid
        self.action = action
        self.target = target
        self.change = change
        self.fields = fields
    }
}
