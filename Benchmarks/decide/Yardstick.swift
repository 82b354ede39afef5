import ORKit

/// What decisions are compared with, so that a baseline means the same on
/// another machine: lookups and writes at chance places of the standard
/// library's dictionary, with as many entries as the pool has keys.
struct Yardstick {
    /// At once, so that it takes as long as a decision.
    private static let lookups = 16

    private var entries: [Int64: Int64]
    private var rng = SeededGenerator(seed: 2)

    init(entries count: Int) {
        entries = Dictionary(uniqueKeysWithValues: (0..<Int64(count)).map { ($0, 0) })
    }

    mutating func use() {
        for _ in 0..<Self.lookups {
            entries[Int64(rng.next() % UInt64(entries.count)), default: 0] += 1
        }
    }
}
