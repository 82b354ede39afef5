/// The way from a 401 to a dead key, and back (ruling 12): one answer confirms
/// nothing, because in an incident valid keys are called unknown too.
extension Engine {
    /// A request was answered 401: the key rests until `GET /key` has spoken.
    /// The first check is due at once; after false alarms in a row, later.
    ///
    /// - Returns: the mark, which may be taken back.
    mutating func suspect(
        _ place: Int, _ verdict: Verdict, at now: WallTime, effects: inout [Effect]
    ) -> [Burst.Mark] {
        guard pool.slots[place].facts.suspectSince == nil, pool.slots[place].facts.invalidSince == nil else {
            return []
        }
        let previous = pool.slots[place].facts.rests.first(where: \.isSuspicion)
        let alarms = previous?.guesses ?? 0
        let wait =
            alarms == 0
            ? 0 : Self.doubled(settings.guessedRest, times: alarms - 1, atMost: settings.longestGuessedRest)
        let rest = Rest(
            scope: .key, model: nil, cause: .rejected, until: now.advanced(byMilliseconds: wait), since: now,
            stated: false, guesses: alarms + 1, rule: verdict.rule, evidence: verdict.evidence)
        setSuspicion(place, rest)
        pool.slots[place].facts.suspectSince = now
        effects.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
        effects.append(.marked(pool.slots[place].id, KeyMark(kind: .suspect, rest: rest), at: now))
        refresh(place, trigger: verdict.rule, evidence: verdict.evidence, at: now, effects: &effects)
        return [
            Burst.Mark(place: place, key: pool.slots[place].id, kind: .suspicion, previous: previous)
        ]
    }

    /// `GET /key` answered for a key: 200 (`valid`), or 401, or that the key
    /// can serve nobody. Any other answer says nothing about the key:
    /// `postponeCheck`.
    ///
    /// A second refusal at least ten minutes after the first makes the key
    /// invalid, if another credential succeeded in between and the floor
    /// allows it.
    ///
    /// - Parameter evidence: what a key that is not valid was refused with.
    public mutating func checked(
        _ key: KeyID, valid: Bool, evidence: String = "GET /key answered 401", at now: Now
    ) -> [Effect] {
        var effects: [Effect] = []
        handOver(&effects)
        guard let place = pool.slot(of: key) else { return effects }
        let facts = pool.slots[place].facts
        if valid {
            credentials.note(key, at: now.wall)
            guard facts.suspectSince != nil || facts.invalidSince != nil else { return effects }
            clear(place, at: now.wall)
            keep(place, trigger: "check-valid", evidence: nil, at: now.wall, effects: &effects)
        } else if facts.invalidSince == nil {
            confirm(place, evidence, at: now.wall, effects: &effects)
        }
        return effects
    }

    /// A check could not be made, or its answer proved nothing: again soon.
    public mutating func postponeCheck(_ key: KeyID, at now: Now) {
        guard let place = pool.slot(of: key),
            let known = pool.slots[place].facts.rests.firstIndex(where: \.isSuspicion)
        else { return }
        pool.slots[place].facts.rests[known].untilMilliseconds =
            now.wall.advanced(byMilliseconds: checkWait(place, at: now.wall)).milliseconds
        pool.markDirty(place)
        pool.refresh(place, at: now.wall)
    }

    private mutating func confirm(
        _ place: Int, _ evidence: String, at now: WallTime, effects: inout [Effect]
    ) {
        var rest =
            pool.slots[place].facts.rests.first(where: \.isSuspicion)
            ?? Rest(
                scope: .key, model: nil, cause: .rejected, until: now, since: now, stated: false, guesses: 1,
                rule: "check-rejected", evidence: evidence)
        let since = WallTime(milliseconds: rest.sinceMilliseconds)
        let wasSuspect = pool.slots[place].facts.suspectSince != nil
        pool.slots[place].facts.suspectSince = pool.slots[place].facts.suspectSince ?? now
        rest.untilMilliseconds = now.advanced(byMilliseconds: checkWait(place, at: now)).milliseconds
        if !rest.stated {
            rest.stated = true
            rest.sinceMilliseconds = now.milliseconds
        } else if now.milliseconds(since: since) >= settings.suspectRecheck,
            !pool.slots[place].isSpared, credentials.anyOther(than: pool.slots[place].id, since: since)
        {
            pool.slots[place].facts.suspectSince = nil
            pool.slots[place].facts.invalidSince = now
        }
        setSuspicion(place, rest)
        let isInvalid = pool.slots[place].facts.invalidSince != nil
        if isInvalid || !wasSuspect {
            let mark = KeyMark(kind: isInvalid ? .invalid : .suspect, rest: rest)
            effects.append(.marked(pool.slots[place].id, mark, at: now))
        }
        keep(
            place, trigger: isInvalid ? "rejected-twice" : "check-rejected", evidence: rest.evidence, at: now,
            effects: &effects)
    }

    /// An eighth of the suspicion's age, so that a key is back soon after an
    /// incident and a dead one costs little.
    private func checkWait(_ place: Int, at now: WallTime) -> Int64 {
        let age = pool.slots[place].facts.suspectSince.map { now.milliseconds(since: $0) } ?? 0
        return min(max(age / 8, settings.shortestCheck), settings.suspectRecheck)
    }

    /// A false alarm. It is remembered, so that a key that keeps raising it
    /// does not cost every request an attempt.
    mutating func clear(_ place: Int, at now: WallTime) {
        pool.slots[place].facts.suspectSince = nil
        pool.slots[place].facts.invalidSince = nil
        guard let known = pool.slots[place].facts.rests.firstIndex(where: \.isSuspicion) else { return }
        pool.slots[place].facts.rests[known].untilMilliseconds = now.milliseconds
        pool.slots[place].facts.rests[known].stated = false
    }

    private mutating func setSuspicion(_ place: Int, _ rest: Rest) {
        pool.slots[place].facts.rests.removeAll(where: \.isSuspicion)
        pool.slots[place].facts.rests.append(rest)
    }

    mutating func keep(
        _ place: Int, trigger: String, evidence: String?, at now: WallTime, effects: inout [Effect]
    ) {
        effects.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
        refresh(place, trigger: trigger, evidence: evidence, at: now, effects: &effects)
    }
}
