/// What operators do to the pool, and its load at start.
extension Engine {
    mutating func add(_ record: KeyRecord, at now: WallTime, effects: inout [Effect]) {
        guard pool.slot(of: record.id) == nil else {
            update(record, "add", at: now, effects: &effects)
            return
        }
        let place = pool.insert(record, born: sequence + 1, at: now)
        setQuota(record.quota, use: record.use, of: place, "quota", at: now, effects: &effects)
        shareAccountRests(place, trigger: "account", at: now, effects: &effects)
    }

    mutating func update(_ record: KeyRecord, _ trigger: String, at now: WallTime, effects: inout [Effect]) {
        guard let place = pool.slot(of: record.id) else { return }
        pool.move(place, to: record.pool, at: now)
        let isReplaced = !pool.slots[place].secret.isEqual(to: record.secret)
        if isReplaced { pool.slots[place].secretSince = sequence }
        pool.slots[place].secret = record.secret
        pool.slots[place].provider = record.provider
        pool.slots[place].served = record.provider == settings.provider
        pool.slots[place].weight = min(max(record.weight, 1), 1000)
        pool.slots[place].priority = min(max(record.priority, 0), 9)
        pool.slots[place].maxInFlight = max(record.maxInFlight, 0)
        pool.slots[place].enabled = record.enabled
        pool.rounds.follow(place, pool.slots[place], at: now)
        let before = pool.slots[place].account
        if before != record.account || before == nil && isReplaced {
            if before != nil || isReplaced {
                // What was learnt about the other account is not about this one.
                pool.slots[place].facts.rests.removeAll { $0.isOfAccount }
            }
            pool.moveAccount(place, to: record.account)
            pool.markDirty(place)
        }
        setQuota(record.quota, of: place, trigger, at: now, effects: &effects)
        refresh(place, trigger: trigger, evidence: nil, at: now, effects: &effects)
        shareAccountRests(place, trigger: trigger, at: now, effects: &effects)
    }

    mutating func remove(_ key: KeyID, at now: WallTime, effects: inout [Effect]) {
        guard let place = pool.slot(of: key) else { return }
        let knowsOfAccount = pool.slots[place].facts.rests.contains {
            $0.isOfAccount && $0.isActive(at: now)
        }
        let account = pool.slots[place].account
        forgetRuns(place)
        pool.remove(place, at: now)
        if knowsOfAccount, let heir = account.flatMap({ pool.accounts[$0]?.first }) {
            // What this key's row said about the account must be on disk elsewhere.
            effects.append(.keepFacts(pool.slots[heir].id, pool.slots[heir].facts))
        }
    }

    mutating func reset(_ key: KeyID, _ trigger: String, at now: WallTime, effects: inout [Effect]) {
        guard let place = pool.slot(of: key) else { return }
        forgetRuns(place)
        let members = pool.slots[place].account.flatMap { pool.accounts[$0] } ?? []
        for member in members where member != place {
            let before = pool.slots[member].facts.rests.count
            pool.slots[member].facts.rests.removeAll { $0.isOfAccount }
            guard pool.slots[member].facts.rests.count != before else { continue }
            effects.append(.keepFacts(pool.slots[member].id, pool.slots[member].facts))
            refresh(member, trigger: trigger, evidence: nil, at: now, effects: &effects)
        }
        // A quota is no verdict: what is used up stays used up.
        pool.slots[place].facts.rests.removeAll { !$0.isQuota }
        pool.slots[place].facts.brokenSince = nil
        pool.slots[place].facts.suspectSince = nil
        pool.slots[place].facts.invalidSince = nil
        pool.slots[place].facts.counters.consecutiveFailures = 0
        effects.append(.keepFacts(key, pool.slots[place].facts))
        refresh(place, trigger: trigger, evidence: nil, at: now, effects: &effects)
    }

    /// Rests of an account that the facts bring with them are shared with its
    /// other keys; those that the others know of stay.
    mutating func restore(
        _ key: KeyID, _ facts: KeyFacts, _ trigger: String, at now: WallTime, effects: inout [Effect]
    ) {
        guard let place = pool.slot(of: key) else { return }
        forgetRuns(place)
        pool.slots[place].facts = facts.keepingQuota(of: pool.slots[place].facts)
        shareAccountRests(place, trigger: trigger, at: now, effects: &effects)
        effects.append(.keepFacts(key, pool.slots[place].facts))
        refresh(place, trigger: trigger, evidence: nil, at: now, effects: &effects)
    }

    /// All keys of an account know the same about it. They did before this one
    /// came, so one of the others stands for all.
    mutating func shareAccountRests(
        _ place: Int, trigger: String, at now: WallTime, effects: inout [Effect]
    ) {
        guard let account = pool.slots[place].account, let members = pool.accounts[account],
            let other = members.first(where: { $0 != place })
        else { return }
        let theirs = pool.slots[other].facts.rests.filter { $0.isOfAccount }
        let ours = pool.slots[place].facts.rests.filter { $0.isOfAccount }
        spread(theirs, to: [place], trigger, at: now, effects: &effects)
        let news = ours.filter { rest in !theirs.contains { $0.isSameMatter(as: rest) && $0.covers(rest) } }
        spread(news, to: members, trigger, at: now, effects: &effects)
    }

    private mutating func spread(
        _ rests: [Rest], to places: [Int], _ trigger: String, at now: WallTime, effects: inout [Effect]
    ) {
        guard !rests.isEmpty else { return }
        for place in places {
            var isChanged = false
            for rest in rests where pool.slots[place].merge(rest) { isChanged = true }
            guard isChanged else { continue }
            pool.markDirty(place)
            refresh(place, trigger: trigger, evidence: nil, at: now, effects: &effects)
        }
    }
}

extension KeyFacts {
    /// As they are for a key of which that is known: an operator's quota, and
    /// so whether it is spent, is no matter of theirs.
    public func keepingQuota(of present: KeyFacts) -> KeyFacts {
        var facts = self
        facts.rests = rests.filter { !$0.isQuota } + present.rests.filter(\.isQuota)
        return facts
    }
}

extension Rest {
    /// Lasts at least as long.
    fileprivate func covers(_ other: Rest) -> Bool {
        (untilMilliseconds ?? .max) >= (other.untilMilliseconds ?? .max)
    }
}
