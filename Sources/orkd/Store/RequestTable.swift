internal import FoundationEssentials
internal import GRDB
import ORKit

/// Finished requests, many packed into one row (ruling 4): a row holds
/// records whose ids are within `span` of each other, so that an id is found
/// by the primary key alone. A long stream, whose id is old when it ends,
/// falls into a row of its own.
enum RequestTable {
    static let span = RecordBatch.span

    /// One row without its body.
    struct Batch: Sendable {
        var first: UInt64
        var last: UInt64
        var count: Int
        var failed: Int
    }

    /// - Returns: how many rows were written.
    static func append(_ batches: [RecordBatch], _ db: Database) throws -> Int {
        guard !batches.isEmpty else { return 0 }
        // A commit that was reported as failed may have happened after all: then the same rows are there.
        let statement = try db.cachedStatement(
            sql:
                "INSERT OR REPLACE INTO request_batch (first_id, last_id, count, failed, body) VALUES (?, ?, ?, ?, ?)"
        )
        var count = 0
        for batch in batches {
            for row in batch.rows {
                try statement.execute(arguments: [
                    Int64(clamping: row.first.raw), Int64(clamping: row.last.raw), row.count, row.failed,
                    Data(row.body),
                ])
            }
            count += batch.rows.count
        }
        return count
    }

    static func record(_ id: RequestID, _ db: Database) throws -> RequestRecord? {
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT body FROM request_batch WHERE first_id <= ?1 AND first_id >= ?2 AND last_id >= ?1 \
                ORDER BY first_id DESC
                """, arguments: [Int64(clamping: id.raw), Int64(clamping: id.raw - min(id.raw, span))])
        while let row = try cursor.next() {
            if let record = try unpack(row, 0).first(where: { $0.id == id }) { return record }
        }
        return nil
    }

    /// Rows that may hold ids below `upper`, by falling first id.
    static func batches(
        firstBelow upper: UInt64, atLeast lower: UInt64, limit: Int, _ db: Database
    ) throws -> [Batch] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT first_id, last_id, count, failed FROM request_batch \
                WHERE first_id < ? AND first_id >= ? ORDER BY first_id DESC LIMIT ?
                """)
        return try Row.fetchAll(
            statement,
            arguments: [Int64(clamping: upper), Int64(clamping: lower - min(lower, span)), limit]
        ).map { row in
            Batch(
                first: UInt64(clamping: row.number(0)), last: UInt64(clamping: row.number(1)),
                count: Int(clamping: row.number(2)), failed: Int(clamping: row.number(3)))
        }
    }

    static func records(of batch: Batch, _ db: Database) throws -> [RequestRecord] {
        let statement = try db.cachedStatement(sql: "SELECT body FROM request_batch WHERE first_id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Int64(clamping: batch.first)]) else {
            return []
        }
        return try unpack(row, 0)
    }

    // Pruning

    /// Removes at most `rows` rows that began before `time`, oldest first.
    ///
    /// - Returns: the records removed; nil when there were no such rows.
    static func removeOldest(before time: WallTime?, rows: Int, _ db: Database) throws -> Int? {
        let bound =
            time.map { Int64(clamping: RequestID.floor(wallMilliseconds: $0.milliseconds).raw) } ?? .max
        let found = try Row.fetchAll(
            db, sql: "SELECT first_id, count FROM request_batch WHERE first_id < ? ORDER BY first_id LIMIT ?",
            arguments: [bound, rows])
        guard let last = found.last else { return nil }
        try db.execute(sql: "DELETE FROM request_batch WHERE first_id <= ?", arguments: [last.number(0)])
        return found.reduce(0) { $0 + Int(clamping: $1.number(1)) }
    }

    static func count(before time: WallTime, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT coalesce(sum(count), 0) FROM request_batch WHERE first_id < ?",
            arguments: [Int64(clamping: RequestID.floor(wallMilliseconds: time.milliseconds).raw)]) ?? 0
    }

    static func unpack(_ row: Row, _ index: Int) throws -> [RequestRecord] {
        guard let records = RequestRecord.unpack([UInt8](row[index] as Data? ?? Data())) else {
            throw Row.damaged
        }
        return records
    }
}
