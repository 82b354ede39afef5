internal import GRDB
import ORKit

/// What operators allow in dollars, one row for each budget. Every function
/// runs inside the caller's transaction.
enum BudgetTable {
    private static let columns = "id, subject, subject_id, period, most, zone, hard, warnings, version"

    static func rows(_ db: Database) throws -> [BudgetRow] {
        try Row.fetchAll(db, sql: "SELECT \(columns) FROM budget ORDER BY id").map(read)
    }

    static func row(of subject: BudgetSubject, _ period: BudgetPeriod, _ db: Database) throws -> BudgetRow? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM budget WHERE subject = ? AND subject_id = ? AND period = ?")
        return try Row.fetchOne(statement, arguments: [subject.noun, subject.raw, period.rawValue]).map(read)
    }

    private static func read(_ row: Row) throws -> BudgetRow {
        BudgetRow(
            budget: Budget(
                id: BudgetID(row.number(0)), subject: try subject(row), limit: Money(pico: row.number(4)),
                period: try row.word(3), zone: row.text(5), isHard: row.number(6) != 0,
                warnings: row.text(7).split(separator: ",").compactMap { Int($0) }),
            version: row.number(8))
    }

    private static func subject(_ row: Row) throws -> BudgetSubject {
        switch row.text(1) {
        case BudgetName.all: .everything
        case "user": .user(UserID(row.number(2)))
        case "client": .client(ClientID(row.number(2)))
        case "key": .key(KeyID(row.number(2)))
        case "pool": .pool(PoolID(row.number(2)))
        default: throw Row.damaged
        }
    }

    /// - Returns: the row with the id that it was given.
    static func insert(_ row: BudgetRow, _ db: Database) throws -> BudgetRow {
        let budget = row.budget
        try db.execute(
            sql: """
                INSERT INTO budget (subject, subject_id, period, most, zone, hard, warnings, version) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                budget.subject.noun, budget.subject.raw, budget.period.rawValue, budget.limit.pico,
                budget.zone, budget.isHard, row.warnings, row.version,
            ])
        var row = row
        row.budget.id = BudgetID(db.lastInsertedRowID)
        return row
    }

    static func update(_ row: BudgetRow, _ db: Database) throws {
        let budget = row.budget
        try db.execute(
            sql: "UPDATE budget SET most = ?, zone = ?, hard = ?, warnings = ?, version = ? WHERE id = ?",
            arguments: [
                budget.limit.pico, budget.zone, budget.isHard, row.warnings, row.version, budget.id.raw,
            ])
    }

    /// With what was spent.
    static func remove(_ id: BudgetID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM budget_use WHERE budget_id = ?", arguments: [id.raw])
        try db.execute(sql: "DELETE FROM budget WHERE id = ?", arguments: [id.raw])
    }

    /// Of somebody who is removed nothing stays.
    static func remove(_ subject: BudgetSubject, _ db: Database) throws {
        let ids = try Int64.fetchAll(
            db, sql: "SELECT id FROM budget WHERE subject = ? AND subject_id = ?",
            arguments: [subject.noun, subject.raw])
        for id in ids { try remove(BudgetID(id), db) }
    }

    static func name(_ budget: Budget, _ db: Database) throws -> BudgetName {
        BudgetName(
            subject: budget.subject.noun, owner: try owner(budget.subject, db), period: budget.period)
    }

    /// Of one that is gone, its number.
    private static func owner(_ subject: BudgetSubject, _ db: Database) throws -> String? {
        let sql: String
        switch subject {
        case .user: sql = "SELECT name FROM user WHERE id = ?"
        case .client: sql = "SELECT name FROM client WHERE id = ?"
        case .key: sql = "SELECT name FROM key WHERE id = ?"
        case .pool: sql = "SELECT name FROM pool WHERE id = ?"
        case .everything: return nil
        }
        let statement = try db.cachedStatement(sql: sql)
        return try String.fetchOne(statement, arguments: [subject.raw]) ?? String(subject.raw)
    }
}

/// One budget, as it is stored.
struct BudgetRow: Sendable, Hashable {
    var budget: Budget
    var version: Int64

    fileprivate var warnings: String { budget.warnings.map { String($0) }.joined(separator: ",") }
}

extension BudgetSubject {
    var noun: String {
        switch self {
        case .everything: BudgetName.all
        case .user: "user"
        case .client: "client"
        case .key: "key"
        case .pool: "pool"
        }
    }

    var raw: Int64 {
        switch self {
        case .everything: 0
        case .user(let id): id.raw
        case .client(let id): id.raw
        case .key(let id): id.raw
        case .pool(let id): id.raw
        }
    }
}
