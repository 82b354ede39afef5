internal import GRDB
import ORKit

/// One order for what three tables hold: changes of keys' states, the audit
/// trail, notes. Nothing is written for it: each table has rising ids, so a
/// reader's place is three numbers, and what was removed meanwhile shows.
enum EventLog {
    struct Entry: Sendable {
        var record: EventRecord
        var position: EventPosition
    }

    /// What comes after the position, oldest first.
    static func page(after position: EventPosition, limit: Int, _ db: Database) throws -> [Entry] {
        let sources = [
            try keys(after: position.key, limit, db), try audit(after: position.audit, limit, db),
            try notes(after: position.note, limit, db),
        ]
        var next = [0, 0, 0]
        var position = position
        var entries: [Entry] = []
        while entries.count < limit {
            let open = sources.indices.filter { next[$0] < sources[$0].count }
            guard let source = open.min(by: { sources[$0][next[$0]].at < sources[$1][next[$1]].at }) else {
                break
            }
            let row = sources[source][next[source]]
            next[source] += 1
            switch source {
            case 0: position.key = row.id
            case 1: position.audit = row.id
            default: position.note = row.id
            }
            var record = row.record
            record.cursor = position.text
            entries.append(Entry(record: record, position: position))
        }
        return entries
    }

    /// Where the newest rows are.
    static func end(_ db: Database) throws -> EventPosition {
        EventPosition(
            key: try newest("key_transition", db), audit: try newest("audit", db),
            note: try newest("event", db))
    }

    /// After which everything is at least as new as the time.
    static func position(since time: WallTime, _ db: Database) throws -> EventPosition {
        let end = try end(db)
        func before(_ table: String, _ end: Int64) throws -> Int64 {
            let first = try Int64.fetchOne(
                db, sql: "SELECT min(id) FROM \(table) WHERE at >= ?", arguments: [time.milliseconds])
            return first.map { $0 - 1 } ?? end
        }
        return EventPosition(
            key: try before("key_transition", end.key), audit: try before("audit", end.audit),
            note: try before("event", end.note))
    }

    /// After which the newest so many come.
    static func position(ofLast count: Int, _ db: Database) throws -> EventPosition {
        let statement = try db.cachedStatement(
            sql: """
                SELECT kind, min(id) FROM (
                    SELECT * FROM (
                        SELECT * FROM (SELECT 0 AS kind, id, at FROM key_transition ORDER BY id DESC LIMIT ?1)
                        UNION ALL SELECT * FROM (SELECT 1, id, at FROM audit ORDER BY id DESC LIMIT ?1)
                        UNION ALL SELECT * FROM (SELECT 2, id, at FROM event ORDER BY id DESC LIMIT ?1)
                    ) ORDER BY at DESC, kind DESC, id DESC LIMIT ?1
                ) GROUP BY kind
                """)
        var position = try end(db)
        for row in try Row.fetchAll(statement, arguments: [count]) {
            let before = row.number(1) - 1
            switch row.number(0) {
            case 0: position.key = before
            case 1: position.audit = before
            default: position.note = before
            }
        }
        return position
    }

    /// Brings a reader's place up to what is still there.
    ///
    /// - Returns: how many rows it has missed; nil when the place is none of
    ///   this database, and the reader begins anew.
    static func missed(_ position: inout EventPosition, _ db: Database) throws -> Int64? {
        let end = try end(db)
        guard position.audit <= end.audit, position.note <= end.note else {
            position = .start
            return nil
        }
        // Its ids begin anew once it has been emptied.
        if position.key > end.key { position.key = 0 }
        var lost: Int64 = 0
        func pass(_ table: String, _ end: Int64, _ seen: inout Int64) throws {
            guard seen < end else { return }
            let first = try Int64.fetchOne(db, sql: "SELECT min(id) FROM \(table)") ?? end + 1
            guard first > seen + 1 else { return }
            lost += first - seen - 1
            seen = first - 1
        }
        try pass("key_transition", end.key, &position.key)
        try pass("audit", end.audit, &position.audit)
        try pass("event", end.note, &position.note)
        return lost
    }

    /// The newest id that was given out, whether its row is there or not.
    private static func newest(_ table: String, _ db: Database) throws -> Int64 {
        let present = try Int64.fetchOne(db, sql: "SELECT max(id) FROM \(table)")
        return try present ?? Int64.fetchOne(
            db, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?", arguments: [table]) ?? 0
    }
}
