/// A provider's account as the control API shows it: its keys taken
/// together, what rests for all of them, and what an operator said about it.
public struct AccountView: Codable, Sendable {
    /// As the upstream calls it, or as an operator does (`keys set
    /// --account`); `unknown` for the keys of which nobody has said whose
    /// they are.
    public var id: String
    /// False for those keys: they are no account.
    public var known: Bool
    /// An operator's word for it, as good as the id wherever an account is
    /// asked for.
    public var name: String?
    public var note: String?
    public var keys: Int
    /// Of these, how many the upstream itself named the account for; an
    /// operator did for the others.
    public var learntKeys: Int
    /// Its keys by state; every state is present.
    public var byState: [String: Int]
    /// What all its keys rest for together.
    public var rests: [Rest]
    public var inFlight: Int
    /// Sums over its keys.
    public var counters: KeyCounters
    /// Since when one of its keys is known to be its own, or something was
    /// said about it; absent for `unknown`.
    public var knownSince: String?
    public var lastUsedAt: String?
    /// Rises with every change; 0 while nothing was ever said about it.
    public var version: Int64
    /// The keys, by name, the first 1,000; only for accounts that were asked
    /// for by name.
    public var members: [Member]?
    /// What the upstream said about what its keys share, from whichever of
    /// them it was heard last; only for accounts that were asked for by name.
    public var shared: Shared?
    /// Absent when its keys have no quota, or too little was used lately to
    /// tell.
    public var forecast: JointForecastView?

    /// A time during which a model, a class of models, or everything is left
    /// alone on all keys of the account.
    public struct Rest: Codable, Sendable {
        /// `account` or `model@account`.
        public var scope: FailureScope
        /// A model, `:free` or `:paid`; absent: whatever model.
        public var model: String?
        /// A cause's word, for example `credits-out`.
        public var because: String
        /// RFC 3339; absent: until a check or an operator says otherwise.
        public var until: String?
        public var since: String
        /// Whether the upstream stated the end; a guess otherwise.
        public var stated: Bool
        /// The rule that the answer fell under.
        public var rule: String
        /// What was in that answer, one line.
        public var evidence: String

        public init(
            scope: FailureScope, model: String?, because: String, until: String?, since: String, stated: Bool,
            rule: String, evidence: String
        ) {
            self.scope = scope
            self.model = model
            self.because = because
            self.until = until
            self.since = since
            self.stated = stated
            self.rule = rule
            self.evidence = evidence
        }
    }

    /// Limits of the account, as of when they were told.
    public struct Shared: Codable, Sendable, Equatable {
        /// When `GET /key` told of the free requests, RFC 3339.
        public var freeRequestsAt: String?
        /// Of today, of all its keys together; absent when nobody was told
        /// today.
        public var freeRequests: QuotaView.Upstream.Free?
        /// What refusals said about limits that have not begun anew since, the
        /// latest first.
        public var limits: [QuotaView.Limit]

        /// Nil when nothing is known that still holds.
        public init?(_ free: (at: WallTime, UpstreamQuota.Free)?, _ limits: [UpstreamLimit], at now: WallTime)
        {
            if let free, let end = QuotaWindow.day.end(at: free.at), end > now {
                freeRequestsAt = free.at.rfc3339
                freeRequests = QuotaView.Upstream.Free(free.1)
            }
            self.limits = limits.filter { $0.isOfAccount && $0.holds(at: now) }.map(QuotaView.Limit.init)
            if freeRequests == nil, self.limits.isEmpty { return nil }
        }

        private enum CodingKeys: String, CodingKey {
            case limits
            case freeRequestsAt = "free_requests_at"
            case freeRequests = "free_requests"
        }
    }

    /// One key of the account, in short; `keys show` tells the rest.
    public struct Member: Codable, Sendable {
        public var id: KeyID
        public var name: String
        public var state: KeyState
        public var until: String?
        public var because: String?
        public var pool: String
        /// Whether the upstream named the account, not an operator.
        public var learnt: Bool
        public var inFlight: Int

        public init(
            id: KeyID, name: String, state: KeyState, until: String?, because: String?, pool: String,
            learnt: Bool, inFlight: Int
        ) {
            self.id = id
            self.name = name
            self.state = state
            self.until = until
            self.because = because
            self.pool = pool
            self.learnt = learnt
            self.inFlight = inFlight
        }

        private enum CodingKeys: String, CodingKey {
            case id, name, state, until, because, pool, learnt
            case inFlight = "in_flight"
        }
    }

    public init(
        id: String, known: Bool, name: String?, note: String?, keys: Int, learntKeys: Int,
        byState: [String: Int], rests: [Rest], inFlight: Int, counters: KeyCounters, knownSince: String?,
        lastUsedAt: String?, version: Int64, members: [Member]?
    ) {
        self.id = id
        self.known = known
        self.name = name
        self.note = note
        self.keys = keys
        self.learntKeys = learntKeys
        self.byState = byState
        self.rests = rests
        self.inFlight = inFlight
        self.counters = counters
        self.knownSince = knownSince
        self.lastUsedAt = lastUsedAt
        self.version = version
        self.members = members
    }

    private enum CodingKeys: String, CodingKey {
        case id, known, name, note, keys, rests, counters, version, members, shared, forecast
        case learntKeys = "learnt_keys"
        case byState = "by_state"
        case inFlight = "in_flight"
        case knownSince = "known_since"
        case lastUsedAt = "last_used_at"
    }
}

/// `PATCH /v1/accounts`: absent fields stay as they are.
public struct AccountSet: Codable, Sendable {
    /// Id or name.
    public var account: String
    public var name: Clearable?
    public var note: Clearable?
    public var ifVersion: Int64?
    public init(account: String) { self.account = account }

    private enum CodingKeys: String, CodingKey {
        case account, name, note
        case ifVersion = "if_version"
    }
}
