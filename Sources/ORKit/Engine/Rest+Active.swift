extension Rest {
    package static let freeClass = ":free"
    package static let paidClass = ":paid"
    /// Stands for the model where a request names none (`GET /models`).
    package static let noModel = ":none"

    /// The breaker's own rest: at its end comes a trial, not the key.
    package var isBreaker: Bool { scope == .key && model == nil && cause == Cause.upstreamError.rawValue }

    /// A suspicion's own rest: its end is when the next check is due. `stated`
    /// says that one check has confirmed the 401 already, at `since`.
    package var isSuspicion: Bool { scope == .key && model == nil && cause == Cause.rejected.rawValue }

    /// Money, or a quota: the key shows as exhausted, not as resting.
    var isExhaustion: Bool {
        cause == Cause.creditsOut.rawValue || cause == Cause.keyLimit.rawValue || isQuota
    }

    /// Whether `GET /key` tells if it is over: the key's own limit, and the
    /// account's free requests of the day.
    var isTold: Bool {
        scope == .key && cause == Cause.keyLimit.rawValue
            || scope == .account && cause == Cause.rateLimited.rawValue
    }

    /// Shared by all keys of an account.
    package var isOfAccount: Bool { scope == .account || scope == .modelAtAccount }

    /// Whether the key comes back by itself when this ends.
    package var isPlain: Bool { !isBreaker && !isSuspicion }

    @inline(__always)
    package func isActive(at now: WallTime) -> Bool {
        untilMilliseconds.map { $0 > now.milliseconds } ?? true
    }

    /// Whether it keeps the key from this request.
    func covers(_ model: String?, class restClass: String?) -> Bool {
        guard let mine = self.model else { return true }
        return mine == (model ?? Self.noModel) || mine == restClass
    }

    /// When a sign of life may be looked for although the upstream stated a
    /// later end: at intervals that double. Nil: it is short, or a guess that
    /// ends by itself.
    func proofDue(_ first: Int64, atMost longest: Int64) -> Int64? {
        guard stated, isPlain, let until = untilMilliseconds,
            WallTime(milliseconds: until).milliseconds(since: WallTime(milliseconds: sinceMilliseconds))
                > first
        else { return nil }
        let last = WallTime(milliseconds: provedMilliseconds ?? sinceMilliseconds)
        let due = last.advanced(byMilliseconds: Engine.doubled(first, times: proofs ?? 0, atMost: longest))
        return due.milliseconds < until ? due.milliseconds : nil
    }

    mutating func noteProof(at now: WallTime) {
        proofs = (proofs ?? 0) + 1
        provedMilliseconds = now.milliseconds
    }

    package func isSameMatter(as other: Rest) -> Bool {
        scope == other.scope && cause == other.cause && model == other.model
    }

    /// The later end of the two; who stated it goes with it.
    ///
    /// - Returns: whether anything changed.
    package mutating func merge(_ other: Rest) -> Bool {
        let mine = untilMilliseconds ?? .max
        let theirs = other.untilMilliseconds ?? .max
        guard theirs > mine else { return false }
        let counted = Swift.max(guesses, other.guesses)
        // What was over when this came has nothing to do with how often this one is looked into.
        let tried = mine > other.sinceMilliseconds ? proofs : nil
        self = other
        guesses = counted
        if let tried { (proofs, provedMilliseconds) = (tried, other.sinceMilliseconds) }
        return true
    }
}
