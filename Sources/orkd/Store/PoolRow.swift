import ORKit

/// A pool as its row holds it: all that an operator decided about it.
struct PoolRow: Sendable {
    var id: PoolID
    var name: String
    /// Nil: that of the whole.
    var strategy: Strategy?
    /// Takes the strategy's place; nil: the strategy chooses.
    var objective: Objective?
    /// Thousandths; nil: that of the whole.
    var floorShare: Int?
    var fallback: PoolID?
    var note: String?
    var addedAt: WallTime
    /// Rises with every change.
    var version: Int64

    /// As the engine holds it.
    var record: PoolRecord {
        PoolRecord(
            id: id, strategy: strategy, objective: objective, floorShare: floorShare, fallback: fallback)
    }
}
