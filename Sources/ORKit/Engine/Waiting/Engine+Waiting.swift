extension Engine {
    /// How many requests wait for a key.
    public var waiting: Int { queue.count }

    /// Has a request wait that was refused with `mayWait`.
    ///
    /// - Parameter begun: when the request came, monotonic nanoseconds: its
    ///   time in the queue counts from there.
    public mutating func enter(_ ask: Ask, begun: Int64, at now: Now) -> FairQueue.Entry {
        let (deadline, isFar) = begun.addingReportingOverflow(settings.longestQueueWait * 1_000_000)
        return queue.enter(ask, deadline: isFar ? .max : deadline, at: now)
    }

    /// Gives keys to those who wait and can be served now, in the order of the
    /// queue and a few at a time. Whoever gets one says how it went with
    /// `note`.
    public mutating func letGo(
        at now: Now, using rng: inout some RandomNumberGenerator
    ) -> [(waiter: FairQueue.Waiter, lease: Lease)] {
        guard !queue.isEmpty else { return [] }
        wake(at: now.wall, limit: Self.wakesPerDecision)
        var queue = FairQueue()
        swap(&queue, &self.queue)
        defer { swap(&queue, &self.queue) }
        var given: [(waiter: FairQueue.Waiter, lease: Lease)] = []
        // What nobody can serve is asked once, however many wait for it.
        var hopeless: Set<FairQueue.Kind> = []
        queue.release(at: now) { ask -> (place: Int, choice: Choice)? in
            guard !hopeless.contains(FairQueue.Kind(ask)) else { return nil }
            let choice = nextChoice(ask, attempt: 1, tried: [], avoiding: [], at: now.wall, using: &rng)
            if choice == nil { hopeless.insert(FairQueue.Kind(ask)) }
            return choice
        } granting: { waiter, ask, next in
            given.append((waiter, take(next.place, next.choice, ask, attempt: 1, at: now.wall)))
        }
        return given
    }

    /// Those whose deadline has passed. They are told what `begin` would say.
    public mutating func expire(at now: Now) -> [FairQueue.Waiter] {
        queue.isEmpty ? [] : queue.expire(at: now)
    }

    /// The caller has gone.
    public mutating func leave(_ waiter: FairQueue.Waiter) { queue.leave(waiter) }

    /// How it went with the key that a waiter got.
    public mutating func note(_ waiter: FairQueue.Waiter, wasServed: Bool) {
        if wasServed { queue.served(waiter) } else { queue.unserved(waiter) }
    }

    /// Why there is no key for a request, and whether it may wait for one.
    ///
    /// Waiting helps against a rest that ends in time, and where a key is only
    /// full. Nobody waits for what an operator has to do.
    public mutating func refusal(for ask: Ask, at now: WallTime) -> Refusal {
        var refusal = obstacle(for: ask, at: now) ?? outlook(for: ask, at: now)
        refusal.mayWait = mayWait(ask, refusal)
        return refusal
    }

    func mayWait(_ ask: Ask, _ refusal: Refusal) -> Bool {
        guard settings.longestQueueWait > 0 else { return false }
        if let end = refusal.retryAfterMilliseconds, end <= settings.longestQueueWait { return true }
        return queue.holds(like: ask)
            || pool.openPlan(ask.pool).contains { pool.rosters[$0].openKeys > pool.rosters[$0].base.count }
    }
}
