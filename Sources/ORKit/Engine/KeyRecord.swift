/// A key as the engine holds it.
public struct KeyRecord: Sendable {
    public var id: KeyID
    public var secret: Secret
    /// Only keys of the provider that the pool serves are ever leased.
    public var provider: String
    /// Nil: the key is its own account (ruling 48).
    public var account: String?
    /// 1 to 1000; only the strategies that draw look at it.
    public var weight: Int
    public var enabled: Bool
    public var facts: KeyFacts
    /// 0 to 9; a key serves when none of a smaller number can.
    public var priority: Int
    /// Requests at once; 0: no bound.
    public var maxInFlight: Int
    public var pool: PoolID
    public var quota: Quota?
    /// What was used of it; an update leaves alone what is known.
    public var use: QuotaUse?
    /// When `GET /key` was last answered for it; nil: never.
    public var toldAt: WallTime?

    public init(
        id: KeyID, secret: Secret, provider: String, account: String?, weight: Int, enabled: Bool,
        facts: KeyFacts, priority: Int = 0, maxInFlight: Int = 0,
        pool: PoolID = .first, quota: Quota? = nil, use: QuotaUse? = nil, toldAt: WallTime? = nil
    ) {
        self.quota = quota
        self.use = use
        self.toldAt = toldAt
        self.priority = priority
        self.maxInFlight = maxInFlight
        self.pool = pool
        self.id = id
        self.secret = secret
        self.provider = provider
        self.account = account
        self.weight = weight
        self.enabled = enabled
        self.facts = facts
    }
}

/// What has been learnt about a key: all of it survives a restart.
public struct KeyFacts: Sendable, Hashable {
    public var counters = KeyCounters()
    public var rests: [Rest] = []
    /// When five consecutive failures with differential evidence took the key
    /// out (ruling 7); cleared by success in a trial, reset or re-adding.
    public var brokenSince: WallTime?
    /// First unconfirmed 401 (ruling 12).
    public var suspectSince: WallTime?
    /// The second confirmation, or an operator's word.
    public var invalidSince: WallTime?
    /// Last successful answer.
    public var lastUsedAt: WallTime?
    /// Exponentially weighted, milliseconds to the response head.
    public var latency: Double?
    public var lastError: String?
    public var lastErrorAt: WallTime?

    public init() {}
}

/// A time during which a key, or one model on it, is left alone.
public struct Rest: Sendable, Hashable, Codable {
    /// `key`, `model@key`, `model@account` or `account`.
    public var scope: FailureScope
    /// The model for the scopes of one model; `:free` for the whole free class, `:paid`
    /// for everything else; nil for whatever model.
    public var model: String?
    public var cause: UInt8
    /// Nil: until an operator or a check says otherwise.
    public var untilMilliseconds: Int64?
    public var sinceMilliseconds: Int64
    /// True when the upstream stated the end; false when we guessed it.
    public var stated: Bool
    /// How often in a row we have guessed: the next guess is twice as long.
    public var guesses: Int
    public var rule: String
    public var evidence: String
    /// How often a sign of life was looked for before the stated end, and when
    /// last (ruling 14); nil: never.
    public var proofs: Int?
    public var provedMilliseconds: Int64?

    public init(
        scope: FailureScope, model: String?, cause: Cause, until: WallTime?, since: WallTime, stated: Bool,
        guesses: Int, rule: String, evidence: String
    ) {
        self.scope = scope
        self.model = model
        self.cause = cause.rawValue
        untilMilliseconds = until?.milliseconds
        sinceMilliseconds = since.milliseconds
        self.stated = stated
        self.guesses = guesses
        self.rule = rule
        self.evidence = evidence
    }
}

/// A key as it stands at one moment, for whoever shows it.
public struct KeyStanding: Sendable {
    public var id: KeyID
    public var state: KeyState
    public var until: WallTime?
    public var because: Cause?
    public var evidence: String?
    public var inFlight: Int
    public var facts: KeyFacts
    /// Nil: it has no quota.
    public var quota: Quota?
    public var use: QuotaUse?

    public init(
        id: KeyID, state: KeyState, until: WallTime?, because: Cause?, evidence: String?, inFlight: Int,
        facts: KeyFacts, quota: Quota? = nil, use: QuotaUse? = nil
    ) {
        self.quota = quota
        self.use = use
        self.id = id
        self.state = state
        self.until = until
        self.because = because
        self.evidence = evidence
        self.inFlight = inFlight
        self.facts = facts
    }
}
