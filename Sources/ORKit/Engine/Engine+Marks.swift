extension Engine {
    /// Puts on record what a verdict proves, about exactly what it names.
    mutating func mark(
        _ place: Int, _ lease: Lease, _ verdict: Verdict, at now: WallTime, effects: inout [Effect]
    ) {
        switch verdict.cause {
        case .ok, .badRequest, .quotaSpent, .budgetSpent: break
        case .rejected:
            guard verdict.scope == .key else { return }
            pool.slots[place].facts.counters.failures += 1
            noteRefusal(place)
            note(verdict, on: place, at: now)
            let marks = suspect(place, verdict, at: now, effects: &effects)
            correlate(place, lease, verdict, marks, at: now, effects: &effects)
        case .rateLimited, .creditsOut, .keyLimit, .inFlightBudget:
            let marks = rest(place, lease, verdict, at: now, effects: &effects)
            correlate(place, lease, verdict, marks, at: now, effects: &effects)
        case .upstreamError, .unreachable, .slow, .truncated, .malformed, .edge:
            guard verdict.scope != .request else { return }
            countFailure(place, lease, verdict, at: now, effects: &effects)
        }
    }

    mutating func note(_ verdict: Verdict, on place: Int, at now: WallTime) {
        pool.slots[place].facts.lastError = verdict.evidence.isEmpty ? verdict.rule : verdict.evidence
        pool.slots[place].facts.lastErrorAt = now
        pool.markDirty(place)
    }

    /// - Returns: what was guessed, and may be taken back.
    private mutating func rest(
        _ place: Int, _ lease: Lease, _ verdict: Verdict, at now: WallTime, effects: inout [Effect]
    ) -> [Burst.Mark] {
        guard [.key, .modelAtKey, .modelAtAccount, .account].contains(verdict.scope) else { return [] }
        if verdict.cause == .rateLimited {
            pool.slots[place].facts.counters.rateLimited += 1
        } else {
            pool.slots[place].facts.counters.failures += 1
        }
        noteRefusal(place)
        note(verdict, on: place, at: now)
        let ask = Ask(client: .anonymous, model: lease.model)
        switch verdict.scope {
        case .account:
            let restClass = Self.restClass(of: verdict.cause, ask)
            let mark = rest(
                members(of: place), .account, restClass, verdict, observer: place, at: now, effects: &effects)
            guard restClass == Rest.freeClass, !ask.isFreeClass else { return mark }
            // A name that hides a free model would run into the same limit at once.
            return mark
                + rest(
                    [place], .modelAtKey, lease.model ?? Rest.noModel, verdict, observer: place, at: now,
                    effects: &effects)
        case .modelAtAccount:
            return rest(
                members(of: place), .modelAtAccount, lease.model ?? Rest.noModel, verdict, observer: place,
                at: now, effects: &effects)
        case .modelAtKey:
            return rest(
                [place], .modelAtKey, lease.model ?? Rest.noModel, verdict, observer: place, at: now,
                effects: &effects)
        default:
            return rest([place], .key, nil, verdict, observer: place, at: now, effects: &effects)
        }
    }

    /// What of an account a limit is about: 429 only its free tier; money is
    /// proved missing for paid models alone, unless a free one asked.
    private static func restClass(of cause: Cause, _ ask: Ask) -> String? {
        if cause == .rateLimited { return Rest.freeClass }
        return ask.restClass == Rest.paidClass ? Rest.paidClass : nil
    }

    func members(of place: Int) -> [Int] {
        pool.slots[place].account.flatMap { pool.accounts[$0] } ?? [place]
    }

    private mutating func rest(
        _ places: [Int], _ scope: FailureScope, _ model: String?, _ verdict: Verdict, observer: Int,
        at now: WallTime, effects: inout [Effect]
    ) -> [Burst.Mark] {
        var rest = Rest(
            scope: scope, model: model, cause: verdict.cause, until: nil, since: now, stated: false,
            guesses: 0,
            rule: verdict.rule, evidence: verdict.evidence)
        let previous = pool.slots[observer].facts.rests.first { $0.isSameMatter(as: rest) }
        rest.guesses = previous?.guesses ?? 0
        if let stated = verdict.statedUntil, isStated(verdict, at: now) {
            rest.stated = true
            rest.untilMilliseconds =
                max(stated, now.advanced(byMilliseconds: settings.shortestRest)).milliseconds
        } else if let previous, previous.isActive(at: now) {
            // A straggler of the same wave: it is resting for this already.
            return []
        } else {
            rest.untilMilliseconds =
                now.advanced(
                    byMilliseconds: Self.doubled(
                        settings.guessedRest, times: rest.guesses, atMost: settings.longestGuessedRest)
                ).milliseconds
            rest.guesses += 1
        }
        for place in places where pool.slots[place].merge(rest) {
            forgetOldRests(place, at: now)
            pool.markDirty(place)
            if place == observer {
                effects.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
                effects.append(.marked(pool.slots[place].id, KeyMark(kind: .rest, rest: rest), at: now))
            }
            refresh(place, trigger: verdict.rule, evidence: verdict.evidence, at: now, effects: &effects)
        }
        guard !rest.stated else { return [] }
        return [
            Burst.Mark(
                place: observer, key: pool.slots[observer].id, kind: .rest(rest), previous: previous)
        ]
    }

    /// Whether its end is stated, and can be believed (ruling 10).
    func isStated(_ verdict: Verdict, at now: WallTime) -> Bool {
        verdict.statedUntil.map { $0.milliseconds(since: now) <= settings.longestStatedRest } ?? false
    }

    /// `first`, doubled so many times, but not above `most`.
    static func doubled(_ first: Int64, times: Int, atMost most: Int64) -> Int64 {
        let shift = min(max(times, 0), 30)
        let (value, overflow) = first.multipliedReportingOverflow(by: 1 << Int64(shift))
        return overflow ? most : min(value, most)
    }

    /// Looks at the key again and reports a change of state.
    mutating func refresh(
        _ place: Int, trigger: String, evidence: String?, at now: WallTime, effects: inout [Effect]
    ) {
        let (before, condition) = pool.refresh(place, at: now)
        guard before != condition.state else { return }
        effects.append(
            .transition(
                Transition(
                    key: pool.slots[place].id, at: now, from: before, to: condition.state, trigger: trigger,
                    evidence: evidence, until: condition.until)))
    }

    /// Drops rests that are over. A guessed one is remembered for a while
    /// without effect, because the next guess is twice as long.
    mutating func forgetOldRests(_ place: Int, at now: WallTime) {
        let slot = pool.slots[place].facts
        guard !slot.rests.isEmpty else { return }
        let isUnderSuspicion = slot.suspectSince != nil || slot.invalidSince != nil
        let memory = settings.longestGuessedRest
        pool.slots[place].facts.rests.removeAll { rest in
            guard !rest.isActive(at: now), !rest.isBreaker, !(rest.isSuspicion && isUnderSuspicion) else {
                return false
            }
            let age = now.milliseconds(since: WallTime(milliseconds: rest.untilMilliseconds ?? 0))
            return rest.guesses == 0 || age > memory
        }
    }
}

extension KeySlot {
    /// At most this many rests are kept for one key; more models than that
    /// rest at once only when something is badly wrong.
    private static let restLimit = 64

    /// - Returns: whether anything changed.
    mutating func merge(_ rest: Rest) -> Bool {
        if let known = facts.rests.firstIndex(where: { $0.isSameMatter(as: rest) }) {
            return facts.rests[known].merge(rest)
        }
        if facts.rests.count >= Self.restLimit,
            let shortest = facts.rests.indices.filter({ facts.rests[$0].scope.isOfOneModel })
                .min(by: {
                    (facts.rests[$0].untilMilliseconds ?? .max) < (facts.rests[$1].untilMilliseconds ?? .max)
                })
        {
            facts.rests.remove(at: shortest)
        }
        facts.rests.append(rest)
        return true
    }
}
