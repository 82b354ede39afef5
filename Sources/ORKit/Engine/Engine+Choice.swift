extension Engine {
    mutating func nextLease(
        _ ask: Ask, attempt: Int, tried: [KeyID], avoiding accounts: [String], at now: WallTime,
        using rng: inout some RandomNumberGenerator
    ) -> Lease? {
        guard
            let next = nextChoice(
                ask, attempt: attempt, tried: tried, avoiding: accounts, at: now, using: &rng)
        else { return nil }
        return take(next.place, next.choice, ask, attempt: attempt, at: now)
    }

    /// The choice of the first pool of the plan that has one, or a key of a
    /// pool up to there that has its trial or its sign of life due.
    @inline(__always)
    mutating func nextChoice(
        _ ask: Ask, attempt: Int, tried: [KeyID], avoiding accounts: [String], at now: WallTime,
        using rng: inout some RandomNumberGenerator
    ) -> (place: Int, choice: Choice)? {
        if !gates.closed.isEmpty {
            gates.expire(at: now)
            guard gates.obstacle(ask, at: now) == nil else { return nil }
        }
        let plan = pool.openPlan(ask.pool)
        var reached = plan.count
        var choice: (place: Int, choice: Choice)?
        for (step, roster) in plan.enumerated() {
            choice = choose(ask, in: roster, tried: tried, avoiding: accounts, at: now, using: &rng)
            guard choice != nil else { continue }
            reached = step + 1
            break
        }
        for roster in plan.prefix(reached) {
            if let place = dueTrial(
                ask, in: roster, tried: tried, avoiding: accounts, isLastResort: choice == nil, at: now)
            {
                return (place, .trial)
            }
        }
        if let choice {
            for roster in plan.prefix(reached) {
                if let place = dueProof(ask, in: roster, attempt: attempt, at: now) {
                    return (place, .proof)
                }
            }
            return choice
        }
        for roster in plan {
            if let place = pool.rosters[roster].spare(
                ask, in: pool.slots, tried: tried, avoiding: accounts, at: now)
            {
                return (place, .lastResort)
            }
        }
        return nil
    }

    /// Out of one pool; if none is open there, a key that could serve and has
    /// not been woken yet.
    private mutating func choose(
        _ ask: Ask, in roster: Int, tried: [KeyID], avoiding accounts: [String], at now: WallTime,
        using rng: inout some RandomNumberGenerator
    ) -> (place: Int, choice: Choice)? {
        let choice = pool.choose(ask, in: roster, tried: tried, avoiding: accounts, at: now, using: &rng)
        if let choice { return choice }
        guard let sleeper = pool.sleeper(ask, in: roster, tried: tried, avoiding: accounts, at: now) else {
            return nil
        }
        wake(sleeper, at: now)
        return pool.choose(ask, in: roster, tried: tried, avoiding: accounts, at: now, using: &rng)
    }

    /// A broken key may show that it works again: on a request that can be
    /// sent once more to another key, one at a time; or when there is no other
    /// key anyway.
    private func dueTrial(
        _ ask: Ask, in roster: Int, tried: [KeyID], avoiding accounts: [String], isLastResort: Bool,
        at now: WallTime
    ) -> Int? {
        guard !pool.rosters[roster].trials.isEmpty,
            isLastResort || (ask.replayable && trialsRunning == 0 && tried.isEmpty)
        else { return nil }
        return pool.rosters[roster].trials.first { place in
            !pool.slots[place].isTrialRunning
                && pool.slots.fits(place, ask, tried: tried, avoiding: accounts, at: now)
        }
    }

    mutating func take(_ place: Int, _ choice: Choice, _ ask: Ask, attempt: Int, at now: WallTime) -> Lease {
        if choice == .trial {
            pool.slots[place].isTrialRunning = true
            trialsRunning += 1
        }
        pool.leased(place, isAside: choice == .objective, at: now)
        sequence += 1
        if choice == .proof { beginProof(place, ask, at: now) }
        if !gates.closed.isEmpty { gates.pass(ask, sequence) }
        defer { if pool.slots[place].isMetered { meterRequest(place, at: now) } }
        return Lease(
            key: pool.slots[place].id, slot: place, secret: pool.slots[place].secret, attempt: attempt,
            choice: choice,
            usable: pool.rosters[pool.rosterPlace(pool.slots[place].pool)].base.count, total: pool.count,
            ticket: sequence, model: ask.model, begun: now)
    }

    /// Lets keys whose time has come look at their rests again.
    ///
    /// - Returns: how many were due.
    @discardableResult
    mutating func wake(at now: WallTime, limit: Int) -> Int {
        var woken = 0
        while woken < limit, let due = pool.wakes.minimum, due.stamp <= now.milliseconds {
            wake(Int(due.slot), at: now)
            woken += 1
        }
        return woken
    }

    private mutating func wake(_ place: Int, at now: WallTime) {
        forgetOldRests(place, at: now)
        pool.markDirty(place)
        if pool.slots[place].isMetered { wakeMeter(place, at: now) }
        let (before, condition) = pool.refresh(place, at: now)
        guard before != condition.state else { return }
        owed.append(
            .transition(
                Transition(
                    key: pool.slots[place].id, at: now, from: before, to: condition.state,
                    trigger: "rest-over", evidence: nil, until: condition.until)))
    }
}

