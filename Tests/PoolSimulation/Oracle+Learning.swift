import ORKit

// What the oracle learns from answers, checks, operators and restarts.

extension Oracle {
    /// - Parameter isHead: nothing of this answer had been heard before.
    mutating func heard(
        _ verdict: Verdict, from id: KeyID, _ model: String?, isTrial: Bool, serial: Int, isHead: Bool = true,
        at now: Int64
    ) {
        shared.expire(at: now)
        var isUncertain = false
        if isHead {
            if verdict.scope != .network { shared.answered(serial: serial) }
            shared.bad(verdict, model, at: now)
            if let incident = shared.isIncident(verdict, model) {
                if incident.isCertain {
                    // Nothing is guessed then; what is stated holds.
                    guard verdict.cause != .rejected, isStated(verdict, at: now) else { return }
                } else {
                    isUncertain = true
                }
            }
        }
        var id = id
        if fault == .blamesAnother, let other = keys.ids.first(where: { $0 != id }) { id = other }
        guard keys[id] != nil else { return }
        var marks: [Undo] = []
        let isDoubtful = isUncertain
        defer {
            // The engine may have guessed nothing.
            if isDoubtful { for mark in marks { takeBack(mark, isCertain: false, at: now) } }
            if !marks.isEmpty || isUncertain { note(marks, id, verdict, model, !isUncertain, at: now) }
        }
        switch verdict.cause {
        case .ok, .badRequest, .quotaSpent, .budgetSpent: break
        case .rejected where verdict.scope == .key:
            if keys[id]?.isInvalid == false, keys[id]?.isSuspect == false {
                keys[id]?.isSuspect = true
                keys[id]?.firstRejection = nil
                marks = [.suspicion(id)]
            }
        case .rejected: break
        case .rateLimited, .creditsOut, .keyLimit, .inFlightBudget:
            let (made, isCertain) = rest(id, model, verdict, at: now)
            marks = made
            if !isCertain { isUncertain = true }
        case .upstreamError, .unreachable, .slow, .truncated, .malformed, .edge:
            guard verdict.scope != .request else { return }
            failed(id, model, isTrial: isTrial, isEvidence: verdict.cause != .edge, at: now)
        }
    }

    private func isStated(_ verdict: Verdict, at now: Int64) -> Bool {
        verdict.statedUntil.map { $0.milliseconds - now <= 32 * 86_400_000 } ?? false
    }

    /// - Returns: what was guessed; and whether that is certain.
    private mutating func rest(
        _ id: KeyID, _ model: String?, _ verdict: Verdict, at now: Int64
    ) -> ([Undo], Bool) {
        let own = model ?? ":none"
        switch verdict.scope {
        case .key: return add(to: id, nil, nil, false, verdict, now)
        case .modelAtKey: return add(to: id, nil, own, false, verdict, now)
        case .modelAtAccount: return add(to: id, keys[id]?.account, own, true, verdict, now)
        case .account:
            let account = keys[id]?.account
            guard verdict.cause == .rateLimited else {
                return add(
                    to: id, account, model.map(Self.isFree) == false ? ":paid" : nil, true, verdict, now)
            }
            let first = add(to: id, account, ":free", true, verdict, now)
            if model.map(Self.isFree) ?? false { return first }
            let second = add(to: id, nil, own, false, verdict, now)
            return (first.0 + second.0, first.1 && second.1)
        default: return ([], true)
        }
    }

    private mutating func add(
        to id: KeyID, _ account: String?, _ model: String?, _ isAccounts: Bool, _ verdict: Verdict,
        _ now: Int64
    ) -> ([Undo], Bool) {
        var rests = account.map { accountRests[$0] ?? [] } ?? keys[id]?.rests ?? []
        let known = rests.firstIndex {
            $0.model == model && $0.cause == verdict.cause && $0.isAccounts == isAccounts
        }
        let before = known.map { rests[$0] }
        var rest =
            before
            ?? Rest(
                isAccounts: isAccounts, model: model, cause: verdict.cause, least: now, most: now, since: now)
        // One that is over may be forgotten, and with it that it was looked into.
        if rest.least <= now { rest.forgetProofs() }
        var isCertain = true
        var isGuess = false
        if let stated = verdict.statedUntil?.milliseconds, stated - now <= 32 * 86_400_000 {
            let end = max(stated, now + 1000) + (fault == .statedEndsLate ? 10_000 : 0)
            if end > rest.most { rest.since = now }
            rest.least = max(rest.least, end)
            rest.most = max(rest.most, end)
        } else if rest.most <= now {
            rest.least = now + 60_000
            rest.most = now + 3_600_000
            rest.since = now
            isGuess = true
        } else if rest.least <= now {
            rest.most = max(rest.most, now + 3_600_000)
            isGuess = true
            isCertain = false
        }
        if let known { rests[known] = rest } else { rests.append(rest) }
        if let account { accountRests[account] = rests } else { keys[id]?.rests = rests }
        return (isGuess ? [.rest(id, account: account, before: before, after: rest)] : [], isCertain)
    }

