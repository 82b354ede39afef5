import ORKit

/// What must be true of a pool, worked out the slow and plain way: lists
/// instead of indexes, accounts as owners of their rests, failure runs read
/// from a log. Where the engine guesses a length, the oracle knows bounds.
package struct Oracle {
    struct Rest: Equatable {
        /// A key without a name for its account has both kinds in one list.
        var isAccounts: Bool
        var model: String?
        var cause: Cause
        /// Surely resting before this.
        var least: Int64
        /// Surely over from here on.
        var most: Int64
        /// When it was surely last stated or guessed.
        var since: Int64
        /// Signs of life that were looked for, and the last time.
        var proofs = 0
        var proved = Int64.min

        /// Of that model on one key alone.
        func isOneModels(_ model: String?) -> Bool { !isAccounts && self.model == model && model != nil }

        mutating func forgetProofs() { (proofs, proved) = (0, .min) }

        func mayBeProved(at now: Int64) -> Bool {
            now - max(since, proved) >= min(600_000 << Int64(min(proofs, 10)), 21_600_000)
        }
    }

    struct Key {
        var enabled = true
        var account: String?
        var pool = PoolID.first
        var priority = 0
        /// 0: no bound.
        var maxInFlight = 0
        var rests: [Rest] = []
        var isSuspect = false
        var isInvalid = false
        var firstRejection: Int64?
        var isEvidenceLost = false
        var brokenUntil: Int64?
        var trialFailures = 0
        var trialsRunning = 0
        var inFlight = 0
        /// Events up to here no longer count against it.
        var runStart = 0

        var isFull: Bool { maxInFlight > 0 && inFlight >= maxInFlight }

        /// Kept out by what was guessed.
        var isDoubted: Bool { isSuspect || brokenUntil != nil }
    }

    /// Known faults of the oracle: a checker that does not notice them checks
    /// nothing.
    package enum Fault: CaseIterable, Sendable { case none, statedEndsLate, blamesAnother, breaksLate }

    /// How to forget what one failure was taken for.
    enum Undo {
        case suspicion(KeyID)
        case rest(KeyID, account: String?, before: Rest?, after: Rest)
    }

    struct Event {
        var key: KeyID
        var model: String?
        var isSuccess: Bool
    }

    let fault: Fault
    var keys = KeyTable<Key>()
    var accountRests: [String: [Rest]] = [:]
    var log: [Event] = []
    var successes: [(key: KeyID, at: Int64)] = []
    var shared = Shared()
    /// But for the first.
    var pools: [PoolRecord] = []

    /// A pool that is gone is the first.
    func known(_ pool: PoolID) -> PoolID { pools.contains { $0.id == pool } ? pool : .first }

    /// The pools that may serve a request, in order.
    func plan(_ pool: PoolID) -> [PoolID] {
        var plan = [known(pool)]
        while let last = pools.first(where: { $0.id == plan[plan.count - 1] }), let next = last.fallback,
            known(next) == next, !plan.contains(next)
        {
            plan.append(next)
        }
        return plan
    }

    /// Keys of those pools that surely serve.
    func servers(_ pools: [PoolID], _ model: String?, at now: Int64) -> [KeyID] {
        keys.ids.filter { id in
            keys[id].map { pools.contains($0.pool) } ?? false && surelyServes(id, model, at: now)
        }
    }

    init(fault: Fault) { self.fault = fault }

    // Who may serve

    private func rests(of key: Key) -> [Rest] { key.rests + (key.account.flatMap { accountRests[$0] } ?? []) }

    private static func covers(_ rest: Rest, _ model: String?) -> Bool {
        switch rest.model {
        case nil: true
        case ":free": model.map(isFree) ?? false
        case ":paid": model.map { !isFree($0) } ?? false
        case let name: name == (model ?? ":none")
        }
    }

    static func isFree(_ model: String) -> Bool { model.hasSuffix(":free") }

    /// Why the key must not be leased; nil: it may be, or it may be known to
    /// the engine alone.
    func objection(to id: KeyID, for ask: Ask, _ choice: Choice, at now: Int64) -> String? {
        let model = ask.model
        guard let key = keys[id] else { return "is not in the pool" }
        if !key.enabled { return "is disabled" }
        if key.isInvalid { return "is invalid" }
        if key.isFull { return "is full" }
        let active = rests(of: key).filter { $0.least > now && Self.covers($0, model) }
        if choice == .proof {
            // Free models' names end like their class.
            if active.contains(where: { $0.isAccounts || $0.model != model }) { return "rests for more" }
            if active.contains(where: { !$0.mayBeProved(at: now) }) { return "was looked into lately" }
            if key.isDoubted { return "is doubted" }
            let plan = plan(ask.pool)
            let others = keys.ids.filter { $0 != id && (keys[$0].map { plan.contains($0.pool) } ?? false) }
            return others.contains { objection(to: $0, for: ask, .onlyOne, at: now) == nil }
                ? nil : "is looked into although no other key can serve"
        }
        if !active.isEmpty { return "rests" }
        let isTrial = choice == .trial
        if choice == .lastResort || (choice == .sameAgain && key.isDoubted) {
            if !key.isDoubted, !key.isEvidenceLost { return "is the last resort without being doubted" }
            return isFloorReached(key.pool) ?? true ? nil : "is the last resort above the floor"
        }
        if key.isSuspect { return "is suspect" }
        if let until = key.brokenUntil {
            if !isTrial { return "is broken" }
            if until > now { return "is broken and not due" }
            if key.trialsRunning > 0 { return "is on trial already" }
        } else if isTrial {
            return "is on trial without being broken"
        }
        return nil
    }

    /// `GET /key` told what is left.
    mutating func reported(_ id: KeyID, keyLimitLeft: Bool, freeLeft: Bool) {
        guard let key = keys[id] else { return }
        func isOver(_ rest: Rest) -> Bool {
            rest.isAccounts
                ? freeLeft && rest.cause == .rateLimited && rest.model == ":free"
                : keyLimitLeft && rest.model == nil && rest.cause == .keyLimit
        }
        keys[id]?.rests.removeAll(where: isOver)
        if let account = key.account { accountRests[account]?.removeAll(where: isOver) }
    }

    /// Whether there is anything that `GET /key` could tell.
    func isWorthAsking(_ id: KeyID, at now: Int64) -> Bool {
        guard let key = keys[id] else { return false }
        return rests(of: key).contains {
            $0.most > now && now - $0.since >= 600_000
                && ($0.isAccounts
                    ? $0.cause == .rateLimited && $0.model == ":free"
                    : $0.model == nil && $0.cause == .keyLimit)
        }
    }

    mutating func lookedInto(_ id: KeyID, _ model: String?, at now: Int64) {
        guard let count = keys[id]?.rests.count else { return }
        for i in 0..<count where keys[id]?.rests[i].model == model && keys[id]?.rests[i].isAccounts == false {
            keys[id]?.rests[i].proofs += 1
            keys[id]?.rests[i].proved = now
        }
    }

    /// Whether automation keeps out, or would, more than the floor allows.
    /// Nil: not known for certain.
    func isFloorReached(_ pool: PoolID) -> Bool? {
        var (all, out) = (0, 0)
        for id in keys.ids {
            guard let key = keys[id], key.enabled, key.pool == pool else { continue }
            if key.isEvidenceLost { return nil }
            all += 1
            if key.isInvalid || key.isDoubted { out += 1 }
        }
        let share = pools.first { $0.id == pool }?.floorShare ?? 500
        return out > min(all * share / 1000, all - 1)
    }

    /// Nothing but a guess keeps the key from serving.
    func surelyOnlyDoubted(_ id: KeyID, _ model: String?, at now: Int64) -> Bool {
        guard let key = keys[id] else { return false }
        return !key.isEvidenceLost && key.isDoubted && !key.isFull
            && !rests(of: key).contains { $0.most > now && Self.covers($0, model) }
    }

    /// A broken key that surely has to show now whether it works again.
    func dueForTrial(_ model: String?, of pools: some Collection<PoolID>, at now: Int64) -> KeyID? {
        keys.ids.first { id in
            guard let key = keys[id], pools.contains(key.pool), key.enabled, !key.isInvalid, !key.isSuspect,
                key.trialsRunning == 0,
                let until = key.brokenUntil
            else { return false }
            return until <= now && surelyOnlyDoubted(id, model, at: now)
        }
    }

    /// Somebody who surely serves and comes before this key.
    func better(than id: KeyID, _ model: String?, at now: Int64) -> KeyID? {
        let (priority, pool) = (keys[id]?.priority ?? 0, keys[id]?.pool)
        return keys.ids.first { other in
            keys[other].map { $0.pool == pool && $0.priority < priority } ?? false
                && surelyServes(other, model, at: now)
        }
    }

    /// Why a request must not have been refused; nil: it may be right.
    func wrong(toRefuse model: String?, of pool: PoolID, at now: Int64) -> String? {
        let plan = plan(pool)
        if let key = servers(plan, model, at: now).first { return "key \(key.raw) could serve" }
        return plan.lazy.compactMap { wrong(toUseNoneOf: $0, for: model, at: now) }.first
    }

    private func wrong(toUseNoneOf pool: PoolID, for model: String?, at now: Int64) -> String? {
        let doubted = keys.ids.filter {
            keys[$0].map {
                $0.pool == pool && $0.enabled && !$0.isInvalid && ($0.isDoubted || $0.isEvidenceLost)
            } ?? false
        }
        if let key = doubted.first(where: { id in
            surelyOnlyDoubted(id, model, at: now) && keys[id]?.isSuspect == false
                && keys[id]?.trialsRunning == 0 && keys[id]?.brokenUntil.map { $0 <= now } ?? false
        }) {
            return "key \(key.raw) could have its trial"
        }
        if isFloorReached(pool) == true, !doubted.isEmpty,
            doubted.allSatisfy({ surelyOnlyDoubted($0, model, at: now) })
        {
            return "the floor is reached"
        }
        return nil
    }

    /// Nothing whatever keeps the key from serving.
    func surelyServes(_ id: KeyID, _ model: String?, at now: Int64) -> Bool {
        guard let key = keys[id], key.enabled, !key.isInvalid, !key.isSuspect, key.brokenUntil == nil,
            !key.isEvidenceLost, !key.isFull
        else { return false }
        return !rests(of: key).contains { $0.most > now && Self.covers($0, model) }
    }

    /// The state as it must show; nil where only bounds are known.
    func state(of id: KeyID, at now: Int64) -> KeyState? {
        guard let key = keys[id], !key.isEvidenceLost else { return nil }
        if !key.enabled { return .disabled }
        if key.isInvalid { return .invalid }
        if key.brokenUntil != nil { return .broken }
        if key.isSuspect { return .suspect }
        let whole = rests(of: key).filter {
            $0.model == nil || ($0.model == ":paid" && Self.isMoney($0.cause))
        }
        if whole.contains(where: { $0.least <= now && $0.most > now }) { return nil }
        let active = whole.filter { $0.least > now }
        if active.contains(where: { Self.isMoney($0.cause) }) { return .exhausted }
        return active.isEmpty ? .usable : .resting
    }

    private static func isMoney(_ cause: Cause) -> Bool { cause == .creditsOut || cause == .keyLimit }

    func surelyRestsForNothing(_ id: KeyID, at now: Int64) -> Bool {
        guard let key = keys[id], !key.isSuspect, !key.isInvalid, key.brokenUntil == nil, !key.isEvidenceLost
        else {
            return false
        }
        return !rests(of: key).contains { $0.most > now }
    }

    // What is learnt

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
        case .ok, .badRequest: break
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
