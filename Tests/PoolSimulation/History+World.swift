import ORKit

// Time, operators, restarts.

extension History {
    mutating func wait(_ milliseconds: Int64) {
        now.wall = now.wall.advanced(byMilliseconds: milliseconds)
        now.monotonic += milliseconds * 1_000_000
    }

    mutating func tick() {
        let next = engine.tick(at: now, effects: &effects)
        if let next, next < now.wall { fail("wants to have been called earlier") }
    }

    mutating func checkSuspects() {
        for key in engine.suspects(at: now) {
            if oracle.keys[key]?.isSuspect != true, oracle.keys[key]?.isEvidenceLost != true {
                fail("key \(key.raw) is to be checked and not suspect")
            }
            let valid = fates[key] != .dead && !isRejecting
            note(valid ? "check-valid" : "check-rejected")
            effects += engine.checked(key, valid: valid, at: now)
            if !valid { judgeDeath(key) }
            let isCertain = oracle.checked(key, valid: valid, at: wall)
            if isCertain { settleLostEvidence(key) } else { adopt(key) }
        }
    }

    /// Nobody is given up above the floor.
    private mutating func judgeDeath(_ key: KeyID) {
        guard let pool = oracle.keys[key]?.pool, engine.standing(of: key, at: now)?.state == .invalid else {
            return
        }
        let dead = oracle.keys.ids.filter { id in
            oracle.keys[id]?.pool == pool && engine.standing(of: id, at: now)?.state == .invalid
        }
        if dead.count > oracle.allowedOut(pool) { fail("key \(key.raw) is given up above the floor") }
    }

    mutating func askForReports() {
        for key in engine.reportsDue(at: now, limit: 16)
        // One key's report may have answered for others of its account.
        where engine.reportsDue(at: now, limit: 16).contains(key) {
            if !oracle.isWorthAsking(key, at: wall) {
                let rests = engine.standing(of: key, at: now)?.facts.rests ?? []
                fail("key \(key.raw) is asked about for nothing: \(rests)")
            }
            note("reported")
            tell("key \(key.raw) is asked about")
            guard chance(0...3) > 0 else {
                effects += engine.reported(key, nil, at: now)
                continue
            }
            let report = KeyReport(
                hasKeyLimitLeft: chance(0...1) == 0, hasFreeRequestsLeft: chance(0...1) == 0)
            tell("report of key \(key.raw)")
            effects += engine.reported(key, report, at: now)
            oracle.reported(
                key, keyLimitLeft: report.hasKeyLimitLeft == true,
                freeLeft: report.hasFreeRequestsLeft == true)
        }
    }

    private var isRejecting: Bool { storm.map { $0.kind == .rejections && wall < $0.until } ?? false }

    /// Takes the engine's word about a key.
    private mutating func adopt(_ key: KeyID) {
        guard let facts = engine.standing(of: key, at: now)?.facts else { return }
        oracle.keys[key]?.isInvalid = facts.invalidSince != nil
        oracle.keys[key]?.isSuspect = facts.suspectSince != nil
    }

    /// After a restart the engine may know of fewer successes than there were,
    /// and then stays on the safe side: its word is taken once.
    mutating func settleLostEvidence(_ key: KeyID) {
        guard oracle.keys[key]?.isEvidenceLost == true else { return }
        let isInvalid = engine.standing(of: key, at: now)?.facts.invalidSince != nil
        if oracle.keys[key]?.isInvalid == false, isInvalid {
            fail("key \(key.raw) is invalid without evidence")
        }
        oracle.keys[key]?.isInvalid = isInvalid
        oracle.keys[key]?.isSuspect = engine.standing(of: key, at: now)?.facts.suspectSince != nil
    }

    mutating func operate() {
        guard let key = oracle.keys.ids.randomElement(using: &rng) else { return addKey() }
        switch chance(0...9) {
        case 0..<3: change(key, "disable") { $0.enabled = false }
        case 3..<6: change(key, "enable") { $0.enabled = true }
        case 6: addKey()
        case 7 where isWild && key.raw % 4 == 3:
            tell("key \(key.raw) is declared invalid")
            effects += engine.apply(.giveUp(key, because: "", trigger: "set-state"), at: now)
            oracle.givenUp(key)
        case 7:
            tell("reset of key \(key.raw)")
            effects += engine.apply(.reset(key, trigger: "reset"), at: now)
            oracle.reset(key)
        case 8 where isWild && chance(0...2) > 0:
            guard chance(0...1) == 0 else { return changePools() }
            let pool = oracle.known(PoolID(Int64(chance(0...2))))
            note("moved")
            tell("key \(key.raw) moves to pool \(pool.raw)")
            change(key, "pool") { $0.pool = pool }
            oracle.keys[key]?.pool = pool
        case 8:
            effects += engine.apply(.strategy(Strategy.allCases[chance(0...6)]), at: now)
        default:
            tell("removal of key \(key.raw)")
            effects += engine.apply(.remove(key), at: now)
            note("removed")
            let account = oracle.keys[key]?.account
            oracle.keys[key] = nil
            disk[key] = nil
            if let account, !oracle.keys.ids.contains(where: { oracle.keys[$0]?.account == account }) {
                oracle.accountRests[account] = nil
            }
        }
    }

