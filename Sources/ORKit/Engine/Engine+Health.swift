extension Engine {
    /// A relayed answer arrived whole.
    mutating func succeed(
        _ place: Int, _ lease: Lease, _ outcome: Outcome, at now: WallTime, effects: inout [Effect]
    ) {
        pool.slots[place].facts.counters.successes += 1
        pool.slots[place].facts.counters.consecutiveFailures = 0
        pool.used(place, at: now)
        pool.judged(place, isGood: true)
        // A listing asks nobody for a key, and a long answer was let in when it began.
        if lease.model != nil { credentials.note(lease.key, at: lease.begun) }
        if let head = outcome.headMilliseconds {
            let before = pool.slots[place].facts.latency ?? head
            pool.slots[place].facts.latency = before + 0.2 * (head - before)
        }
        if let listed = outcome.listed, let cost = outcome.usage?.cost {
            pool.slots[place].price.note(cost, listed: listed)
        }
        if !pool.slots[place].runs.isEmpty { forgetRuns(place) }
        if openRuns > 0 {
            sequence += 1
            witnesses.succeeded(lease.key, on: lease.model, at: sequence)
        }
        if !pool.slots[place].facts.rests.isEmpty { forgetGuesses(place, lease.model, at: now) }
        if lease.choice == .proof { endProof(place, lease, at: now, effects: &effects) }
        guard lease.choice == .trial || lease.choice == .lastResort else { return }
        let facts = pool.slots[place].facts
        if facts.brokenSince != nil {
            pool.slots[place].mend()
            keep(place, trigger: "trial-succeeded", evidence: nil, at: now, effects: &effects)
        }
        if lease.choice == .lastResort, lease.model != nil, facts.suspectSince != nil {
            clear(place, at: now)
            keep(place, trigger: "served", evidence: nil, at: now, effects: &effects)
        }
    }

    /// A success ends the doubling of what it disproves.
    private mutating func forgetGuesses(_ place: Int, _ model: String?, at now: WallTime) {
        let restClass = Ask(client: .anonymous, model: model).restClass
        let isClear =
            pool.slots[place].facts.suspectSince == nil && pool.slots[place].facts.invalidSince == nil
        func isDisproved(_ rest: Rest) -> Bool {
            !rest.isActive(at: now)
                && (rest.isPlain ? rest.covers(model, class: restClass) : rest.isSuspicion && isClear)
        }
        let disproved = pool.slots[place].facts.rests.filter(isDisproved)
        guard !disproved.isEmpty else { return }
        pool.slots[place].facts.rests.removeAll(where: isDisproved)
        guard let account = pool.slots[place].account, disproved.contains(where: \.isOfAccount) else {
            return
        }
        for member in pool.accounts[account] ?? [] where member != place {
            pool.slots[member].facts.rests.removeAll { $0.isOfAccount && isDisproved($0) }
            pool.markDirty(member)
        }
    }

    /// A server error or a broken transport: shown on the key, and held
    /// against it only when others do better on the same model (ruling 7).
    mutating func countFailure(
        _ place: Int, _ lease: Lease, _ verdict: Verdict, at now: WallTime, effects: inout [Effect]
    ) {
        pool.slots[place].facts.counters.failures += 1
        pool.slots[place].facts.counters.consecutiveFailures += 1
        note(verdict, on: place, at: now)
        pool.judged(place, isGood: false)
        if lease.choice == .trial {
            open(place, "trial-failed", verdict.evidence, at: now, effects: &effects)
        } else if verdict.cause != .edge, pool.slots[place].facts.brokenSince == nil,
            let witness = evidence(against: place, lease.model)
        {
            let words =
                "\(settings.failuresToBreak) failures in a row on \(lease.model ?? "requests without a model")"
                + " while key \(witness.raw) succeeded: \(verdict.evidence)"
            open(place, "five-failures", String(words.prefix(200)), at: now, effects: &effects)
        }
    }

    /// An answer to this key broke off after it had begun to be relayed.
    mutating func noteBreak(_ place: Int) {
        pool.slots[place].breaks.note(after: pool.slots[place].facts.counters.attempts)
    }

    /// The key was refused: its rate, its money, or itself.
    mutating func noteRefusal(_ place: Int) {
        pool.slots[place].refusals.note(after: pool.slots[place].facts.counters.attempts)
    }

    /// Counts a failure into the key's run on that model.
    ///
    /// - Returns: the key that succeeded meanwhile, once the run is long enough
    ///   to break this one.
    private mutating func evidence(against place: Int, _ model: String?) -> KeyID? {
        sequence += 1
        let key = pool.slots[place].id
        if pool.slots[place].runs.isEmpty { openRuns += 1 }
        guard let known = pool.slots[place].runs.firstIndex(where: { $0.model == model }) else {
            if pool.slots[place].runs.count == 4 { pool.slots[place].runs.removeFirst() }
            pool.slots[place].runs.append(FailureRun(model: model, counted: 1, last: sequence))
            witnesses.watch(model)
            return nil
        }
        let last = pool.slots[place].runs[known].last
        guard let witness = witnesses.witness(against: key, on: model, after: last) else { return nil }
        pool.slots[place].runs[known].counted += 1
        pool.slots[place].runs[known].last = sequence
        return pool.slots[place].runs[known].counted >= settings.failuresToBreak ? witness : nil
    }

    mutating func forgetRuns(_ place: Int) {
        guard !pool.slots[place].runs.isEmpty else { return }
        pool.slots[place].runs.removeAll()
        openRuns -= 1
        if openRuns == 0 { witnesses.unwatchAll() }
    }

    /// Breaks the key, or breaks it again for twice as long.
    private mutating func open(
        _ place: Int, _ trigger: String, _ evidence: String, at now: WallTime, effects: inout [Effect]
    ) {
        let before = pool.slots[place].facts.rests.first(where: \.isBreaker)?.guesses ?? 0
        let length = Self.doubled(settings.brokenRest, times: before, atMost: settings.longestBrokenRest)
        forgetRuns(place)
        pool.slots[place].facts.rests.removeAll(where: \.isBreaker)
        let rest = Rest(
            scope: .key, model: nil, cause: .upstreamError, until: now.advanced(byMilliseconds: length),
            since: now, stated: false, guesses: before + 1, rule: trigger, evidence: evidence)
        pool.slots[place].facts.rests.append(rest)
        pool.slots[place].facts.brokenSince = pool.slots[place].facts.brokenSince ?? now
        effects.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
        effects.append(.marked(pool.slots[place].id, KeyMark(kind: .broken, rest: rest), at: now))
        refresh(place, trigger: trigger, evidence: evidence, at: now, effects: &effects)
    }
}

extension KeySlot {
    /// Closes the breaker.
    mutating func mend() {
        facts.brokenSince = nil
        facts.rests.removeAll(where: \.isBreaker)
    }
}
