internal import GRDB
import ORKit

// What `cleanup` removes, table by table, a bounded number of rows at a time.
// Ids rise with time, so the oldest rows are the first ones.

extension RequestTable {
    /// When the newest records that fit into so many bytes begin: what began
    /// earlier is too much. Nil: everything fits.
    static func start(ofNewest bytes: Int64, _ db: Database) throws -> WallTime? {
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT first_id, length(body) FROM request_batch ORDER BY first_id DESC")
        var size: Int64 = 0
        var start: Int64?
        while let row = try cursor.next() {
            size += row.number(1)
            guard size <= bytes else {
                // The newest row stays, however large it is.
                let first = RequestID(raw: UInt64(clamping: start ?? row.number(0)))
                return WallTime(milliseconds: first.wallMilliseconds)
            }
            start = row.number(0)
        }
        return nil
    }
}

extension KeyTransitionTable {
    /// The newest row that so many are newer than; 0: there is none.
    static func last(beyond most: Int, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db, sql: "SELECT id FROM key_transition ORDER BY id DESC LIMIT 1 OFFSET ?", arguments: [most])
            ?? 0
    }

    /// - Parameter row: whatever its age, this one and those before it.
    static func count(before time: WallTime, through row: Int64, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM key_transition WHERE at < ? OR id <= ?",
            arguments: [time.milliseconds, row]) ?? 0
    }

    static func removeOldest(
        before time: WallTime, through row: Int64, rows: Int, _ db: Database
    ) throws -> Int {
        try db.removeOldest("key_transition", before: time, through: row, rows: rows)
    }
}

extension AuditTable {
    static func count(before time: WallTime, _ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM audit WHERE at < ?", arguments: [time.milliseconds])
            ?? 0
    }

    static func removeOldest(before time: WallTime, rows: Int, _ db: Database) throws -> Int {
        try db.removeOldest("audit", before: time, rows: rows)
    }
}

extension EventNoteTable {
    /// The newest row that so many are newer than; 0: there is none.
    static func last(beyond most: Int, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db, sql: "SELECT id FROM event ORDER BY id DESC LIMIT 1 OFFSET ?", arguments: [most])
            ?? 0
    }

    /// - Parameter row: whatever its age, this one and those before it.
    static func count(before time: WallTime, through row: Int64, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM event WHERE at < ? OR id <= ?",
            arguments: [time.milliseconds, row]) ?? 0
    }

    static func removeOldest(
        before time: WallTime, through row: Int64, rows: Int, _ db: Database
    ) throws -> Int {
        try db.removeOldest("event", before: time, through: row, rows: rows)
    }
}

extension Tombstones {
    static func count(before time: WallTime, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM tombstone WHERE removed_at < ?", arguments: [time.milliseconds])
            ?? 0
    }

    static func removeOldest(before time: WallTime, rows: Int, _ db: Database) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM tombstone WHERE (kind, id) IN \
                (SELECT kind, id FROM tombstone WHERE removed_at < ? LIMIT ?)
                """, arguments: [time.milliseconds, rows])
        return db.changesCount
    }
}

/// Pages of the file that hold nothing any more.
enum FreePages {
    static func count(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
    }

    /// Shortens the file by at most so many pages.
    ///
    /// - Returns: by how many.
    static func giveBack(_ pages: Int, _ db: Database) throws -> Int {
        let before = try count(db)
        guard before > 0 else { return 0 }
        // One row for each page: the statement does its work only as far as
        // it is stepped.
        _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum(\(pages))")
        return before - (try count(db))
    }
}

extension Database {
    /// The table has a rising `id` and a time `at`.
    fileprivate func removeOldest(
        _ table: String, before time: WallTime, through row: Int64 = 0, rows: Int
    ) throws -> Int {
        try execute(
            sql: """
                DELETE FROM \(table) WHERE id IN \
                (SELECT id FROM (SELECT id, at FROM \(table) ORDER BY id LIMIT ?2) WHERE at < ?1 OR id <= ?3)
                """, arguments: [time.milliseconds, rows, row])
        return changesCount
    }
}
