// Engine: every decision about keys, as pure values and functions.
// Here: which key next, what an answer means, when a key rests and wakes, when a request may try again.
// Not here: clocks, randomness, locks, IO; time and chance are arguments. Imports nothing.

/// What a request wants from the pool.
public struct Ask: Sendable {
    public var client: ClientID
    /// As named in the body; nil where the path has none (`/models`).
    public var model: String?
    /// Whether the request could be sent once more. One that cannot is never
    /// used for the trial of a broken key.
    public var replayable: Bool
    /// A digest of the conversation: the same one goes to the same key while
    /// it can serve, else to another of that account (ruling 16). Nil: the
    /// strategy alone decides. `sticky` keeps everybody together anyway.
    public var affinity: UInt64?
    /// Whose keys serve.
    public var pool: PoolID
    /// What this request wants of its key; it takes the place of whatever
    /// else would choose among the pool's. Nil: nothing of its own.
    public var objective: Objective?

    public init(
        client: ClientID, model: String?, replayable: Bool = true, affinity: UInt64? = nil,
        pool: PoolID = .first, objective: Objective? = nil
    ) {
        self.pool = pool
        self.objective = objective
        self.affinity = affinity
        self.client = client
        self.model = model
        self.replayable = replayable
    }

    /// A model of the free class (`…:free`, and the router that picks among
    /// them): its limits are the account's free-tier limits and leave paid
    /// models alone.
    public var isFreeClass: Bool { model.map { $0.hasSuffix(":free") || $0 == "openrouter/free" } ?? false }

    /// The class of models that shares rests: `:free`, `:paid`, or nil where
    /// no model was named.
    package var restClass: String? { model == nil ? nil : isFreeClass ? Rest.freeClass : Rest.paidClass }
}

/// The right to use one key for one attempt. Given back exactly once: by
/// `heard` when the answer is not relayed, else by `end`.
public struct Lease: Sendable {
    public let key: KeyID
    /// The engine's place for the key; valid only together with `key`.
    package let slot: Int
    public let secret: Secret
    /// 1 for the first try of a request.
    public let attempt: Int
    public let choice: Choice
    /// How many keys could have served, of how many in the pool.
    public let usable: Int
    public let total: Int
    /// Rises with every lease; tells apart leases of one key.
    package let ticket: Int64
    package let model: String?
    package let begun: WallTime

    package init(
        key: KeyID, slot: Int, secret: Secret, attempt: Int, choice: Choice, usable: Int, total: Int,
        ticket: Int64, model: String?, begun: WallTime
    ) {
        self.begun = begun
        self.ticket = ticket
        self.model = model
        self.key = key
        self.slot = slot
        self.secret = secret
        self.attempt = attempt
        self.choice = choice
        self.usable = usable
        self.total = total
    }
}

/// Why this key and no other.
public enum Choice: UInt8, Sendable, CaseIterable {
    case sticky, leastRecentlyUsed, roundRobin, weighted, random, leastUsed, onlyOne
    /// A half-open trial of a broken key.
    case trial
    /// The same key once more, because no other was free.
    case sameAgain
    /// Guessed to be bad, spared by the floor, and nobody else can serve.
    case lastResort
    /// The conversation's own key, or one of its account.
    case affinity
    /// Drawn by weight and recent success.
    case health
    /// Looks whether a long stated rest is over early (ruling 14).
    case proof
    /// Best for what the request, or its pool, aims at.
    case objective

    public var name: String {
        switch self {
        case .sticky: "sticky"
        case .leastRecentlyUsed: "least-recently-used"
        case .roundRobin: "round-robin"
        case .weighted: "weighted"
        case .random: "random"
        case .leastUsed: "least-used"
        case .onlyOne: "only-one"
        case .trial: "trial"
        case .sameAgain: "same-again"
        case .lastResort: "last-resort"
        case .affinity: "affinity"
        case .health: "health"
        case .proof: "proof"
        case .objective: "objective"
        }
    }
}

/// Our own "no".
public struct Refusal: Sendable, Hashable {
    public var code: ErrorCode
    /// When to come back, if that is known; never invented.
    public var retryAfterMilliseconds: Int64?
    /// The HTTP status for the caller: 503, 502, 504, or 429 when nothing but
    /// rate limits stands in the way (ruling 11).
    public var status: Int
    /// Whether the request may `enter` the queue instead of being told.
    public var mayWait = false

    public init(code: ErrorCode, retryAfterMilliseconds: Int64? = nil, status: Int = 503) {
        self.code = code
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.status = status
    }
}

/// The answer to `Engine.begin`.
public enum Begin: Sendable {
    case lease(Lease)
    case refuse(Refusal)
}

/// The answer to `Engine.heard`.
public enum Next: Sendable {
    /// Pass this answer on to the caller; the lease stays until `end`.
    case relay
    /// Try again, after a pause that is zero when the key is another one. The
    /// old lease is given back.
    case again(Lease, afterMilliseconds: Int64)
    /// Give up and answer ourselves. The lease is given back.
    case refuse(Refusal)
}

/// How a relayed attempt ended.
public struct Outcome: Sendable {
    public enum End: Sendable {
        /// The answer arrived whole.
        case complete
        /// The caller left; nothing is proved about the key.
        case abandoned
        /// The answer broke off after it had begun to be relayed.
        case broken(Verdict)
    }
    public var end: End
    public var usage: Usage?
    /// From lease to response head.
    public var headMilliseconds: Double?
    /// What the list of prices says of these tokens, where keys are compared
    /// by their cost.
    public var listed: Money?

    public init(end: End, usage: Usage?, headMilliseconds: Double?, listed: Money? = nil) {
        self.listed = listed
        self.end = end
        self.usage = usage
        self.headMilliseconds = headMilliseconds
    }
}
