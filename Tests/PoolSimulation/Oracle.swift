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
        guard known(pool) == pool else { return [] }
        var plan = [pool]
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

    func rests(of key: Key) -> [Rest] { key.rests + (key.account.flatMap { accountRests[$0] } ?? []) }

    static func covers(_ rest: Rest, _ model: String?) -> Bool {
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
        return out > min(allowedOut(pool), all - 1)
    }

    /// How many keys automation may keep out.
    func allowedOut(_ pool: PoolID) -> Int {
        let all = keys.ids.count { keys[$0].map { $0.enabled && $0.pool == pool } ?? false }
        let share = pools.first { $0.id == pool }?.floorShare ?? 500
        return max(0, min(all * share / 1000, all - 1))
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
}
