/// A client key as the control API shows it: never the secret.
public struct ClientView: Codable, Sendable {
    public var id: ClientID
    public var name: String
    public var enabled: Bool
    public var disabledReason: String?
    /// `usable`, `disabled` or `expired`.
    public var state: String
    /// `live`, `test`, `staging` or `dev`.
    public var environment: String
    /// `gw_live_…9c41`
    public var masked: String
    public var fingerprint: String
    /// `inference`, `catalogue`, `user`, `passthrough`, `admin`, or parts of
    /// them such as `chat.completions`.
    public var permissions: [String]
    /// Name of its user; absent: it belongs to nobody but the house.
    public var user: String?
    /// The first key of its user.
    public var primary = false
    /// Models that it may use, by name or pattern; absent: all.
    public var models: [String]?
    /// Paths below `/v1` that it may call, by name or pattern; absent: all.
    public var endpoints: [String]?
    /// Addresses that it may call from; absent: all.
    public var addresses: [String]?
    /// Domains whose pages may call; absent: all, and calls from no page.
    public var referrers: [String]?
    /// How many requests it may make in all; absent: any number.
    public var maxRequests: Int64?
    /// How many of them are left.
    public var requestsLeft: Int64?
    /// Name of the pool whose keys serve it.
    public var pool: String
    public var tags: [String: String]
    public var note: String?
    public var expiresAt: String?
    public var addedAt: String
    public var lastUsedAt: String?
    public var requests: Int64
    public var version: Int64
    /// The key itself: only in the answer that issued it.
    public var secret: String?

    public init(
        id: ClientID, name: String, enabled: Bool, disabledReason: String?, state: String,
        environment: String,
        masked: String, fingerprint: String, permissions: [String], pool: String = "default",
        tags: [String: String],
        note: String?, expiresAt: String?, addedAt: String, lastUsedAt: String?, requests: Int64,
        version: Int64,
        secret: String? = nil
    ) {
        self.id = id
        self.name = name
        self.enabled = enabled
        self.disabledReason = disabledReason
        self.state = state
        self.environment = environment
        self.masked = masked
        self.fingerprint = fingerprint
        self.permissions = permissions
        self.pool = pool
        self.tags = tags
        self.note = note
        self.expiresAt = expiresAt
        self.addedAt = addedAt
        self.lastUsedAt = lastUsedAt
        self.requests = requests
        self.version = version
        self.secret = secret
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, enabled, state, environment, masked, fingerprint, permissions, pool, tags, note,
            requests,
            version
        case user, primary, models, endpoints, addresses, referrers
        case secret
        case maxRequests = "max_requests"
        case requestsLeft = "requests_left"
        case disabledReason = "disabled_reason"
        case expiresAt = "expires_at"
        case addedAt = "added_at"
        case lastUsedAt = "last_used_at"
    }
}

/// `POST /v1/clients`.
public struct ClientAdd: Codable, Sendable {
    public var name: String
    /// `live` when absent.
    public var environment: String?
    public var permissions: [String]?
    /// Name or id of a pool; the first when absent.
    public var pool: String?
    /// A duration (`90d`) or an RFC 3339 time.
    public var expires: String?
    public var tags: [String: String]?
    public var note: String?
    /// Name or id of a user; nobody's when absent.
    public var user: String?
    public var primary: Bool?
    public var models: [String]?
    public var endpoints: [String]?
    public var addresses: [String]?
    public var referrers: [String]?
    public var maxRequests: Int64?
    public init(name: String) { self.name = name }

    private enum CodingKeys: String, CodingKey {
        case name, environment, permissions, pool, expires, tags, note
        case user, primary, models, endpoints, addresses, referrers
        case maxRequests = "max_requests"
    }
}

/// `PATCH /v1/clients`: absent fields stay as they are.
public struct ClientSet: Codable, Sendable {
    public var select: [String]
    public var name: String?
    public var permissions: [String]?
    public var pool: String?
    public var expires: Clearable?
    public var tags: [String: String?]?
    public var note: Clearable?
    public var user: Clearable?
    /// Only `true`: the mark moves here from the user's other client.
    public var primary: Bool?
    // A list takes the place of the one that was there; an empty one allows everything.
    public var models: [String]?
    public var endpoints: [String]?
    public var addresses: [String]?
    public var referrers: [String]?
    public var maxRequests: ClearableCount?
    public var ifVersion: Int64?
    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, name, permissions, pool, expires, tags, note
        case user, primary, models, endpoints, addresses, referrers
        case maxRequests = "max_requests"
        case ifVersion = "if_version"
    }
}

/// `POST /v1/clients/rotate`.
public struct ClientRotate: Codable, Sendable {
    public var select: [String]
    /// How long the old key goes on working: `24h`. Nothing when absent.
    public var grace: String?
    public init(select: [String]) { self.select = select }
}
