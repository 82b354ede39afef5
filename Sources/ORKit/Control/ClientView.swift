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
    /// `inference`, `catalogue`, `passthrough`, `admin`.
    public var permissions: [String]
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
        case secret
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
    public init(name: String) { self.name = name }
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
    public var ifVersion: Int64?
    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, name, permissions, pool, expires, tags, note
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
