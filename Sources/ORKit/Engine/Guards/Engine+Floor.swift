/// The floor (ruling 13): what automation guessed never keeps more than a
/// share of the keys out, and never the last (`Roster+Floor`).
extension Engine {
    /// Keys that automation would keep out if the floor were not reached; they
    /// serve when no other can.
    public var sparedKeys: Int { pool.rosters.reduce(0) { $0 + $1.spared.count } }

    /// The pools whose floor keeps keys in, in the order of the pools.
    public var floorsReached: [FloorReached] {
        pool.rosters.filter { $0.spared.count > 0 }.map {
            FloorReached(
                pool: $0.record.id, spared: $0.spared.count, out: $0.guessedOut.count + $0.deadOut,
                keys: $0.inService)
        }
    }
}

/// A pool of which automation would keep more keys out than its floor allows.
public struct FloorReached: Sendable, Hashable {
    public var pool: PoolID
    /// Keys that stay in only because of the floor.
    public var spared: Int
    /// Keys that automation keeps out.
    public var out: Int
    /// All enabled keys of the pool.
    public var keys: Int
}
