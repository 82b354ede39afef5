internal import GRDB
import ORKit

/// One movement of credits by somebody's order.
struct MovementRow: Sendable {
    var id: Int64
    var at: WallTime
    var user: UserID
    /// Negative: taken out.
    var credits: Int64
    var reason: Movement.Reason
    var note: String?
    /// The movement that this one takes back.
    var refunds: Int64?
    /// The caller's own name for the order (ruling 25).
    var idempotencyKey: String?
    /// Whose order it was.
    var uid: UInt32

    /// Whether an order that comes again under the same name is the same.
    func isSame(as other: MovementRow) -> Bool {
        user == other.user && credits == other.credits && reason == other.reason && note == other.note
            && refunds == other.refunds
    }
}

/// The table of movements. Every function runs inside the caller's
/// transaction; rows are never changed.
enum MovementTable {
    private static let columns = "id, at, user_id, credits, reason, note, refunds, idempotency_key, uid"

    private static func read(_ row: Row) throws -> MovementRow {
        guard let reason = Movement.Reason(name: row.text(4)) else { throw Row.damaged }
        return MovementRow(
            id: row.number(0), at: row.time(1) ?? WallTime(milliseconds: 0), user: UserID(row.number(2)),
            credits: row.number(3), reason: reason, note: row[5] as String?, refunds: row[6] as Int64?,
            idempotencyKey: row[7] as String?, uid: UInt32(clamping: row.number(8)))
    }

    private static func rows(
        _ db: Database, where condition: String, _ arguments: StatementArguments
    ) throws -> [MovementRow] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM movement WHERE \(condition)")
        return try Row.fetchAll(statement, arguments: arguments).map(read)
    }

    static func row(_ db: Database, id: Int64) throws -> MovementRow? {
        try rows(db, where: "id = ?", [id]).first
    }

    static func row(_ db: Database, idempotencyKey: String) throws -> MovementRow? {
        try rows(db, where: "idempotency_key = ?", [idempotencyKey]).first
    }

    /// The one that took it back.
    static func refund(of movement: Int64, _ db: Database) throws -> MovementRow? {
        try rows(db, where: "refunds = ?", [movement]).first
    }

    /// Of one user, the newest first.
    static func history(
        of user: UserID, before id: Int64, limit: Int, _ db: Database
    ) throws -> [MovementRow] {
        try rows(db, where: "user_id = ? AND id < ? ORDER BY id DESC LIMIT ?", [user.raw, id, limit])
    }

    /// - Returns: the row with the id that it was given.
    static func insert(_ row: MovementRow, _ db: Database) throws -> MovementRow {
        try db.cachedStatement(
            sql: """
                INSERT INTO movement (at, user_id, credits, reason, note, refunds, idempotency_key, uid) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            row.at.milliseconds, row.user.raw, row.credits, row.reason.name, row.note, row.refunds,
            row.idempotencyKey, Int64(row.uid),
        ])
        var row = row
        row.id = db.lastInsertedRowID
        return row
    }
}
