import ORKit

// Limits of users and client keys, under the same lock as the engine: a request
// crosses it once for both.

extension EngineBox {
    /// How a request begins.
    struct Beginning: Sendable {
        enum Decision: Sendable {
            /// By its limits it may not.
            case limited(LimitRefusal)
            case begun(Begin)
        }

        var decision: Decision
        /// What the engine had to choose among, if it was asked.
        var census: Census?
        /// Nil where nothing bounds it.
        var notice: LimitNotice?
    }

    /// Asks the limits, then the engine.
    ///
    /// - Parameters:
    ///   - user: who owns the client.
    ///   - tokens: what it may take, for the limits.
    ///   - lease: set where limits bound it; to be ended exactly once.
    ///   - isPosted: once it has begun a line of the ledger follows, with which
    ///     the news goes.
    func begin(
        _ ask: Ask, of user: UserID, tokens: Int64, lease: inout LimitLease?, isPosted: Bool = false,
        at now: Now
    ) -> Beginning {
        let (beginning, isNews) = withGuarded { guarded -> (Beginning, Bool) in
            let hadNews = guarded.limits.hasChanged
            let notice: LimitNotice?
            switch guarded.limits.admit(user: user, client: ask.client, tokens: tokens, at: now) {
            case .free: notice = nil
            case .admitted(let new, let told):
                lease = consume new
                notice = told
            case .refused(let refusal): return (Beginning(decision: .limited(refusal)), false)
            }
            let begin = guarded.engine.begin(ask, at: now, using: &guarded.rng)
            watch(guarded.engine)
            let goesAlong = if isPosted, case .lease = begin { true } else { false }
            let isNews = !hadNews && !goesAlong && guarded.limits.hasChanged
            let census = guarded.engine.census(for: ask)
            return (Beginning(decision: .begun(begin), census: census, notice: notice), isNews)
        }
        if isNews { onLimitNews() }
        return beginning
    }

    /// A limited request is over.
    ///
    /// - Parameters:
    ///   - tokens: nil: nobody knows.
    ///   - isPosted: a line of the ledger follows, with which the news goes.
    func end(_ lease: consuming LimitLease, tokens: Int64?, isPosted: Bool = false, at now: Now) {
        var lease: LimitLease? = consume lease
        let isNews = withGuarded { guarded -> Bool in
            let hadNews = guarded.limits.hasChanged
            if let lease = lease.take() { guarded.limits.end(lease, tokens: tokens, at: now) }
            return !hadNews && !isPosted && guarded.limits.hasChanged
        }
        if isNews { onLimitNews() }
    }

    /// Runs one change of the limits, or a look at them.
    func limit<Answer: Sendable>(_ body: (inout Limits) -> Answer) -> Answer {
        withGuarded { guarded in
            let answer = body(&guarded.limits)
            watch(guarded.limits)
            return answer
        }
    }

    /// As they were loaded.
    func adopt(_ limits: Limits) { limit { $0 = limits } }

    /// What is to be kept of them; asked for on the thread that keeps it.
    ///
    /// - Parameter isWhole: all that is used, and not only what was counted
    ///   since the last time. It is always that where the clock was set.
    func takeLimitNews(isWhole: Bool, at now: Now) -> LimitNews {
        limit { limits in
            if !isWhole {
                guard limits.hasChanged else { return LimitNews() }
                if let row = limits.takeFresh(at: now) { return LimitNews(row: row) }
            }
            guard !limits.isKept else { return LimitNews() }
            let (clock, uses) = limits.takeChanged(at: now)
            return LimitNews(clock: clock, uses: uses)
        }
    }
}