extension Pool {
    /// Keys whose time has come that are looked at for one that could serve: a
    /// look costs a fraction of a wake-up.
    private static let sleepersLookedAt = 256

    /// A key of one pool that could serve the request, as it would turn out if
    /// it were woken.
    func sleeper(
        _ ask: Ask, in roster: Int, tried: [KeyID], avoiding accounts: [String], at now: WallTime
    ) -> Int? {
        guard !wakes.isEmpty else { return nil }
        let id = rosters[roster].record.id
        return wakes.first(upTo: now.milliseconds, looking: Self.sleepersLookedAt) { place in
            slots[place].pool == id && slots.fits(place, ask, tried: tried, avoiding: accounts, at: now)
                && slots[place].condition(at: now).isOpen
        }
    }

    mutating func order(for ask: Ask, in roster: Int) -> Int? {
        rosters[roster].restingCounts.isEmpty ? nil : rosters[roster].order(for: ask, in: slots)
    }

    /// The choice of one pool's strategy for the request. Once a request: it
    /// names single fields of the roster, because a call upon the roster would
    /// copy it whole.
    mutating func choose(
        _ ask: Ask, in roster: Int, tried: [KeyID], avoiding avoided: [String], at now: WallTime,
        using rng: inout some RandomNumberGenerator
    ) -> (place: Int, choice: Choice)? {
        let view = order(for: ask, in: roster)
        func fits(_ place: Int) -> Bool {
            slots.fits(place, ask, tried: tried, avoiding: avoided, at: now)
        }
        let strategy = rosters[roster].strategy
        let isOnly = rosters[roster].base.count == 1
        if let objective = ask.objective ?? rosters[roster].record.objective {
            let best = slots.best(
                for: objective, in: view.map { rosters[roster].views[$0].order } ?? rosters[roster].base,
                of: rosters[roster].record.id, remembering: rosters[roster].remembered, using: &rng,
                where: fits)
            if let news = best?.news { rosters[roster].remember(news.place, at: news.index) }
            return best.map { ($0.place, isOnly ? .onlyOne : .objective) }
        }
        if strategy != .sticky, let affinity = ask.affinity,
            let home = rosters[roster].home(affinity, in: slots, accounts: accounts, where: fits)
        {
            return (home, isOnly ? .onlyOne : .affinity)
        }
        let current = strategy == .sticky ? rosters[roster].current : nil
        let place: Int?
        if let view {
            place = rosters[roster].views[view].order.pick(using: &rng, current: current, where: fits)
        } else {
            place = rosters[roster].base.pick(using: &rng, current: current, where: fits)
        }
        return place.map { ($0, isOnly ? .onlyOne : $0 == current ? .sticky : strategy.choice) }
    }
}

extension Roster {
    /// A key that only the floor keeps in, for when nobody else can serve.
    func spare(
        _ ask: Ask, in slots: Slots, tried: [KeyID], avoiding accounts: [String], at now: WallTime
    ) -> Int? {
        lastResort.first { slots.fits($0, ask, tried: tried, avoiding: accounts, at: now) }
    }
}

extension Roster.Slots {
    /// Once for every key looked at: single fields, because a call upon the key
    /// would copy it whole.
    @inline(__always)
    fileprivate func fits(
        _ place: Int, _ ask: Ask, tried: [KeyID], avoiding accounts: [String], at now: WallTime
    ) -> Bool {
        if self[place].isFull { return false }
        if !self[place].restingModels.isEmpty, self[place].rests(for: ask, at: now) { return false }
        if !tried.isEmpty, tried.contains(self[place].id) { return false }
        if !accounts.isEmpty, let account = self[place].account, accounts.contains(account) { return false }
        return true
    }
}

extension Strategy {
    fileprivate var choice: Choice {
        switch self {
        case .sticky, .lru: .leastRecentlyUsed
        case .roundRobin: .roundRobin
        case .weighted: .weighted
        case .random: .random
        case .leastUsed: .leastUsed
        case .health: .health
        }
    }
}
