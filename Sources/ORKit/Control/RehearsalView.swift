/// `GET /v1/explain`: what would become of a request at this moment. Nothing
/// is leased, and no key is asked.
public struct RehearsalView: Codable, Sendable {
    public var at: String
    /// Absent: whoever is in the pool that was asked about.
    public var client: String?
    /// Absent: a request that names none.
    public var model: String?
    /// The pools that would be asked, in order.
    public var pools: [Group]
    /// The key that would serve; absent when none would.
    public var key: String?
    public var keyID: KeyID?
    /// The pool that the key is in.
    public var pool: String?
    /// Why this key, in the words of `chosen` of an attempt.
    public var chosen: String?
    /// Present when chance would choose: the key is the one that the next
    /// draw would give.
    public var odds: Odds?
    /// What the caller would be told instead.
    public var refusal: RefusalView?
    /// Absent unless tokens were asked about, and where the price is unknown.
    public var cost: CostView?

    /// The keys of one pool, by what keeps them from this request.
    public struct Group: Codable, Sendable {
        public var pool: String
        public var strategy: Strategy
        /// What chooses in its place: the request's objective, or the pool's.
        public var objective: String?
        public var keys: Int
        /// `usable`, `scarce`, `spared`, `full`, `model-resting`, `resting`,
        /// `exhausted`, `suspect`, `broken`, `invalid`, `disabled`; every
        /// word is there, and together they are `keys`.
        public var candidates: [String: Int]

        public init(
            pool: String, strategy: Strategy, objective: String? = nil, keys: Int, candidates: [String: Int]
        ) {
            self.pool = pool
            self.strategy = strategy
            self.objective = objective
            self.keys = keys
            self.candidates = candidates
        }
    }

    /// The key's weight, and the sum of all among which would be drawn.
    public struct Odds: Codable, Sendable {
        public var weight: Int
        public var of: Int

        public init(weight: Int, of: Int) {
            self.weight = weight
            self.of = of
        }
    }

    public init(at: String, client: String?, model: String?, pools: [Group]) {
        self.at = at
        self.client = client
        self.model = model
        self.pools = pools
    }

    private enum CodingKeys: String, CodingKey {
        case at, client, model, pools, key, pool, chosen, odds, refusal, cost
        case keyID = "key_id"
    }
}

/// Our own “no”, as the caller would hear it.
public struct RefusalView: Codable, Sendable {
    public var code: ErrorCode
    public var status: Int
    /// When the first key is back, RFC 3339; absent when no time is known.
    public var until: String?
    /// What stands before every key: the rule and the evidence.
    public var evidence: String?

    public init(code: ErrorCode, status: Int, until: String? = nil, evidence: String? = nil) {
        self.code = code
        self.status = status
        self.until = until
        self.evidence = evidence
    }
}
