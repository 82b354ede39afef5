// Which key is best for an objective (PO-01 to PO-03).

/// On the slots alone: a call upon the pool would copy it whole.
extension Roster.Slots {
    /// What a choice has found: the key, and what to remember of it.
    struct Best {
        var place: Int
        /// A place that did better than one that is remembered so far, and
        /// where to put it.
        var news: (index: Int, place: Int32)?
    }

    /// The key of one pool that serves an objective best: each merit is a part
    /// of the best one's, and what each is worth is added up. Of equals the
    /// one with the fewest requests at once, then by the strategy's order.
    ///
    /// - Parameters:
    ///   - order: among whose members to look, all of that pool.
    ///   - known: places that did well.
    @inline(never)
    func best(
        for objective: Objective, in order: Order, of pool: PoolID, remembering known: [Int32],
        using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool
    ) -> Best? {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Order.compared) { sample in
            let (count, old) = order.sample(into: sample, remembering: known, using: &rng, where: fits)
            guard count > 0 else { return nil }
            let scale = scale(of: sample[..<count], objective)
            var best = (place: sample[0], score: score(Int(sample[0]), objective, scale))
            var worst = best
            for place in sample[1..<count] {
                let score = score(Int(place), objective, scale)
                if score > best.score || score == best.score && isBefore(Int(place), Int(best.place)) {
                    best = (place, score)
                }
                if score < worst.score { worst = (place, score) }
            }
            guard let old, old < count else { return Best(place: Int(best.place)) }
            let isNew = sample[old..<count].contains(best.place)
            let place = isNew ? best.place : sample[old]
            return Best(
                place: Int(best.place),
                news: index(besides: worst.place, of: pool, known).map { ($0, place) })
        }
    }

    /// Where a new place is remembered: behind the others while there is room,
    /// then instead of one that cannot serve any more, or of the worst. Nil:
    /// it is the worst itself.
    private func index(besides worst: Int32, of pool: PoolID, _ known: [Int32]) -> Int? {
        guard known.count == Order.remembered else { return known.count }
        return known.firstIndex { !self[Int($0)].isOpen || self[Int($0)].pool != pool }
            ?? known.firstIndex(of: worst)
    }

    /// The best that there is, by which the others are measured.
    private typealias Scale = (latency: Double, usage: Double, price: Double)

    private func scale(of places: Slice<UnsafeMutableBufferPointer<Int32>>, _ objective: Objective) -> Scale {
        var scale = Scale(latency: .infinity, usage: .infinity, price: .infinity)
        guard objective[.latency] > 0 || objective[.fairness] > 0 || objective[.cost] > 0 else {
            return scale
        }
        for place in places {
            let place = Int(place)
            if objective[.fairness] > 0 { scale.usage = min(scale.usage, usage(place)) }
            if objective[.latency] > 0, let latency = self[place].facts.latency, latency > 0 {
                scale.latency = min(scale.latency, latency)
            }
            let price = self[place].price.part
            if objective[.cost] > 0, price > 0 { scale.price = min(scale.price, price) }
        }
        return scale
    }

    @inline(__always)
    private func score(_ place: Int, _ objective: Objective, _ scale: Scale) -> Double {
        var score = 0.0
        let attempts = self[place].facts.counters.attempts
        if objective[.availability] > 0 {
            let taken = Double(1000 - self[place].refusals.thousandths(after: attempts)) / 1000
            score += Double(objective[.availability]) * taken * room(place)
        }
        if objective[.reliability] > 0 {
            score += Double(objective[.reliability]) * Double(self[place].health) / 1000
        }
        if objective[.quality] > 0 {
            let whole = 1000 - self[place].breaks.thousandths(after: attempts)
            score += Double(objective[.quality]) * Double(whole) / 1000
        }
        if objective[.fairness] > 0 {
            score += Double(objective[.fairness]) * scale.usage / usage(place)
        }
        if objective[.latency] > 0 {
            // One that was never tried may be the best.
            let latency = self[place].facts.latency ?? 0
            score += Double(objective[.latency]) * (latency > 0 ? scale.latency / latency : 1)
        }
        if objective[.cost] > 0 {
            // As above: one of which nothing is known may be the cheapest.
            let price = self[place].price.part
            score += Double(objective[.cost]) * (price > 0 ? scale.price / price : 1)
        }
        return score
    }

    /// The part of its requests at once that is free.
    @inline(__always)
    private func room(_ place: Int) -> Double {
        let most = self[place].maxInFlight
        return most > 0 ? Double(max(0, most - self[place].inFlight)) / Double(most) : 1
    }

    @inline(__always)
    private func usage(_ place: Int) -> Double {
        (Double(max(0, self[place].facts.counters.attempts)) + 1) / Double(self[place].weight)
    }

    private func isBefore(_ place: Int, _ other: Int) -> Bool {
        (self[place].inFlight, self[place].stamp, self[place].id.raw)
            < (self[other].inFlight, self[other].stamp, self[other].id.raw)
    }
}
