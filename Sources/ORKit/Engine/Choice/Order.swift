/// A set of slots from which a strategy chooses: one tier for each priority,
/// the first in which somebody fits.
struct Order: Sendable {
    struct Tier: Sendable {
        let priority: Int
        var heap = IndexedHeap()
        var tree = WeightTree()
    }

    let strategy: Strategy
    private let isByWeight: Bool
    private(set) var tiers: [Tier] = []

    init(_ strategy: Strategy) {
        self.strategy = strategy
        isByWeight = strategy == .weighted || strategy == .health
    }

    var count: Int { tiers.reduce(0) { $0 + $1.heap.count } }

    /// Of the best tier that has members.
    var bestPriority: Int? { tiers.first { !$0.heap.isEmpty }?.priority }

    @inline(__always)
    func contains(_ slot: Int) -> Bool { tiers.contains { $0.heap.contains(slot) } }

    /// Puts a slot in or moves it. The smallest stamp is chosen first by the
    /// strategies that have an order; only those that draw look at the weight.
    mutating func set(_ slot: Int, stamp: Int64, id: Int64, weight: Int, priority: Int) {
        let tier = tier(priority)
        if tiers.count > 1 {
            for i in tiers.indices where i != tier && tiers[i].heap.contains(slot) {
                tiers[i].heap.remove(slot)
                if isByWeight { tiers[i].tree.set(slot, to: 0) }
            }
        }
        tiers[tier].heap.set(slot, stamp: stamp, id: id)
        if isByWeight { tiers[tier].tree.set(slot, to: Int64(weight)) }
    }

    private mutating func tier(_ priority: Int) -> Int {
        let place = tiers.firstIndex { $0.priority >= priority } ?? tiers.count
        if place == tiers.count || tiers[place].priority != priority {
            tiers.insert(Tier(priority: priority), at: place)
        }
        return place
    }

    /// Moves a member; no effect when it is none.
    @inline(__always)
    mutating func restamp(_ slot: Int, _ stamp: Int64, id: Int64) {
        for i in tiers.indices where tiers[i].heap.contains(slot) {
            tiers[i].heap.set(slot, stamp: stamp, id: id)
        }
    }

    /// Changes a member's weight; no effect when it is none.
    mutating func reweigh(_ slot: Int, _ weight: Int) {
        guard isByWeight else { return }
        for i in tiers.indices where tiers[i].heap.contains(slot) {
            tiers[i].tree.set(slot, to: Int64(weight))
        }
    }

    mutating func remove(_ slot: Int) {
        for i in tiers.indices {
            tiers[i].heap.remove(slot)
            if isByWeight { tiers[i].tree.set(slot, to: 0) }
        }
    }

    /// The strategy's choice among the members that fit.
    ///
    /// - Parameter current: taken if it fits and nobody of a better tier does.
    func pick(
        using rng: inout some RandomNumberGenerator, current: Int? = nil, where fits: (Int) -> Bool
    ) -> Int? {
        // In place: once a request, and a copy of a tier counts a reference for each of its arrays.
        for tier in tiers.indices where !tiers[tier].heap.isEmpty {
            if let current, tiers[tier].heap.contains(current), fits(current) { return current }
            let slot: Int? =
                switch strategy {
                case .sticky, .lru, .roundRobin, .leastUsed: tiers[tier].heap.first(where: fits)
                case .random: tiers[tier].drawEvenly(using: &rng, where: fits)
                case .weighted, .health: tiers[tier].drawByWeight(using: &rng, where: fits)
                }
            if let slot { return slot }
        }
        return nil
    }

    func has(_ fits: (Int) -> Bool) -> Bool { tiers.contains { $0.heap.first(where: fits) != nil } }
}

extension Order.Tier {
    /// Members that do not fit are few: drawing again is cheap. The walk after
    /// that makes it certain.
    fileprivate func drawEvenly(
        using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool
    ) -> Int? {
        for _ in 0..<8 {
            let slot = Int(heap.nodes[Int.random(in: 0..<heap.count, using: &rng)].slot)
            if fits(slot) { return slot }
        }
        let fitting = heap.nodes.filter { fits(Int($0.slot)) }
        return fitting.randomElement(using: &rng).map { Int($0.slot) }
    }

    fileprivate func drawByWeight(
        using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool
    ) -> Int? {
        guard tree.total > 0 else { return nil }
        for _ in 0..<8 {
            guard let slot = tree.slot(at: Int64.random(in: 0..<tree.total, using: &rng)) else { return nil }
            if fits(slot) { return slot }
        }
        let fitting = heap.nodes.map { Int($0.slot) }.filter(fits)
        let sum = fitting.reduce(0) { $0 + tree.weight(of: $1) }
        guard sum > 0 else { return nil }
        var point = Int64.random(in: 0..<sum, using: &rng)
        for slot in fitting {
            point -= tree.weight(of: slot)
            if point < 0 { return slot }
        }
        return nil
    }
}