    mutating func change(_ key: KeyID, _ trigger: String, _ body: (inout KeyRecord) -> Void) {
        guard var record = disk[key] else { return }
        body(&record)
        disk[key] = record
        effects += engine.apply(.update(record, trigger: trigger), at: now)
        oracle.keys[key]?.enabled = record.enabled
    }

    mutating func makePools() {
        for record in pools { effects += engine.apply(.pool(record), at: now) }
        oracle.pools = pools
    }

    /// A pool is changed, defined again after it was removed, or removed: its
    /// keys go to the first.
    private mutating func changePools() {
        let id = PoolID(Int64(chance(1...2)))
        pools.removeAll { $0.id == id }
        if chance(0...3) > 0 {
            note("pool")
            pools.append(
                PoolRecord(
                    id: id, strategy: chance(0...1) == 0 ? nil : Strategy.allCases[chance(0...6)],
                    objective: objective(onceIn: 2),
                    floorShare: chance(0...1) == 0 ? nil : chance(0...4) * 250,
                    fallback: chance(0...2) == 0 ? nil : PoolID(Int64(chance(0...2)))))
        } else {
            note("pool-removed")
            effects += engine.apply(.removePool(id), at: now)
            for key in oracle.keys.ids where oracle.keys[key]?.pool == id {
                oracle.keys[key]?.pool = .first
                disk[key]?.pool = .first
            }
        }
        let names = pools.map { "\($0.id.raw) before \($0.fallback?.raw ?? -1)" }
        tell("pools: \(names)")
        makePools()
    }

    mutating func addKey() {
        let id = KeyID(nextKey)
        nextKey += 1
        let account =
            isHomeless
            ? nil
            : isStorm
                ? "a\(id.raw <= 4 ? id.raw : Int64(chance(1...4)))"
                : chance(0...1) == 0 ? "a\(chance(0...4))" : nil
        let record = KeyRecord(
            id: id, secret: Secret("k".utf8), provider: "openrouter", account: account, weight: chance(1...9),
            enabled: true, facts: KeyFacts(), priority: isWild ? skewed(3) : 0,
            maxInFlight: isWild && chance(0...2) == 0 ? chance(1...3) : 0,
            pool: isWild ? oracle.known(PoolID(Int64(skewed(3)))) : .first)
        disk[id] = record
        fates[id] =
            isStorm
            ? (id.raw == 5 ? .dead : .healthy)
            : isCalm ? (id.raw == 1 ? .sick : .healthy) : Fate.allCases[skewed(4)]
        effects += engine.apply(.add([record]), at: now)
        oracle.keys[id] = Oracle.Key(
            account: account, pool: record.pool, priority: record.priority, maxInFlight: record.maxInFlight)
    }

    /// The process dies; only what was kept is there again.
    mutating func restart() {
        note("restart")
        tell("restart")
        drain()
        if chance(0...1) == 0 {
            for (key, facts) in engine.takeDirty(limit: .max) { disk[key]?.facts = facts }
        }
        flights = []
        (guests, isQueueSlow) = ([], false)
        engine = Engine(settings: engine.settings)
        if isWild { makePools() }
        effects += engine.apply(.add(disk.ids.compactMap { disk[$0] }), at: now)
        oracle.restarted()
    }

    mutating func drain() {
        for effect in effects {
            switch effect {
            case .keepFacts(let key, let facts): disk[key]?.facts = facts
            case .keepAccount(let key, _, _): fail("key \(key.raw) has an account by hearsay")
            case .keepLimit: fail("no answer told of a limit")
            case .keepUse(let key, _), .capacity(let key, _): fail("key \(key.raw) has no quota")
            case .marked(let key, let mark, _): tell("key \(key.raw): \(mark.kind) by \(mark.rest.rule)")
            case .transition(let transition):
                note(transition.trigger)
                tell(
                    "key \(transition.key.raw): \(transition.from) to \(transition.to) by \(transition.trigger)"
                )
                judge(transition)
                record(transition.key.raw, Int64(transition.trigger.utf8.count))
            }
        }
        effects = []
    }

    private static let orders: Set<String> = ["enable", "disable", "reset", "pool"]

    /// It is in the table of legal transitions, and counted.
    private mutating func judge(_ transition: Transition) {
        let author: TransitionAuthor =
            transition.trigger == "set-state"
            ? .declaration : Self.orders.contains(transition.trigger) ? .order : .engine
        note("\(author.rawValue): \(transition.from) to \(transition.to)")
        if !author.ends(from: transition.from).contains(transition.to) {
            fail("\(transition.from) to \(transition.to) by \(transition.trigger) is not legal")
        }
    }
}
