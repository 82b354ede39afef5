/// An upstream key as the control API shows it: everything but the secret.
public struct KeyView: Codable, Sendable {
    public var id: KeyID
    public var name: String
    public var state: KeyState
    /// Until when it is out by itself, RFC 3339; absent when no time is known.
    public var until: String?
    /// Why it is out: a cause's word, for example `rate-limited`.
    public var because: String?
    /// What proved it: the rule and the evidence, one line.
    public var evidence: String?
    /// Models that rest on this key; `:free` and `:paid` are the classes that
    /// rest for its whole account.
    public var restingModels: [RestingModel]
    /// What its refusals said about limits that have not begun anew since;
    /// only of keys that were named.
    public var limits: [QuotaView.Limit]?
    /// `sk-or-v1-…9c41`
    public var masked: String
    /// First 12 hexadecimal digits of the secret's SHA-256.
    public var fingerprint: String
    public var provider: String
    public var account: String?
    public var weight: Int
    /// Name of the pool that it is in.
    public var pool: String
    /// 0 to 9; a key serves when none of a smaller number can.
    public var priority: Int
    /// Requests at once; 0: no bound.
    public var maxInFlight: Int
    public var tags: [String: String]
    public var metadata: [String: String]
    public var enabled: Bool
    public var disabledReason: String?
    /// Whether upstream confirmed the key when it was added.
    public var checked: Bool
    public var inFlight: Int
    public var counters: KeyCounters
    /// Milliseconds from lease to response head, exponentially weighted;
    /// absent before the first answer.
    public var latency: Double?
    public var addedAt: String
    public var lastUsedAt: String?
    public var lastError: String?
    public var lastErrorAt: String?
    /// Rises with every change; for `--if-version`.
    public var version: Int64

    public struct RestingModel: Codable, Sendable {
        public var model: String
        public var until: String
        public init(model: String, until: String) {
            self.model = model
            self.until = until
        }
    }

    public init(
        id: KeyID, name: String, state: KeyState, until: String?, because: String?, evidence: String?,
        restingModels: [RestingModel], masked: String, fingerprint: String, provider: String,
        account: String?,
        weight: Int, pool: String = "default", priority: Int = 0, maxInFlight: Int = 0,
        tags: [String: String], metadata: [String: String], enabled: Bool,
        disabledReason: String?,
        checked: Bool, inFlight: Int, counters: KeyCounters, latency: Double?, addedAt: String,
        lastUsedAt: String?, lastError: String?, lastErrorAt: String?, version: Int64
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.until = until
        self.because = because
        self.evidence = evidence
        self.restingModels = restingModels
        self.masked = masked
        self.fingerprint = fingerprint
        self.provider = provider
        self.account = account
        self.weight = weight
        self.pool = pool
        self.priority = priority
        self.maxInFlight = maxInFlight
        self.tags = tags
        self.metadata = metadata
        self.enabled = enabled
        self.disabledReason = disabledReason
        self.checked = checked
        self.inFlight = inFlight
        self.counters = counters
        self.latency = latency
        self.addedAt = addedAt
        self.lastUsedAt = lastUsedAt
        self.lastError = lastError
        self.lastErrorAt = lastErrorAt
        self.version = version
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, state, until, because, evidence, masked, fingerprint, provider, account, weight, tags
        case pool, priority, metadata, enabled, checked, counters, latency, version, limits
        case restingModels = "resting_models"
        case disabledReason = "disabled_reason"
        case inFlight = "in_flight"
        case maxInFlight = "max_in_flight"
        case addedAt = "added_at"
        case lastUsedAt = "last_used_at"
        case lastError = "last_error"
        case lastErrorAt = "last_error_at"
    }
}

/// What a key has done since it was added.
public struct KeyCounters: Codable, Sendable, Hashable {
    /// Leases given out.
    public var attempts: Int64 = 0
    public var successes: Int64 = 0
    public var failures: Int64 = 0
    public var rateLimited: Int64 = 0
    /// Since the last success; five of them with evidence break the key.
    public var consecutiveFailures: Int64 = 0
    public var promptTokens: Int64 = 0
    public var completionTokens: Int64 = 0
    /// Stated cost, 10⁻¹² USD.
    public var costPico: Int64 = 0

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case attempts, successes, failures
        case rateLimited = "rate_limited"
        case consecutiveFailures = "consecutive_failures"
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case costPico = "cost_pico_usd"
    }
}

/// One transition in a key's history.
public struct KeyTransition: Codable, Sendable {
    public var at: String
    public var from: String
    public var to: String
    /// What triggered it: a rule's name or an operator's verb.
    public var trigger: String
    public var evidence: String?
    public var until: String?
    /// The request whose answer proved it.
    public var request: String?

    public init(
        at: String, from: String, to: String, trigger: String, evidence: String?, until: String?,
        request: String?
    ) {
        self.at = at
        self.from = from
        self.to = to
        self.trigger = trigger
        self.evidence = evidence
        self.until = until
        self.request = request
    }
}
