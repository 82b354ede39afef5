internal import FoundationEssentials
internal import GRDB
import ORKit

/// What operators allow users and client keys, one row for each.
enum LimitTable {
    private static let kinds = LimitKind.allCases
    private static let columns = (kinds.map(\.word) + ["shadow", "version"]).joined(separator: ", ")

    /// Nil: nothing was ever said.
    static func row(of subject: LimitSubject, _ db: Database) throws -> LimitRow? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM subject_limit WHERE subject = ? AND subject_id = ?")
        return try Row.fetchOne(statement, arguments: [subject.noun, subject.raw]).map { read($0) }
    }

    static func all(_ db: Database) throws -> [LimitSubject: LimitRow] {
        let rows = try Row.fetchAll(db, sql: "SELECT \(columns), subject, subject_id FROM subject_limit")
        return try rows.reduce(into: [:]) { all, row in
            all[try subject(row, from: kinds.count + 2)] = read(row)
        }
    }

    private static func read(_ row: Row) -> LimitRow {
        var record = LimitRecord()
        for (place, kind) in kinds.enumerated() { record[kind] = row[place] as Int64? }
        record.isShadow = row.number(kinds.count) != 0
        return LimitRow(record: record, version: row.number(kinds.count + 1))
    }

    /// One that bounds nothing stays, for its version.
    static func put(_ row: LimitRow, of subject: LimitSubject, _ db: Database) throws {
        let marks = Array(repeating: "?", count: kinds.count + 4).joined(separator: ", ")
        var values: [(any DatabaseValueConvertible)?] = [subject.noun, subject.raw]
        values += kinds.map { row.record[$0] }
        values += [row.record.isShadow, row.version] as [any DatabaseValueConvertible]
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO subject_limit (subject, subject_id, \(columns)) VALUES (\(marks))",
            arguments: StatementArguments(values))
    }

    /// With what was used.
    static func remove(_ subject: LimitSubject, _ db: Database) throws {
        for table in ["subject_limit", "limit_use"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE subject = ? AND subject_id = ?",
                arguments: [subject.noun, subject.raw])
        }
    }

    static func subject(_ row: Row, from first: Int) throws -> LimitSubject {
        switch row.text(first) {
        case "client": .client(ClientID(row.number(first + 1)))
        case "user": .user(UserID(row.number(first + 1)))
        default: throw Row.damaged
        }
    }
}

/// The limits of one user or client key, as they are stored.
struct LimitRow: Sendable, Hashable {
    var record = LimitRecord()
    var version: Int64 = 0
}
