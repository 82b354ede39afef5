// What an operator asks about the pool as a whole.

extension Engine {
    /// Why no key at all can serve at this moment, as a request that names no
    /// model would hear it; nil while at least one can, if only for some
    /// models: a key without credit still serves the free ones.
    public mutating func standstill(at now: Now) -> Refusal? {
        guard !pool.isAnyOpen(at: now.wall) else { return nil }
        return outlook(for: Ask(client: .anonymous, model: nil), at: now.wall)
    }

    /// How many keys have something that is over and that nobody has looked at
    /// since: what the next calls of `tick` will do.
    public func due(at now: Now) -> Int { pool.wakes.slots(upTo: now.wall.milliseconds).count }

    /// How many rests ended so long ago that they say nothing about the length
    /// of the next one.
    public func staleRests(at now: Now) -> Int {
        pool.slots.indices.reduce(0) { count, place in
            let rests = pool.slots[place].live ? pool.slots[place].facts.rests : []
            return count + rests.count(where: isStale(now.wall))
        }
    }

    /// Forgets those rests. Nothing changes but that the next guess begins
    /// anew.
    ///
    /// - Returns: how many there were.
    public mutating func forgetStaleRests(at now: Now, effects: inout [Effect]) -> Int {
        let isStale = isStale(now.wall)
        var count = 0
        for place in pool.slots.indices where pool.slots[place].live && !pool.slots[place].facts.rests.isEmpty
        {
            let stale = pool.slots[place].facts.rests.count(where: isStale)
            guard stale > 0 else { continue }
            pool.slots[place].facts.rests.removeAll(where: isStale)
            effects.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
            count += stale
        }
        return count
    }

    /// A guess is remembered for as long as the longest guess after its end.
    /// The breaker's and the suspicion's rests are part of a state.
    private func isStale(_ now: WallTime) -> (Rest) -> Bool {
        let limit = now.milliseconds - settings.longestGuessedRest
        return { $0.isPlain && ($0.untilMilliseconds ?? .max) <= limit }
    }
}
