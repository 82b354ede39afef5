extension Engine {
    /// The request's next try after a failure, as far as its allowance goes:
    /// another key at once, else the same key after a pause.
    mutating func another(
        after lease: Lease, at place: Int?, _ verdict: Verdict, _ ask: Ask, _ allowance: inout Allowance,
        at now: Now, using rng: inout some RandomNumberGenerator
    ) -> Next? {
        guard verdict.rule != Rule.bareLimit || allowance.bareLimits <= settings.otherAccountsAfterBareLimit,
            allowance.retries <= settings.maxRetries, allowance.isInTime(after: 0, at: now),
            allowance.tried.count < Allowance.longestWalk
        else { return nil }
        if verdict.remedy != .giveUp,
            let other = rotated(
                verdict, ask, allowance, attempt: lease.attempt + 1, at: now.wall, using: &rng)
        {
            return .again(other, afterMilliseconds: 0)
        }
        guard let place, let pause = pause(after: verdict, allowance, at: now.wall),
            allowance.isInTime(after: pause, at: now), obstacle(for: ask, at: now.wall) == nil,
            pool.mayServe(place, ask.pool),
            !pool.slots[place].rests(for: ask, at: now.wall.advanced(byMilliseconds: pause))
        else { return nil }
        if verdict.remedy != .retry { allowance.noteWait() }
        return .again(
            take(place, .sameAgain, ask, attempt: lease.attempt + 1, at: now.wall), afterMilliseconds: pause)
    }

    /// An account that has not been tried comes first; then those whose keys
    /// failed otherwise. Of one that was refused no second key is tried.
    private mutating func rotated(
        _ verdict: Verdict, _ ask: Ask, _ allowance: Allowance, attempt: Int, at now: WallTime,
        using rng: inout some RandomNumberGenerator
    ) -> Lease? {
        if verdict.remedy == .rotate, allowance.accounts.count > allowance.refusedAccounts.count,
            let fresh = nextLease(
                ask, attempt: attempt, tried: allowance.tried, avoiding: allowance.accounts, at: now,
                using: &rng)
        {
            return fresh
        }
        return nextLease(
            ask, attempt: attempt, tried: allowance.tried, avoiding: allowance.refusedAccounts, at: now,
            using: &rng)
    }

    /// How long the same key is left alone before it may serve the request
    /// after all; nil: it would hear the same again.
    private func pause(after verdict: Verdict, _ allowance: Allowance, at now: WallTime) -> Int64? {
        let stated = verdict.statedUntil.map { max($0.milliseconds(since: now), settings.shortestRest) }
        if verdict.remedy == .retry {
            let backoff = settings.sameKeyBackoff << Int64(min(allowance.retries - 1, 16))
            return stated ?? 0 <= settings.longestWait ? max(backoff, stated ?? 0) : nil
        }
        guard allowance.waits < Allowance.mostWaits,
            verdict.cause == .rateLimited || verdict.cause == .inFlightBudget, let stated
        else { return nil }
        return stated <= settings.longestWait ? stated : nil
    }
}
