import ORKit

// Requests that come, and the keys that they get.

extension History {
    mutating func begin() {
        let model = Self.models[isCalm ? 0 : chance(0...3)]
        let affinity = chance(0...2) == 0 ? UInt64(chance(0...99)) : nil
        let pool = isWild ? PoolID(Int64(skewed(3))) : .first
        begin(
            Ask(
                client: isPatient ? ClientID(Int64(chance(1...4))) : .anonymous, model: model,
                replayable: chance(0...9) > 0, affinity: affinity, pool: pool,
                objective: objective(onceIn: 3)))
    }

    /// What a request or a pool aims at, in histories that do at all.
    mutating func objective(onceIn times: Int) -> Objective? {
        guard isChoosy, chance(0...times - 1) == 0 else { return nil }
        let aims = Objective.Aim.allCases
        var weights = [aims[chance(0...4)]: chance(0...1000)]
        weights[aims[chance(0...4)]] = chance(0...1000)
        return Objective(thousandths: weights)
    }

    mutating func begin(_ ask: Ask) {
        let model = ask.model
        switch engine.begin(ask, at: now, using: &rng) {
        case .lease(let lease):
            if someoneWaits(like: ask) { fail("overtakes those who wait for the same") }
            judgeTrial(lease, ask)
            take(lease, ask, attempt: 1)
            flights.append(Flight(lease: lease, ask: ask, serial: oracle.shared.begun, begun: wall))
        case .refuse(let refusal):
            tell("refused: \(refusal.code.rawValue)")
            note("refused-\(refusal.status)")
            note(refusal.code.rawValue)
            if !someoneWaits(like: ask), !mayWait(model),
                let reason = oracle.wrong(toRefuse: model, of: ask.pool, at: wall)
            {
                fail("refused \(refusal.code.rawValue) although \(reason)")
            }
            if let wait = refusal.retryAfterMilliseconds, wait < 1 { fail("retry after \(wait)") }
            enter(ask, refusal)
        }
    }

    /// The pool's own keys come first, then those of its fallback, then the
    /// last resorts of both.
    private mutating func judgePool(_ lease: Lease, _ ask: Ask, _ attempt: Int) {
        guard let pool = oracle.keys[lease.key]?.pool else { return }
        let plan = oracle.plan(ask.pool)
        guard let place = plan.firstIndex(of: pool) else {
            return fail("leased key \(lease.key.raw) of another pool")
        }
        if place > 0 { note("fallback") }
        guard attempt == 1 else { return }
        let earlier = lease.choice == .lastResort ? plan : Array(plan[..<place])
        if let key = oracle.servers(earlier, lease.model, at: wall).first {
            fail("leased key \(lease.key.raw) (\(lease.choice.name)) although key \(key.raw) is free")
        }
    }

    /// A trial that is due comes before whoever would serve.
    mutating func judgeTrial(_ lease: Lease, _ ask: Ask) {
        guard ask.replayable, lease.choice != .trial, let pool = oracle.keys[lease.key]?.pool,
            !flights.contains(where: { $0.lease.choice == .trial })
        else { return }
        let plan = oracle.plan(ask.pool)
        guard !plan.isEmpty else { return }
        let reached = lease.choice == .lastResort ? plan.count - 1 : plan.firstIndex(of: pool) ?? 0
        if let key = oracle.dueForTrial(ask.model, of: plan[...reached], at: wall) {
            fail("leased key \(lease.key.raw) although the trial of key \(key.raw) is due")
        }
    }

    /// Whether a request may have to wait for what all keys share.
    func mayWait(_ model: String?) -> Bool {
        oracle.shared.mayWait(model, probes: { after in flights.contains { $0.serial > after } }, at: wall)
    }

    mutating func take(_ lease: Lease, _ ask: Ask, attempt: Int, after pause: Int64 = 0) {
        judgePool(lease, ask, attempt)
        oracle.shared.expire(at: wall)
        oracle.shared.begun += 1
        record(lease.key.raw, Int64(lease.choice.rawValue))
        tell(
            "lease of key \(lease.key.raw) (\(lease.choice.name)) for \(lease.model ?? "no model"), attempt \(attempt)"
        )
        note("lease-\(lease.choice.name)")
        if lease.attempt != attempt { fail("attempt \(lease.attempt) instead of \(attempt)") }
        let isTrial = lease.choice == .trial
        if let objection = oracle.objection(
            to: lease.key, for: ask, lease.choice, at: wall + pause)
        {
            fail("leased key \(lease.key.raw), which \(objection)")
        }
        if let objection = oracle.shared.objection(lease.model, at: wall) {
            fail("leased key \(lease.key.raw) although \(objection)")
        }
        if attempt == 1, lease.choice != .trial, lease.choice != .proof,
            let key = oracle.better(than: lease.key, lease.model, at: wall)
        {
            fail("leased key \(lease.key.raw) although key \(key.raw) has a better priority")
        }
        if lease.choice == .proof {
            if flights.contains(where: { $0.lease.choice == .proof }) { fail("two look for a sign of life") }
            oracle.lookedInto(lease.key, lease.model, at: wall)
        }
        oracle.keys[lease.key]?.inFlight += 1
        if isTrial { oracle.keys[lease.key]?.trialsRunning += 1 }
    }

    mutating func giveBack(_ lease: Lease) {
        oracle.keys[lease.key]?.inFlight -= 1
        if lease.choice == .trial { oracle.keys[lease.key]?.trialsRunning -= 1 }
    }
}
