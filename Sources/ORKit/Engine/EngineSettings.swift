/// What an operator may choose about the pool's decisions. Times are
/// milliseconds.
public struct EngineSettings: Sendable, Hashable {
    /// Only keys of this provider are leased; all others show as `invalid`.
    public var provider = "openrouter"
    /// The strategy at start; changed at run time by `PoolChange.strategy`.
    public var strategy = Strategy.sticky
    /// Tries of one request after the first that may cost twice, because
    /// something may have been generated (ruling 9). Those that surely cost
    /// nothing are bounded by time and accounts.
    public var maxRetries = 2
    /// All tries of one request end by then, unless the request says itself.
    public var longestRequest: Int64 = 600_000
    /// A stated wait up to this is waited out when nobody else can serve.
    public var longestWait: Int64 = 10_000
    /// Other accounts tried after a bare 429 (ruling 8).
    public var otherAccountsAfterBareLimit = 2
    /// First rest without a stated end; doubles with every guess in a row.
    public var guessedRest: Int64 = 60_000
    public var longestGuessedRest: Int64 = 3_600_000
    /// No rest is shorter, whatever was stated.
    public var shortestRest: Int64 = 1000
    /// Stated ends further away than this count as guessed (ruling 10).
    public var longestStatedRest: Int64 = 32 * 86_400_000
    /// A stated rest longer than this is looked into after that time, and
    /// again at intervals that double up to the longest (ruling 14).
    public var firstProof: Int64 = 600_000
    public var longestProof: Int64 = 21_600_000
    /// Consecutive failures that break a key, given differential evidence.
    public var failuresToBreak = 5
    /// First time until a half-open trial; doubles while trials fail.
    public var brokenRest: Int64 = 60_000
    public var longestBrokenRest: Int64 = 3_600_000
    /// Between two checks of a suspect key, and the least time between the
    /// two 401s that make it invalid (ruling 12).
    public var suspectRecheck: Int64 = 600_000
    /// Shortest time between two checks of a suspect key; it grows with the
    /// age of the suspicion.
    public var shortestCheck: Int64 = 5000
    /// Every enabled key is asked about once in this time, whatever is known of
    /// it; 0: never.
    public var reportEvery: Int64 = 0
    /// Thousandths of the keys that automation may keep out because of what it
    /// guessed; the last one never (ruling 13).
    public var floorShare = 500
    /// Different accounts with the same failure in a row that make it an
    /// incident, and within which time.
    public var correlatedAccounts = 3
    public var correlationWindow: Int64 = 10_000
    /// What was taken for an incident is forgotten after this.
    public var promotionLife: Int64 = 600_000
    /// Failures in a row, whatever the key, that close the gate before a model
    /// or before the upstream.
    public var failuresToClose = 10
    /// First time until one request may try it again; doubles.
    public var gateRest: Int64 = 1000
    public var longestGateRest: Int64 = 8000
    /// As far as an upstream's own word about when to come back is kept for a
    /// gate, which may stand before more than that word was about.
    public var longestStatedGate: Int64 = 60_000
    /// How long a request may wait for a key instead of being refused; 0: it
    /// is refused.
    public var longestQueueWait: Int64 = 0
    public var queue = FairQueue.Settings()
    /// Pause before the same key serves a request again; doubles.
    public var sameKeyBackoff: Int64 = 1000

    public init() {}
}
