// Choice: the data structures that make choosing a key constant or logarithmic in the size of the pool.
// Here: heaps, weight trees and orders over slot numbers, which know nothing of keys.
// Not here: what makes a key fit (Pool, Engine). Imports nothing.

/// A set of slots with a minimum: a 4-ary heap ordered by stamp, then by id,
/// that knows where each slot lies, so that any member can be moved or taken
/// out in logarithmic time.
struct IndexedHeap: Sendable {
    struct Node: Sendable {
        var stamp: Int64
        var id: Int64
        var slot: Int32

        @inline(__always)
        func precedes(_ other: Node) -> Bool { stamp != other.stamp ? stamp < other.stamp : id < other.id }
    }

    private(set) var nodes: [Node] = []
    /// Slot to place in `nodes`; -1: not a member.
    private var places: [Int32] = []

    var count: Int { nodes.count }
    var isEmpty: Bool { nodes.isEmpty }
    var minimum: Node? { nodes.first }

    @inline(__always)
    func contains(_ slot: Int) -> Bool { slot < places.count && places[slot] >= 0 }

    func stamp(of slot: Int) -> Int64? { contains(slot) ? nodes[Int(places[slot])].stamp : nil }

    /// Puts a slot in, or moves it to its new stamp.
    mutating func set(_ slot: Int, stamp: Int64, id: Int64) {
        if contains(slot) {
            let place = Int(places[slot])
            let before = nodes[place].stamp
            guard before != stamp else { return }
            nodes[place].stamp = stamp
            if stamp < before { siftUp(place) } else { siftDown(place) }
        } else {
            while places.count <= slot { places.append(-1) }
            nodes.append(Node(stamp: stamp, id: id, slot: Int32(slot)))
            places[slot] = Int32(nodes.count - 1)
            siftUp(nodes.count - 1)
        }
    }

    /// No effect when it is not a member.
    mutating func remove(_ slot: Int) {
        guard contains(slot) else { return }
        let place = Int(places[slot])
        places[slot] = -1
        let last = nodes.removeLast()
        guard place < nodes.count else { return }
        nodes[place] = last
        places[Int(last.slot)] = Int32(place)
        siftUp(place)
        siftDown(Int(places[Int(last.slot)]))
    }

    /// The first member in order that fits. Looks along the order at up to 64
    /// members, then through all of them.
    func first(where fits: (Int) -> Bool) -> Int? {
        guard let root = nodes.first else { return nil }
        if fits(Int(root.slot)) { return Int(root.slot) }
        var frontier = Array(children(of: 0))
        var looked = 1
        while looked < 64 {
            guard let best = frontier.indices.min(by: { nodes[frontier[$0]].precedes(nodes[frontier[$1]]) })
            else {
                return nil
            }
            let place = frontier.remove(at: best)
            if fits(Int(nodes[place].slot)) { return Int(nodes[place].slot) }
            frontier.append(contentsOf: children(of: place))
            looked += 1
        }
        var found: Node?
        for node in nodes where found.map({ node.precedes($0) }) ?? true {
            if fits(Int(node.slot)) { found = node }
        }
        return found.map { Int($0.slot) }
    }

    /// A member with a stamp of at most `limit` that fits, among so many of
    /// the first.
    func first(upTo limit: Int64, looking: Int, where fits: (Int) -> Bool) -> Int? {
        guard let root = nodes.first, root.stamp <= limit else { return nil }
        for place in 0..<min(looking, nodes.count) where nodes[place].stamp <= limit {
            if fits(Int(nodes[place].slot)) { return Int(nodes[place].slot) }
        }
        return nil
    }

    /// Slots with a stamp of at most `limit` that fit, in no order, and no more
    /// than so many; the cost is proportional to the number looked at.
    func slots(upTo limit: Int64, most: Int = .max, where fits: (Int) -> Bool = { _ in true }) -> [Int] {
        var found: [Int] = []
        var open = nodes.isEmpty ? [] : [0]
        while found.count < most, let place = open.popLast() {
            guard nodes[place].stamp <= limit else { continue }
            if fits(Int(nodes[place].slot)) { found.append(Int(nodes[place].slot)) }
            open.append(contentsOf: children(of: place))
        }
        return found
    }

    private func children(of place: Int) -> Range<Int> {
        min(4 * place + 1, nodes.count)..<min(4 * place + 5, nodes.count)
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        let node = nodes[place]
        while place > 0 {
            let parent = (place - 1) / 4
            guard node.precedes(nodes[parent]) else { break }
            nodes[place] = nodes[parent]
            places[Int(nodes[place].slot)] = Int32(place)
            place = parent
        }
        nodes[place] = node
        places[Int(node.slot)] = Int32(place)
    }

    private mutating func siftDown(_ start: Int) {
        var place = start
        let node = nodes[place]
        while true {
            var best = -1
            for child in children(of: place) where nodes[child].precedes(best < 0 ? node : nodes[best]) {
                best = child
            }
            guard best >= 0 else { break }
            nodes[place] = nodes[best]
            places[Int(nodes[place].slot)] = Int32(place)
            place = best
        }
        nodes[place] = node
        places[Int(node.slot)] = Int32(place)
    }
}
