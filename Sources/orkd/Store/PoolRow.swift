import ORKit

/// A pool as its row holds it: all that an operator decided about it.
struct PoolRow: Sendable {
    var id: PoolID
    var name: String
    /// Nil: that of the whole.
    var strategy: Strategy?
    /// Thousandths; nil: that of the whole.
    var floorShare: Int?
    var fallback: PoolID?
    var note: String?
    var addedAt: WallTime
    /// Rises with every change.
    var version: Int64

    /// As the engine holds it.
    var record: PoolRecord {
        PoolRecord(id: id, strategy: strategy, floorShare: floorShare, fallback: fallback)
    }
}
