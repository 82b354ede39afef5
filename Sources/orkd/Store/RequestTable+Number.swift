internal import GRDB
import ORKit

// Records kept by their number: a row holds many, so one row is cut.

extension RequestTable {
    /// The oldest of the newest so many records, among rows that begin at a
    /// time or later. Nil: there are fewer.
    static func oldest(ofNewest most: Int, since time: WallTime, _ db: Database) throws -> RequestID? {
        let lowest = bound(time)
        let counts = try Row.fetchCursor(
            db, sql: "SELECT first_id, count FROM request_batch WHERE first_id >= ? ORDER BY first_id DESC",
            arguments: [lowest])
        var sum = 0
        var found: Int64?
        while found == nil, let row = try counts.next() {
            sum += Int(clamping: row.number(1))
            if sum >= most { found = row.number(0) }
        }
        guard let edge = found else { return nil }
        // Rows overlap: those before this one may hold records from its first on.
        var ids = try records(reaching: edge, since: lowest, db).map(\.id.raw).filter { $0 >= edge }
        let surplus = sum + ids.count - most
        let rows = try Row.fetchCursor(
            db, sql: "SELECT first_id, body FROM request_batch WHERE first_id >= ? ORDER BY first_id",
            arguments: [edge])
        while let row = try rows.next() {
            let first = UInt64(clamping: row.number(0))
            // Whatever is in the rows from here on is newer than those.
            guard ids.count(where: { $0 < first }) <= surplus else { break }
            ids += try unpack(row, 1).map(\.id.raw)
        }
        ids.sort()
        return ids.indices.contains(surplus) ? RequestID(raw: ids[surplus]) : nil
    }

    /// How many records are older than that one, in rows that begin at the
    /// time or later.
    static func count(below id: RequestID, since time: WallTime, _ db: Database) throws -> Int {
        let upper = Int64(clamping: id.raw)
        let whole = try Int.fetchOne(
            db, sql: "SELECT coalesce(sum(count), 0) FROM request_batch WHERE first_id >= ? AND last_id < ?",
            arguments: [bound(time), upper])
        return try (whole ?? 0) + records(reaching: upper, since: bound(time), db).count { $0.id < id }
    }

    /// Removes what is older than that record from at most `rows` rows, the
    /// oldest first. What else is in them is packed anew.
    ///
    /// - Returns: how many records were removed; 0: none is left.
    static func removeOldest(below id: RequestID, rows: Int, _ db: Database) throws -> Int {
        let upper = Int64(clamping: id.raw)
        let found = try Row.fetchAll(
            db,
            sql: """
                SELECT first_id, count, last_id FROM request_batch WHERE first_id < ? ORDER BY first_id LIMIT ?
                """, arguments: [upper, rows])
        guard let last = found.last?.number(0) else { return 0 }
        let kept = try found.filter { $0.number(2) >= upper }.flatMap { row in
            try records(from: row.number(0), db).filter { $0.id >= id }
        }
        try db.execute(sql: "DELETE FROM request_batch WHERE first_id <= ?", arguments: [last])
        if !kept.isEmpty { _ = try append([RecordBatch(kept)], db) }
        return found.reduce(0) { $0 + Int(clamping: $1.number(1)) } - kept.count
    }

    /// Of all rows that begin before an id and end at it or later.
    private static func records(
        reaching id: Int64, since lowest: Int64, _ db: Database
    ) throws -> [RequestRecord] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT body FROM request_batch \
                WHERE first_id < ?1 AND first_id >= max(?2, ?1 - ?3) AND last_id >= ?1
                """, arguments: [id, lowest, Int64(clamping: span)]
        ).flatMap { try unpack($0, 0) }
    }

    private static func records(from first: Int64, _ db: Database) throws -> [RequestRecord] {
        try Row.fetchOne(
            db, sql: "SELECT body FROM request_batch WHERE first_id = ?", arguments: [first]
        ).map { try unpack($0, 0) } ?? []
    }

    private static func bound(_ time: WallTime) -> Int64 {
        Int64(clamping: RequestID.floor(wallMilliseconds: time.milliseconds).raw)
    }
}
