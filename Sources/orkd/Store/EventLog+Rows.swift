internal import GRDB
import ORKit

// Rows of the three tables as events.

extension EventLog {
    struct Found {
        var id: Int64
        var at: WallTime
        /// Without its cursor.
        var record: EventRecord
    }

    static func keys(after id: Int64, _ limit: Int, _ db: Database) throws -> [Found] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, at, key_id, from_state, to_state, trigger, evidence, until, request \
                FROM key_transition WHERE id > ? ORDER BY id LIMIT ?
                """)
        let rows = try Row.fetchAll(statement, arguments: [id, limit])
        let names = try Tombstones.names(.key, Set(rows.map { $0.number(2) }), db)
        return try rows.map { row in
            let at = row.time(1) ?? WallTime(milliseconds: 0)
            let to: KeyState = try row.word(4)
            let evidence = (row[6] as String?).flatMap { $0.isEmpty ? nil : "; \($0)" } ?? ""
            let until = row.time(7).map { ", until \($0.rfc3339)" } ?? ""
            return Found(
                id: row.number(0), at: at,
                record: EventRecord(
                    cursor: "", at: at.rfc3339, kind: "key", severity: to.severity.rawValue, noun: "key",
                    subject: names[row.number(2)] ?? String(row.number(2)), event: to.rawValue,
                    text: "\(row.text(3)) → \(to.rawValue) by \(row.text(5))\(evidence)\(until)",
                    request: (row[8] as Int64?).map { RequestID(raw: UInt64(bitPattern: $0)).description }))
        }
    }

    static func audit(after id: Int64, _ limit: Int, _ db: Database) throws -> [Found] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, at, verb, subject, before, after, uid, pid, caller FROM audit WHERE id > ? ORDER BY id LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [id, limit]).map { row in
            let at = row.time(1) ?? WallTime(milliseconds: 0)
            let verb = row.text(2)
            let change = AuditDifference(before: row[4] as String?, after: row[5] as String?).text
            let (uid, pid) = (UInt32(clamping: row.number(6)), Int32(clamping: row.number(7)))
            let actor = Actor.Name(uid: uid, pid: pid, caller: row[8])
            let by = if case .user = actor { "\(actor.text) pid \(pid)" } else { actor.text }
            return Found(
                id: row.number(0), at: at,
                record: EventRecord(
                    cursor: "", at: at.rfc3339, kind: "audit", severity: "info", noun: noun(of: verb),
                    subject: row.text(3), event: verb, text: change, by: by))
        }
    }

    static func notes(after id: Int64, _ limit: Int, _ db: Database) throws -> [Found] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, at, kind, severity, event, code, text, key_id, rule, scope, cause, model, until, request, \
                incident FROM event WHERE id > ? ORDER BY id LIMIT ?
                """)
        let rows = try Row.fetchAll(statement, arguments: [id, limit])
        let names = try Tombstones.names(.key, Set(rows.compactMap { $0[7] as Int64? }), db)
        return rows.map { row in
            let at = row.time(1) ?? WallTime(milliseconds: 0)
            var record = EventRecord(
                cursor: "", at: at.rfc3339, kind: row.text(2), severity: row.text(3), noun: "daemon",
                subject: row[5] as String?, event: row.text(4), text: row.text(6),
                code: (row[5] as String?).flatMap { ErrorCode(rawValue: $0) })
            if let key = row[7] as Int64? {
                record.noun = "key"
                record.subject = names[key] ?? String(key)
                if record.kind == EventNoteTable.verdict { record.tell(row) }
                if record.kind == EventNoteTable.quota { record.until = row.time(12)?.rfc3339 }
            }
            if record.kind == EventNoteTable.budget {
                record.noun = "budget"
                record.subject = row[9]
                record.until = row.time(12)?.rfc3339
            }
            return Found(id: row.number(0), at: at, record: record)
        }
    }

    /// `keys.add` is about a key.
    private static func noun(of verb: String) -> String {
        switch verb.prefix(while: { $0 != "." }) {
        case "keys": "key"
        case "clients": "client"
        case "users": "user"
        case "pools": "pool"
        case "accounts": "account"
        case "budgets": "budget"
        case "cleanup": "store"
        case let other: String(other)
        }
    }
}

extension EventRecord {
    /// What a verdict was, in fields and as a line.
    fileprivate mutating func tell(_ row: Row) {
        (rule, scope, cause, model) = (row[8], row[9], row[10], row[11])
        until = row.time(12)?.rfc3339
        evidence = row.text(6).isEmpty ? nil : row.text(6)
        request = (row[13] as Int64?).map { RequestID(raw: UInt64(bitPattern: $0)).description }
        incident = (row[14] as Int64?).map { Incident(number: $0).text }
        let about = model.map { " for \($0)" } ?? ""
        let end = until.map { ", until \($0)" } ?? ""
        text =
            "\(cause ?? "unknown") by \(rule ?? "unknown")\(about), about \(scope ?? "key")"
            + (evidence.map { ": \($0)" } ?? "") + end + (incident.map { " (\($0))" } ?? "")
    }
}

extension KeyState {
    /// How much an operator should mind that a key has come into this state.
    fileprivate var severity: EventSeverity {
        switch self {
        case .usable, .disabled: .info
        case .resting, .exhausted, .suspect: .warning
        case .broken, .invalid: .error
        }
    }
}
