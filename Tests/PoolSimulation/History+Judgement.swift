import ORKit

// What must hold after every event, and in the end.

extension History {
    mutating func check(_ event: Int) {
        drain()
        guard let key = oracle.keys.ids.randomElement(using: &rng) else { return }
        guard let standing = engine.standing(of: key, at: now) else { return fail("key \(key.raw) is lost") }
        if standing.inFlight != oracle.keys[key]?.inFlight {
            fail(
                "key \(key.raw): \(standing.inFlight) in flight instead of \(oracle.keys[key]?.inFlight ?? -1)"
            )
        }
        if let state = oracle.state(of: key, at: wall), state != standing.state {
            fail("key \(key.raw) is \(standing.state) instead of \(state) after event \(event)")
        }
        if oracle.keys[key]?.isSuspect == true, standing.state == .suspect,
            !engine.suspects(at: later(3_600_000)).contains(key)
        {
            fail("key \(key.raw) is never checked")
        }
        if oracle.surelyRestsForNothing(key, at: wall),
            standing.facts.rests.contains(where: { $0.isActive(at: now.wall) && $0.isPlain })
        {
            fail("key \(key.raw) rests without a reason: \(standing.facts.rests)")
        }
        if event % 16 == 0 {
            var states: [KeyState: Int] = [:]
            for id in oracle.keys.ids {
                engine.standing(of: id, at: now).map { states[$0.state, default: 0] += 1 }
            }
            if engine.tally(at: now).filter({ $0.value > 0 }) != states { fail("the tally is wrong") }
        }
    }

    private func later(_ milliseconds: Int64) -> Now {
        Now(monotonic: now.monotonic, wall: now.wall.advanced(byMilliseconds: milliseconds))
    }

    /// Faults end, time passes, one healthy key joins: everything is served.
    mutating func finish() {
        for var flight in flights {
            noteQueue(&flight, wasServed: false)
            if flight.isRelayed {
                end(flight, 0)
            } else {
                var allowance = flight.allowance
                giveBack(flight.lease)
                _ = engine.heard(
                    flight.lease, Utterance.noName.verdict(at: now), ask: flight.ask,
                    allowance: &allowance,
                    replayable: false, at: now, using: &rng, effects: &effects)
            }
        }
        flights = []
        for pool in Set((0...2).map { oracle.known(PoolID($0)) }).sorted(by: { $0.raw < $1.raw }) {
            addKey()
            guard isWild, let id = oracle.keys.ids.last else { break }
            change(id, "pool") { $0.pool = pool }
            oracle.keys[id]?.pool = pool
        }
        wait(33 * 86_400_000)
        letGo()
        if !guests.isEmpty { fail("\(guests.count) wait for ever") }
        for _ in 0..<10 {
            let ask = Ask(
                client: .anonymous, model: Self.models[chance(0...3)],
                pool: oracle.known(isWild ? PoolID(Int64(chance(0...2))) : .first))
            guard case .lease(let lease) = engine.begin(ask, at: now, using: &rng) else {
                return fail("refused with a healthy key in the pool")
            }
            var allowance = Allowance()
            _ = engine.heard(
                lease, .ok, ask: ask, allowance: &allowance, replayable: true, at: now, using: &rng,
                effects: &effects)
            engine.end(
                lease, Outcome(end: .complete, usage: nil, headMilliseconds: 1), at: now, effects: &effects)
        }
        for key in oracle.keys.ids where engine.standing(of: key, at: now)?.inFlight != 0 {
            fail("key \(key.raw) has leases at the end")
        }
        drain()
    }
}
