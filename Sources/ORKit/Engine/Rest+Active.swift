extension Rest {
    package static let freeClass = ":free"
    package static let paidClass = ":paid"
    /// Stands for the model where a request names none (`GET /models`).
    package static let noModel = ":none"

    /// The breaker's own rest: at its end comes a trial, not the key.
    var isBreaker: Bool { scope == .key && model == nil && cause == Cause.upstreamError.rawValue }

    /// A suspicion's own rest: its end is when the next check is due. `stated`
    /// says that one check has confirmed the 401 already, at `since`.
    var isSuspicion: Bool { scope == .key && model == nil && cause == Cause.rejected.rawValue }

    /// Money: the key shows as exhausted, not as resting.
    var isExhaustion: Bool { cause == Cause.creditsOut.rawValue || cause == Cause.keyLimit.rawValue }

    /// Shared by all keys of an account.
    var isOfAccount: Bool { scope == .account || scope == .modelAtAccount }

    /// Whether the key comes back by itself when this ends.
    var isPlain: Bool { !isBreaker && !isSuspicion }

    @inline(__always)
    func isActive(at now: WallTime) -> Bool { untilMilliseconds.map { $0 > now.milliseconds } ?? true }

    /// Whether it keeps the key from this request.
    func covers(_ model: String?, class restClass: String?) -> Bool {
        guard let mine = self.model else { return true }
        return mine == (model ?? Self.noModel) || mine == restClass
    }

    func isSameMatter(as other: Rest) -> Bool {
        scope == other.scope && cause == other.cause && model == other.model
    }

    /// The later end of the two; who stated it goes with it.
    ///
    /// - Returns: whether anything changed.
    mutating func merge(_ other: Rest) -> Bool {
        let mine = untilMilliseconds ?? .max
        let theirs = other.untilMilliseconds ?? .max
        guard theirs > mine else { return false }
        let counted = Swift.max(guesses, other.guesses)
        self = other
        guesses = counted
        return true
    }
}
