internal import GRDB
import ORKit

/// What one change of keys did, before anybody has heard of it.
struct KeyOutcome: Sendable {
    struct Item: Sendable {
        var row: KeyRow
        var changed: Bool
        var outcome: String
        /// What the word does not say.
        var detail: String?
    }

    var items: [Item] = []
    /// What the engine must hear once the rows are on disk, in this order.
    var pool: [PoolChange] = []
    var warnings: [Remark] = []
    /// Sealed bytes were deleted: they must not stay in the log.
    var dropsSecrets = false

    mutating func unchanged(_ row: KeyRow) {
        items.append(Item(row: row, changed: false, outcome: "unchanged"))
    }

    /// Writes the row, its version raised, with its audit row.
    mutating func put(
        _ before: KeyRow, _ after: KeyRow, _ verb: String, _ outcome: String, _ store: Store, _ order: Order,
        at now: WallTime, _ db: Database
    ) throws {
        var after = after
        after.version = before.version + 1
        try KeyTable.update(after, db)
        try AuditTable.append(
            "keys.\(verb)", after.name, by: order.actor, at: now, before: before.audit, after: after.audit, db
        )
        items.append(Item(row: after, changed: true, outcome: outcome))
        pool.append(.update(try store.record(after, by: order.actor), trigger: verb))
    }

    /// Takes a row out, the sealed secret at once (K-36).
    mutating func remove(
        _ row: KeyRow, _ verb: String, _ order: Order, at now: WallTime, _ db: Database
    ) throws {
        try KeyTable.remove(row, at: now, db)
        try AuditTable.append("keys.\(verb)", row.name, by: order.actor, at: now, before: row.audit, db)
        items.append(Item(row: row, changed: true, outcome: "removed"))
        pool.append(.remove(row.id))
        dropsSecrets = true
    }
}
