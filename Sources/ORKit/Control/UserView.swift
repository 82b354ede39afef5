/// A user as the control API shows it: who owns clients.
public struct UserView: Codable, Sendable {
    public var id: UserID
    public var name: String
    public var email: String?
    /// `email`, `wallet` or `google`; absent: an operator made it.
    public var authMethod: String?
    public var enabled: Bool
    public var disabledReason: String?
    /// Whether its requests cost credits.
    public var metered: Bool
    /// `trial`, `active` or `ended`.
    public var subscription: String
    public var trialEndsAt: String?
    /// A JSON object, as text.
    public var preferences: String?
    public var tags: [String: String]
    public var note: String?
    /// How many clients it has.
    public var clients: Int
    /// Name of its primary client.
    public var primary: String?
    /// Of all its clients together: requests that were answered.
    public var requests: Int64
    public var addedAt: String
    /// Rises with every change; for `--if-version`.
    public var version: Int64

    public init(
        id: UserID, name: String, email: String?, authMethod: String?, enabled: Bool, disabledReason: String?,
        metered: Bool, subscription: String, trialEndsAt: String?, preferences: String?,
        tags: [String: String], note: String?, clients: Int, primary: String?, requests: Int64,
        addedAt: String, version: Int64
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.authMethod = authMethod
        self.enabled = enabled
        self.disabledReason = disabledReason
        self.metered = metered
        self.subscription = subscription
        self.trialEndsAt = trialEndsAt
        self.preferences = preferences
        self.tags = tags
        self.note = note
        self.clients = clients
        self.primary = primary
        self.requests = requests
        self.addedAt = addedAt
        self.version = version
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, email, enabled, metered, subscription, preferences, tags, note, clients, primary
        case requests, version
        case authMethod = "auth_method"
        case disabledReason = "disabled_reason"
        case trialEndsAt = "trial_ends_at"
        case addedAt = "added_at"
    }
}

/// `POST /v1/users`.
public struct UserAdd: Codable, Sendable {
    public var name: String
    public var email: String?
    public var authMethod: String?
    /// True when absent.
    public var metered: Bool?
    /// `active` when absent.
    public var subscription: String?
    /// A duration (`3d`) or an RFC 3339 time; three days when absent and the
    /// subscription is a trial.
    public var trialEnds: String?
    public var preferences: String?
    public var tags: [String: String]?
    public var note: String?
    public init(name: String) { self.name = name }

    private enum CodingKeys: String, CodingKey {
        case name, email, metered, subscription, preferences, tags, note
        case authMethod = "auth_method"
        case trialEnds = "trial_ends"
    }
}

/// `PATCH /v1/users`: absent fields stay as they are.
public struct UserSet: Codable, Sendable {
    public var select: [String]
    public var name: String?
    public var email: Clearable?
    public var authMethod: Clearable?
    public var metered: Bool?
    public var subscription: String?
    public var trialEnds: Clearable?
    public var preferences: Clearable?
    public var tags: [String: String?]?
    public var note: Clearable?
    public var ifVersion: Int64?
    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, name, email, metered, subscription, preferences, tags, note
        case authMethod = "auth_method"
        case trialEnds = "trial_ends"
        case ifVersion = "if_version"
    }
}
