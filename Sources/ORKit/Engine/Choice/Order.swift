/// A set of slots from which a strategy chooses.
struct Order: Sendable {
    let strategy: Strategy
    private var heap = IndexedHeap()
    private var tree = WeightTree()

    init(_ strategy: Strategy) { self.strategy = strategy }

    var count: Int { heap.count }

    @inline(__always)
    func contains(_ slot: Int) -> Bool { heap.contains(slot) }

    /// Puts a slot in or moves it. The smallest stamp is chosen first by the
    /// strategies that have an order; only `weighted` looks at the weight.
    mutating func set(_ slot: Int, stamp: Int64, id: Int64, weight: Int) {
        heap.set(slot, stamp: stamp, id: id)
        if strategy == .weighted { tree.set(slot, to: Int64(weight)) }
    }

    /// Moves a member; no effect when it is none.
    @inline(__always)
    mutating func restamp(_ slot: Int, _ stamp: Int64, id: Int64) {
        if heap.contains(slot) { heap.set(slot, stamp: stamp, id: id) }
    }

    mutating func remove(_ slot: Int) {
        heap.remove(slot)
        if strategy == .weighted { tree.set(slot, to: 0) }
    }

    /// The strategy's choice among the members that fit.
    func pick(using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool) -> Int? {
        switch strategy {
        case .sticky, .lru, .roundRobin, .leastUsed: heap.first(where: fits)
        case .random: drawEvenly(using: &rng, where: fits)
        case .weighted: drawByWeight(using: &rng, where: fits)
        }
    }

    func has(_ fits: (Int) -> Bool) -> Bool { heap.first(where: fits) != nil }

    /// Members that do not fit are few: drawing again is cheap. The walk after
    /// that makes it certain.
    private func drawEvenly(using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool) -> Int? {
        guard count > 0 else { return nil }
        for _ in 0..<8 {
            let slot = Int(heap.nodes[Int.random(in: 0..<count, using: &rng)].slot)
            if fits(slot) { return slot }
        }
        let fitting = heap.nodes.filter { fits(Int($0.slot)) }
        return fitting.randomElement(using: &rng).map { Int($0.slot) }
    }

    private func drawByWeight(using rng: inout some RandomNumberGenerator, where fits: (Int) -> Bool) -> Int?
    {
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
