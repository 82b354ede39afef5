/// What an operator may choose about the pool's decisions. Times are
/// milliseconds.
public struct EngineSettings: Sendable, Hashable {
    /// Only keys of this provider are leased; all others show as `invalid`.
    public var provider = "openrouter"
    /// The strategy at start; changed at run time by `PoolChange.strategy`.
    public var strategy = Strategy.sticky
    /// Attempts of one request in total, the first included.
    public var maxAttempts = 3
    /// Other accounts tried after a bare 429 (ruling 8).
    public var otherAccountsAfterBareLimit = 2
    /// First rest without a stated end; doubles with every guess in a row.
    public var guessedRest: Int64 = 60_000
    public var longestGuessedRest: Int64 = 3_600_000
    /// No rest is shorter, whatever was stated.
    public var shortestRest: Int64 = 1000
    /// Stated ends further away than this count as guessed (ruling 10).
    public var longestStatedRest: Int64 = 32 * 86_400_000
    /// Consecutive failures that break a key, given differential evidence.
    public var failuresToBreak = 5
    /// First time until a half-open trial; doubles while trials fail.
    public var brokenRest: Int64 = 60_000
    public var longestBrokenRest: Int64 = 3_600_000
    /// Between two checks of a suspect key, and the least time between the
    /// two 401s that make it invalid (ruling 12).
    public var suspectRecheck: Int64 = 600_000
    /// Pause before the same key serves a request again; doubles.
    public var sameKeyBackoff: Int64 = 1000

    public init() {}
}
