import ORKit

// Requests that wait for a key instead of being refused (ruling 15).

extension History {
    /// A request in the queue.
    struct Guest {
        let waiter: FairQueue.Waiter
        let ask: Ask
        /// It must be gone by then.
        let deadline: Int64

        /// Whether the same keys can serve both.
        func isLike(_ other: Ask) -> Bool { ask.pool == other.pool && ask.model == other.model }
    }

    /// What histories with a queue promise; mutants change the engine's copy.
    static let longestQueueWait: Int64 = 30_000
    static let queue = {
        var settings = FairQueue.Settings()
        settings.capacity = 5
        settings.perClient = 2
        return settings
    }()

    func someoneWaits(like ask: Ask) -> Bool { guests.contains { $0.isLike(ask) } }

    /// A refused request waits where that is offered, as a rule.
    mutating func enter(_ ask: Ask, _ refusal: Refusal) {
        let isFull = oracle.plan(ask.pool).contains { pool in
            oracle.keys.ids.contains { oracle.keys[$0].map { $0.pool == pool && $0.isFull } ?? false }
        }
        let endsInTime = refusal.retryAfterMilliseconds.map { $0 <= Self.longestQueueWait } ?? false
        guard refusal.mayWait else {
            if isPatient, endsInTime || someoneWaits(like: ask) {
                fail("may not wait, although it would help")
            }
            return
        }
        guard isPatient, endsInTime || isFull || someoneWaits(like: ask) else {
            return fail("may wait for nothing")
        }
        guard chance(0...5) > 0 else { return }
        // The request may have waited for other things before.
        let ago = Int64(chance(0...(chance(0...3) == 0 ? 31_000 : 1000)))
        let mine = guests.count { $0.ask.client == ask.client }
        let hasRoom = guests.count < Self.queue.capacity && mine < Self.queue.perClient
        switch engine.enter(ask, begun: now.monotonic - ago * 1_000_000, at: now) {
        case .waits(let waiter, let position):
            note("queued")
            if !hasRoom { fail("the queue takes in more than it may") }
            if guests.contains(where: { $0.waiter == waiter }) { fail("two in the queue have one name") }
            if !(mine + 1...guests.count + 1).contains(position) { fail("position \(position)") }
            guests.append(Guest(waiter: waiter, ask: ask, deadline: wall - ago + Self.longestQueueWait))
            tell("waits for a key in place \(position)")
        case .refused(_, let expected):
            note(hasRoom ? "queue-hopeless" : "queue-full")
            let left = Self.longestQueueWait - ago
            if hasRoom, left > 0, expected.map({ $0 <= left }) ?? true {
                fail("not let into the queue, which has room")
            }
        }
    }

    /// What the daemon does whenever a key may have become free.
    mutating func letGo() {
        guard isPatient else { return }
        for waiter in engine.expire(at: now) {
            guard let guest = leave(waiter) else { return fail("one who had gone is dropped") }
            note("queue-expired")
            if guest.deadline > wall { fail("dropped before its time") }
        }
        if guests.contains(where: { $0.deadline <= wall }) { fail("a request waits beyond its deadline") }
        // Who was let go and is silent for a second counts as served.
        let unheard = flights.filter { $0.waiter != nil }
        let fresh = unheard.count { wall - $0.letGoAt < Self.queue.patience }
        if fresh < unheard.count { isQueueSlow = false }
        let given = engine.letGo(at: now, using: &rng)
        if isQueueSlow, given.count > max(0, 1 - fresh) { fail("\(given.count) are let go after a refusal") }
        for (waiter, lease) in given { serve(waiter, lease) }
        if given.isEmpty, unheard.isEmpty { judgeSilence() }
        if engine.waiting != guests.count { fail("\(engine.waiting) wait instead of \(guests.count)") }
    }

    private mutating func serve(_ waiter: FairQueue.Waiter, _ lease: Lease) {
        let earlier = guests.prefix { $0.waiter != waiter }
        guard let guest = leave(waiter) else { return fail("one who had gone is let go") }
        note("let go")
        if earlier.contains(where: { $0.ask.client == guest.ask.client && $0.isLike(guest.ask) }) {
            fail("a request overtakes one of its own client")
        }
        judgeTrial(lease, guest.ask)
        take(lease, guest.ask, attempt: 1)
        var flight = Flight(lease: lease, ask: guest.ask, serial: oracle.shared.begun, begun: wall)
        (flight.waiter, flight.letGoAt) = (waiter, wall)
        flights.append(flight)
    }

    /// Nobody waits although there is a key.
    private mutating func judgeSilence() {
        for guest in guests where !mayWait(guest.ask.model) {
            guard let reason = oracle.wrong(toRefuse: guest.ask.model, of: guest.ask.pool, at: wall) else {
                continue
            }
            return fail("a request waits although \(reason)")
        }
    }

    /// How it went with a request that had waited.
    mutating func noteQueue(_ flight: inout Flight, wasServed: Bool) {
        guard let waiter = flight.waiter else { return }
        flight.waiter = nil
        engine.note(waiter, wasServed: wasServed)
        note(wasServed ? "queue-served" : "queue-refused")
        isQueueSlow = !wasServed && wall - flight.letGoAt < Self.queue.patience
    }

    /// Some caller goes away.
    mutating func loseGuest() {
        guard let guest = guests.randomElement(using: &rng) else { return }
        engine.leave(guest.waiter)
        _ = leave(guest.waiter)
        note("queue-left")
    }

    private mutating func leave(_ waiter: FairQueue.Waiter) -> Guest? {
        guests.firstIndex { $0.waiter == waiter }.map { guests.remove(at: $0) }
    }
}
