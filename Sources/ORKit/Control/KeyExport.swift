/// One key of an export: what operators said about it and what was learnt, so
/// that another ork can go on with it where this one was (KP-20).
///
/// An import reads all of it but `state`, which follows from the rest.
public struct KeyExport: Codable, Sendable, Hashable {
    public var name: String
    /// Only in an export that asked for secrets.
    public var secret: String?
    /// SHA-256 of the secret, 64 hexadecimal digits.
    public var fingerprint: String
    public var provider: String
    public var account: String?
    /// The upstream named the account, not an operator.
    public var accountLearnt: Bool?
    public var weight: Int
    /// Name of a pool.
    public var pool: String
    public var priority: Int
    public var maxInFlight: Int
    public var tags: [String: String]
    public var metadata: [String: String]
    public var enabled: Bool
    public var disabledReason: String?
    public var checked: Bool
    public var addedAt: String
    /// As it was when it was exported.
    public var state: KeyState?
    public var quota: Quota?
    public var counters: KeyCounters
    public var rests: [Rest]?
    public var brokenSince: String?
    public var suspectSince: String?
    public var invalidSince: String?
    public var lastUsedAt: String?
    /// Milliseconds, exponentially weighted.
    public var latency: Double?
    public var lastError: String?
    public var lastErrorAt: String?

    public init(
        name: String, secret: String?, fingerprint: String, provider: String, account: String?,
        accountLearnt: Bool?, weight: Int, pool: String, priority: Int, maxInFlight: Int,
        tags: [String: String], metadata: [String: String], enabled: Bool, disabledReason: String?,
        checked: Bool, addedAt: String, state: KeyState?, counters: KeyCounters
    ) {
        self.name = name
        self.secret = secret
        self.fingerprint = fingerprint
        self.provider = provider
        self.account = account
        self.accountLearnt = accountLearnt
        self.weight = weight
        self.pool = pool
        self.priority = priority
        self.maxInFlight = maxInFlight
        self.tags = tags
        self.metadata = metadata
        self.enabled = enabled
        self.disabledReason = disabledReason
        self.checked = checked
        self.addedAt = addedAt
        self.state = state
        self.counters = counters
    }

    /// A time during which the key, or one model on it, is left alone.
    public struct Rest: Codable, Sendable, Hashable {
        public var scope: FailureScope
        public var model: String?
        /// A cause's word: `rate-limited`.
        public var cause: String
        /// Absent: until an operator or a check says otherwise.
        public var until: String?
        public var since: String
        /// The upstream stated the end.
        public var stated: Bool
        /// How often in a row the end was guessed.
        public var guesses: Int
        public var rule: String
        public var evidence: String
        /// How often a sign of life was looked for, and when last.
        public var proofs: Int?
        public var provedAt: String?

        public init(
            scope: FailureScope, model: String?, cause: String, until: String?, since: String, stated: Bool,
            guesses: Int, rule: String, evidence: String, proofs: Int?, provedAt: String?
        ) {
            self.scope = scope
            self.model = model
            self.cause = cause
            self.until = until
            self.since = since
            self.stated = stated
            self.guesses = guesses
            self.rule = rule
            self.evidence = evidence
            self.proofs = proofs
            self.provedAt = provedAt
        }

        private enum CodingKeys: String, CodingKey {
            case scope, model, cause, until, since, stated, guesses, rule, evidence, proofs
            case provedAt = "proved_at"
        }
    }

    /// What an operator allows the key in a window of time, and what was used
    /// of it.
    public struct Quota: Codable, Sendable, Hashable {
        public var requests: Int64?
        public var tokens: Int64?
        /// `hourly`, `daily`, `monthly`, or a duration.
        public var window: String
        /// Absent: nothing was used.
        public var use: Use?

        public init(requests: Int64?, tokens: Int64?, window: String, use: Use?) {
            self.requests = requests
            self.tokens = tokens
            self.window = window
            self.use = use
        }
    }

    /// What was used, cell by cell of the window.
    public struct Use: Codable, Sendable, Hashable {
        /// Length of a cell, milliseconds.
        public var width: Int64
        /// Its number since 1970, requests, tokens; the oldest first.
        public var cells: [[Int64]]
        /// `plain`, `out` or `recovering`.
        public var phase: String
        public var tokensEach: Double
        public var since: String?

        public init(width: Int64, cells: [[Int64]], phase: String, tokensEach: Double, since: String?) {
            self.width = width
            self.cells = cells
            self.phase = phase
            self.tokensEach = tokensEach
            self.since = since
        }

        private enum CodingKeys: String, CodingKey {
            case width, cells, phase, since
            case tokensEach = "tokens_each"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name, secret, fingerprint, provider, account, weight, pool, priority, tags, metadata, enabled
        case checked, state, quota, counters, rests, latency
        case accountLearnt = "account_learnt"
        case maxInFlight = "max_in_flight"
        case disabledReason = "disabled_reason"
        case addedAt = "added_at"
        case brokenSince = "broken_since"
        case suspectSince = "suspect_since"
        case invalidSince = "invalid_since"
        case lastUsedAt = "last_used_at"
        case lastError = "last_error"
        case lastErrorAt = "last_error_at"
    }
}
