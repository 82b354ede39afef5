// Which key is best for an objective (PO-01 to PO-03).

extension Pool {
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
    /// - Parameter view: the order among whose members to look; nil: all.
    @inline(never)
    func best(
        for objective: Objective, in roster: Int, view: Int?, using rng: inout some RandomNumberGenerator,
        where fits: (Int) -> Bool
    ) -> Best? {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Order.compared) { sample in
            let order = view.map { rosters[roster].views[$0].order } ?? rosters[roster].base
            let (count, old) = order.sample(
                into: sample, remembering: rosters[roster].remembered, using: &rng, where: fits)
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
            return Best(
                place: Int(best.place),
                news: index(for: isNew ? best.place : sample[old], besides: worst.place, in: roster))
        }
    }

    /// Where a new place is remembered: behind the others while there is room,
    /// then instead of one that cannot serve any more, or of the worst. Nil:
    /// it is the worst itself.
    private func index(for place: Int32, besides worst: Int32, in roster: Int) -> (Int, Int32)? {
        let known = rosters[roster].remembered
        guard known.count == Order.remembered else { return (known.count, place) }
        let pool = rosters[roster].record.id
        let gone = known.firstIndex { !slots[Int($0)].isOpen || slots[Int($0)].pool != pool }
        return (gone ?? known.firstIndex(of: worst)).map { ($0, place) }
    }

    /// The best that there is, by which the others are measured.
    private typealias Scale = (latency: Double, usage: Double)

    private func scale(of places: Slice<UnsafeMutableBufferPointer<Int32>>, _ objective: Objective) -> Scale {
        var scale = Scale(latency: .infinity, usage: .infinity)
        guard objective[.latency] > 0 || objective[.fairness] > 0 else { return scale }
        for place in places {
            let place = Int(place)
            if objective[.fairness] > 0 { scale.usage = min(scale.usage, usage(place)) }
            if objective[.latency] > 0, let latency = slots[place].facts.latency, latency > 0 {
                scale.latency = min(scale.latency, latency)
            }
        }
        return scale
    }

    @inline(__always)
    private func score(_ place: Int, _ objective: Objective, _ scale: Scale) -> Double {
        var score = 0.0
        let attempts = slots[place].facts.counters.attempts
        if objective[.availability] > 0 {
            let taken = Double(1000 - slots[place].refusals.thousandths(after: attempts)) / 1000
            score += Double(objective[.availability]) * taken * room(place)
        }
        if objective[.reliability] > 0 {
            score += Double(objective[.reliability]) * Double(slots[place].health) / 1000
        }
        if objective[.quality] > 0 {
            let whole = 1000 - slots[place].breaks.thousandths(after: attempts)
            score += Double(objective[.quality]) * Double(whole) / 1000
        }
        if objective[.fairness] > 0 {
            score += Double(objective[.fairness]) * scale.usage / usage(place)
        }
        if objective[.latency] > 0 {
            // One that was never tried may be the best.
            let latency = slots[place].facts.latency ?? 0
            score += Double(objective[.latency]) * (latency > 0 ? scale.latency / latency : 1)
        }
        return score
    }

    /// The part of its requests at once that is free.
    @inline(__always)
    private func room(_ place: Int) -> Double {
        let most = slots[place].maxInFlight
        return most > 0 ? Double(max(0, most - slots[place].inFlight)) / Double(most) : 1
    }

    @inline(__always)
    private func usage(_ place: Int) -> Double {
        (Double(max(0, slots[place].facts.counters.attempts)) + 1) / Double(slots[place].weight)
    }

    private func isBefore(_ place: Int, _ other: Int) -> Bool {
        (slots[place].inFlight, slots[place].stamp, slots[place].id.raw)
            < (slots[other].inFlight, slots[other].stamp, slots[other].id.raw)
    }
}
