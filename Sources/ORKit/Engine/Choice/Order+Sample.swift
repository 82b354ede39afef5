// Members to be compared with each other, where no order of ours says who is first.

extension Order {
    /// Tiers of so many members are compared whole.
    static let compared = 32
    /// Of larger ones so many are remembered that did well, to be compared
    /// with one or a few that chance names: the best of all are found in time,
    /// and no choice costs more in a pool of 100,000 than in one of a hundred.
    static let remembered = 8
    private static let drawn = 4

    /// Puts members that fit in front of `sample`, which has room for
    /// `compared`: of the best tier in which somebody does.
    ///
    /// - Returns: how many, and how many of them were remembered; nil: nobody
    ///   need be.
    func sample(
        into sample: UnsafeMutableBufferPointer<Int32>, remembering known: [Int32],
        using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool
    ) -> (count: Int, old: Int?) {
        for tier in tiers where !tier.heap.isEmpty {
            var count = 0
            func add(_ slot: Int32) {
                guard fits(Int(slot)) else { return }
                sample[count] = slot
                count += 1
            }
            if tier.heap.count <= Self.compared {
                for node in tier.heap.nodes { add(node.slot) }
                if count > 0 { return (count, nil) }
                continue
            }
            for slot in known where tier.heap.contains(Int(slot)) { add(slot) }
            let old = count
            for _ in 0..<(2 * old < Self.remembered ? Self.drawn : 1) {
                let slot = tier.heap.nodes[Int.random(in: 0..<tier.heap.count, using: &rng)].slot
                if !sample[..<count].contains(slot) { add(slot) }
            }
            if count == 0, let slot = tier.heap.first(where: fits) { add(Int32(truncatingIfNeeded: slot)) }
            if count > 0 { return (count, old) }
        }
        return (0, nil)
    }
}