    /// Marks that may turn out to be an incident's.
    private mutating func note(
        _ marks: [Undo], _ id: KeyID, _ verdict: Verdict, _ model: String?, _ isCertain: Bool, at now: Int64
    ) {
        let failure = Shared.Failure(
            verdict: verdict, model: model, account: keys[id]?.account, at: now, begun: shared.begun,
            isCertain: isCertain, undo: marks)
        guard let incident = shared.marked(failure) else { return }
        for undo in incident.undo { takeBack(undo, isCertain: incident.isCertain, at: now) }
    }

    private mutating func takeBack(_ undo: Undo, isCertain: Bool, at now: Int64) {
        switch undo {
        case .suspicion(let id):
            keys[id]?.isSuspect = false
            if !isCertain { keys[id]?.isEvidenceLost = true }
        case .rest(let id, let account, let before, let after):
            var rests = account.map { accountRests[$0] ?? [] } ?? keys[id]?.rests ?? []
            guard
                let known = rests.firstIndex(where: {
                    $0.model == after.model && $0.cause == after.cause && $0.isAccounts == after.isAccounts
                })
            else { return }
            if !isCertain {
                rests[known].least = min(rests[known].least, now)
            } else if rests[known] == after {
                if let before { rests[known] = before } else { rests.remove(at: known) }
            }
            if let account { accountRests[account] = rests } else { keys[id]?.rests = rests }
        }
    }

    mutating func succeeded(_ id: KeyID, _ model: String?, _ choice: Choice, begun: Int64) {
        log.append(Event(key: id, model: model, isSuccess: true))
        // What names no model may be a listing, which asks nobody for a key.
        if model != nil { successes.append((id, begun)) }
        keys[id]?.runStart = log.count
        if choice == .trial || choice == .lastResort, keys[id]?.brokenUntil != nil {
            keys[id]?.brokenUntil = nil
            keys[id]?.trialFailures = 0
        }
        if choice == .lastResort, model != nil { keys[id]?.isSuspect = false }
        if choice == .proof { keys[id]?.rests.removeAll { $0.isOneModels(model) } }
    }

    private mutating func failed(
        _ id: KeyID, _ model: String?, isTrial: Bool, isEvidence: Bool, at now: Int64
    ) {
        if isTrial {
            breakKey(id, at: now)
        } else if isEvidence, keys[id]?.brokenUntil == nil {
            log.append(Event(key: id, model: model, isSuccess: false))
            if run(of: id, on: model) >= (fault == .breaksLate ? 6 : 5) { breakKey(id, at: now) }
        }
    }

    private mutating func breakKey(_ id: KeyID, at now: Int64) {
        let failures = keys[id]?.trialFailures ?? 0
        keys[id]?.brokenUntil = now + min(60_000 << Int64(min(failures, 10)), 3_600_000)
        keys[id]?.trialFailures = failures + 1
        keys[id]?.runStart = log.count
    }

    private func run(of id: KeyID, on model: String?) -> Int {
        var count = 0
        var isSupported = true
        for event in log[(keys[id]?.runStart ?? 0)...] where event.model == model {
            if event.isSuccess {
                if event.key != id { isSupported = true }
            } else if event.key == id, isSupported || count == 0 {
                count += 1
                isSupported = false
            }
        }
        return count
    }

    /// - Returns: whether it is certain what follows; the floor may keep a key
    /// from being given up.
    mutating func checked(_ id: KeyID, valid: Bool, at now: Int64) -> Bool {
        guard var key = keys[id] else { return true }
        let isFloorReached = isFloorReached(key.pool) ?? true
        var isCertain = true
        if valid {
            successes.append((id, now))
            key.isSuspect = false
            key.isInvalid = false
        } else if !key.isInvalid {
            key.isSuspect = true
            if let first = key.firstRejection {
                if now - first >= 600_000, successes.contains(where: { $0.key != id && $0.at > first }) {
                    key.isInvalid = true
                    key.isSuspect = false
                    isCertain = !isFloorReached
                }
            } else {
                key.firstRejection = now
            }
        }
        keys[id] = key
        return isCertain
    }

    mutating func reset(_ id: KeyID) {
        guard var key = keys[id] else { return }
        key.rests = []
        key.isSuspect = false
        key.isInvalid = false
        key.brokenUntil = nil
        key.trialFailures = 0
        key.isEvidenceLost = false
        key.runStart = log.count
        if let account = key.account { accountRests[account] = [] }
        keys[id] = key
    }

    /// By an operator.
    mutating func givenUp(_ id: KeyID) {
        keys[id]?.isSuspect = false
        keys[id]?.isInvalid = true
        keys[id]?.isEvidenceLost = false
    }

    /// The daemon died: leases and evidence are gone, states are not.
    mutating func restarted() {
        log = []
        shared.restarted()
        for id in keys.ids {
            keys[id]?.inFlight = 0
            keys[id]?.trialsRunning = 0
            keys[id]?.runStart = 0
            // When a rest was last looked into may not have reached the disk.
            for i in (keys[id]?.rests ?? []).indices { keys[id]?.rests[i].forgetProofs() }
            // Which other credentials worked meanwhile is on disk in part only.
            if keys[id]?.isSuspect == true { keys[id]?.isEvidenceLost = true }
        }
    }
}
