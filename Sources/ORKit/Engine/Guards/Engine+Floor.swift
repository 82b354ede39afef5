/// The floor (ruling 13): what automation guessed never keeps more than a
/// share of the keys out, and never the last (`Roster+Floor`).
extension Engine {
    /// Keys that automation would keep out if the floor were not reached; they
    /// serve when no other can.
    public var sparedKeys: Int { pool.rosters.reduce(0) { $0 + $1.spared.count } }
}
