import ORKit

// What a request may try after a failure (ruling 9).

extension History {
    /// Puts a failure on the request's own account.
    mutating func use(_ verdict: Verdict, _ account: String?, of flight: inout Flight) {
        flight.tried.append(flight.lease.key)
        if let account, verdict.remedy == .rotate { flight.refusedAccounts.insert(account) }
        if verdict.remedy == .retry { flight.retries += 1 }
        if verdict.rule == "429-bare" { flight.bareLimits += 1 }
        flight.deadline = flight.deadline ?? wall + 600_000
    }

    mutating func again(_ other: Lease, _ pause: Int64, after flight: Flight, _ verdict: Verdict) {
        record(pause, 1)
        note("again")
        if !mayTry(flight, verdict) { fail("tried again after \(verdict.rule)") }
        let account = oracle.keys[other.key]?.account
        if other.choice == .sameAgain {
            judge(pause, after: flight, verdict)
            if other.key != flight.lease.key { fail("another key after a pause") }
            if verdict.remedy != .giveUp, let key = untried(flight) {
                fail("the same key again although key \(key.raw) is free")
            }
        } else if pause != 0 || verdict.remedy == .giveUp || flight.tried.contains(other.key) {
            fail("key \(other.key.raw) again after \(pause) ms and \(verdict.rule)")
        } else if let account, flight.refusedAccounts.contains(account) {
            fail("key \(other.key.raw) of an account that was refused")
        }
        take(other, flight.ask, attempt: flight.lease.attempt + 1, after: pause)
        var next = flight
        next.lease = other
        next.serial = oracle.shared.begun
        next.begun = wall
        if other.choice == .sameAgain, verdict.remedy != .retry { next.waits += 1 }
        flights.append(next)
    }

    /// A pause is a backoff, or the wait that the upstream stated.
    private mutating func judge(_ pause: Int64, after flight: Flight, _ verdict: Verdict) {
        if verdict.remedy == .retry {
            let stated = verdict.statedUntil.map { $0.milliseconds - wall } ?? 0
            if pause != max(1000 << Int64(flight.retries - 1), stated) || stated > 10_000 {
                fail("backed off for \(pause) ms")
            }
            return
        }
        note("waited")
        let stated = verdict.statedUntil.map { max(1000, $0.milliseconds - wall) }
        if stated != pause || pause > 10_000 || flight.waits >= 2 {
            fail("waits \(pause) ms after \(verdict.rule)")
        }
        if let deadline = flight.deadline, wall + pause >= deadline { fail("waits beyond the deadline") }
    }

    mutating func refused(_ refusal: Refusal, after flight: Flight, _ verdict: Verdict) {
        record(Int64(refusal.status), 2)
        tell("gave up: \(refusal.code.rawValue)")
        note("refused-\(refusal.status)")
        note(refusal.code.rawValue)
        if [401, 402].contains(refusal.status) { fail("the caller is blamed with \(refusal.status)") }
        guard verdict.remedy != .giveUp, mayTry(flight, verdict), !mayWait(flight.ask.model) else { return }
        if let key = untried(flight) { fail("gave up although key \(key.raw) is free") }
    }

    private func mayTry(_ flight: Flight, _ verdict: Verdict) -> Bool {
        flight.ask.replayable && flight.retries <= 2 && flight.tried.count < 64
            && !(verdict.rule == "429-bare" && flight.bareLimits > 2)
            && (flight.deadline.map { wall < $0 } ?? true)
    }

    /// A key that the request could still be tried on.
    private func untried(_ flight: Flight) -> KeyID? {
        oracle.servers(oracle.plan(flight.ask.pool), flight.ask.model, at: wall).first { id in
            !flight.tried.contains(id)
                && !(oracle.keys[id]?.account.map(flight.refusedAccounts.contains) ?? false)
        }
    }
}
