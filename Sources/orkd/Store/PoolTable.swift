internal import GRDB
import ORKit

/// The table of pools. There are few: most questions read them all. Every
/// function runs inside the caller's transaction.
enum PoolTable {
    private static let columns = "id, name, strategy, floor, fallback, note, added_at, version, objective"

    /// By id, the first pool first.
    static func rows(_ db: Database) throws -> [PoolRow] {
        try Row.fetchAll(db, sql: "SELECT \(columns) FROM pool ORDER BY id").map(read)
    }

    static func row(_ db: Database, name: String) throws -> PoolRow? {
        try Row.fetchOne(db, sql: "SELECT \(columns) FROM pool WHERE name = ?", arguments: [name]).map(read)
    }

    /// Of one that is gone, its number.
    static func name(_ pool: PoolID, _ db: Database) throws -> String {
        let statement = try db.cachedStatement(sql: "SELECT name FROM pool WHERE id = ?")
        return try String.fetchOne(statement, arguments: [pool.raw]) ?? String(pool.raw)
    }

    private static func read(_ row: Row) -> PoolRow {
        PoolRow(
            id: PoolID(row.number(0)), name: row.text(1),
            strategy: (row[2] as String?).flatMap(Strategy.init(rawValue:)),
            objective: (row[8] as String?).flatMap { Objective($0) },
            floorShare: (row[3] as Int64?).map { Int(clamping: $0) },
            fallback: (row[4] as Int64?).map { PoolID($0) }, note: row[5] as String?,
            addedAt: row.time(6) ?? WallTime(milliseconds: 0), version: row.number(7))
    }

    /// - Returns: the row with the id that it was given.
    static func insert(_ row: PoolRow, _ db: Database) throws -> PoolRow {
        try db.execute(
            sql: """
                INSERT INTO pool (name, strategy, objective, floor, fallback, note, added_at, version) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.name, row.strategy?.rawValue, row.objective?.text, row.floorShare, row.fallback?.raw,
                row.note, row.addedAt.milliseconds, row.version,
            ])
        var row = row
        row.id = PoolID(db.lastInsertedRowID)
        return row
    }

    static func update(_ row: PoolRow, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE pool SET name = ?, strategy = ?, objective = ?, floor = ?, fallback = ?, note = ?, version = ? \
                WHERE id = ?
                """,
            arguments: [
                row.name, row.strategy?.rawValue, row.objective?.text, row.floorShare, row.fallback?.raw,
                row.note, row.version, row.id.raw,
            ])
    }

    static func remove(_ pool: PoolID, _ db: Database) throws {
        try BudgetTable.remove(.pool(pool), db)
        try db.execute(sql: "DELETE FROM pool WHERE id = ?", arguments: [pool.raw])
    }

    /// How many keys are in each pool, and how many clients are bound to it;
    /// pools without any are left out.
    static func uses(_ db: Database) throws -> (keys: [PoolID: Int], clients: [PoolID: Int]) {
        func counts(_ table: String) throws -> [PoolID: Int] {
            let rows = try Row.fetchAll(db, sql: "SELECT pool, count(*) FROM \(table) GROUP BY pool")
            return Dictionary(
                uniqueKeysWithValues: rows.map { (PoolID($0.number(0)), Int(clamping: $0.number(1))) })
        }
        return (try counts("key"), try counts("client"))
    }
}
