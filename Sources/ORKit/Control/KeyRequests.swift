/// `POST /v1/keys`.
public struct KeyAdd: Codable, Sendable {
    public var name: String
    public var secret: String
    public var provider: String?
    public var account: String?
    public var weight: Int?
    /// Name or id of a pool; the first when absent.
    public var pool: String?
    /// 0 to 9; 0 when absent.
    public var priority: Int?
    /// Requests at once; 0, no bound, when absent.
    public var maxInFlight: Int?
    public var tags: [String: String]?
    public var metadata: [String: String]?
    /// Ask upstream before adding. True when absent.
    public var check: Bool?

    public init(name: String, secret: String) {
        self.name = name
        self.secret = secret
    }

    private enum CodingKeys: String, CodingKey {
        case name, secret, provider, account, weight, pool, priority, tags, metadata, check
        case maxInFlight = "max_in_flight"
    }
}

/// `PATCH /v1/keys`: absent fields stay as they are; `""` is refused; a tag or
/// metadata value of null removes the entry.
public struct KeySet: Codable, Sendable {
    /// Names, ids, fingerprints, unique prefixes of them, or globs of names.
    public var select: [String]
    public var provider: String?
    public var account: Clearable?
    public var weight: Int?
    public var pool: String?
    public var priority: Int?
    public var maxInFlight: Int?
    public var tags: [String: String?]?
    public var metadata: [String: String?]?
    public var name: String?
    /// Refuse with `version-lost` when the key's version is another one.
    public var ifVersion: Int64?

    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, provider, account, weight, pool, priority, tags, metadata, name
        case maxInFlight = "max_in_flight"
        case ifVersion = "if_version"
    }
}

/// A text that can also be taken away: `none` on the command line.
public enum Clearable: Codable, Sendable, Hashable {
    case none
    case value(String)

    /// Nil: taken away.
    public var text: String? {
        switch self {
        case .none: nil
        case .value(let text): text
        }
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = text == "none" ? .none : .value(text)
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        switch self {
        case .none: try box.encode("none")
        case .value(let text): try box.encode(text)
        }
    }
}

/// A change that needs only the things it is about: enable, disable, reset,
/// test, remove, of keys and of clients.
public struct Selection: Codable, Sendable {
    public var select: [String]
    public var reason: String?
    /// A literal name that does not exist is not an error.
    public var ifExists: Bool?

    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, reason
        case ifExists = "if_exists"
    }
}

/// `POST /v1/keys/undo`: the newest verdict of one key, or with `wave` all
/// that are like it, of whatever key; or what is guessed since a time; or
/// what one incident left. At most one of the three.
public struct KeyUndo: Codable, Sendable {
    /// One key; with `wave` none: the newest verdict of all keys. With `since`
    /// and `incident` any number, or none for all.
    public var select: [String]
    public var wave: Bool?
    /// A time, RFC 3339.
    public var since: String?
    /// As events name it: `i17`.
    public var incident: String?
    /// A literal name that does not exist is not an error.
    public var ifExists: Bool?

    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, wave, since, incident
        case ifExists = "if_exists"
    }
}

/// `POST /v1/keys/set-state`: an operator's word about the state of keys.
public struct KeyDeclaration: Codable, Sendable {
    public var select: [String]
    /// `usable`, `disabled` or `invalid`; the others are for evidence to say.
    public var state: KeyState
    public var reason: String?
    /// Refuse with `version-lost` when the key's version is another one.
    public var ifVersion: Int64?

    public init(select: [String], state: KeyState) {
        self.select = select
        self.state = state
    }

    private enum CodingKeys: String, CodingKey {
        case select, state, reason
        case ifVersion = "if_version"
    }
}

/// `POST /v1/keys/rotate`: a new secret, everything else stays.
public struct KeyRotate: Codable, Sendable {
    public var select: [String]
    public var secret: String
    public var check: Bool?

    public init(select: [String], secret: String) {
        self.select = select
        self.secret = secret
    }
}

/// `POST /v1/keys/export`: a page of keys as another ork can take them. Not a
/// change, and yet for admins only: it can hold secrets.
public struct KeyExportQuery: Codable, Sendable {
    /// All keys when absent or empty.
    public var select: [String]?
    /// With the secrets; each page leaves an audit row.
    public var secrets: Bool?
    /// 1 to 1000; 100 when absent.
    public var limit: Int?
    /// `next` of the page before.
    public var cursor: String?

    public init() {}
}

/// `POST /v1/keys/prune` and `POST /v1/clients/prune`.
public struct Prune: Codable, Sendable {
    /// States to remove (keys).
    public var states: [KeyState]?
    /// Only expired ones (clients).
    public var expired: Bool?
    /// In that state, or expired, for at least this long: `30d`.
    public var olderThan: String?
    /// Stop with `too-many` above this number; `none` for no guard. Default
    /// 10 % of all, at least 10.
    public var max: String?

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case states, expired, max
        case olderThan = "older_than"
    }
}

/// What `keys test` found.
public struct KeyTest: Codable, Sendable {
    public var name: String
    /// `valid`, `limited`, `expired`, `management`, `rejected`, `unreachable`.
    public var result: String
    public var status: Int?
    public var label: String?
    /// Decimal strings in USD.
    public var limit: String?
    public var limitRemaining: String?
    public var usage: String?
    public var freeTier: Bool?
    public var expiresAt: String?
    public var latency: Double?
    public var message: String?

    public init(name: String, result: String) {
        self.name = name
        self.result = result
    }

    private enum CodingKeys: String, CodingKey {
        case name, result, status, label, limit, usage, latency, message
        case limitRemaining = "limit_remaining"
        case freeTier = "free_tier"
        case expiresAt = "expires_at"
    }
}
