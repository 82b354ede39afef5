internal import FoundationEssentials
internal import GRDB
import ORKit

/// Finished requests, many packed into one row (ruling 4): a row holds the
/// records of one commit whose ids are within `span` of each other, so that
/// an id is found by the primary key alone. A long stream, whose id is old
/// when it ends, falls into a row of its own.
enum RequestTable {
    /// Four seconds in the units of `RequestID`.
    static let span: UInt64 = 4000 << 20
    /// Records in one row at most; also bounds what one look-up decodes.
    private static let most = 4096

    /// One row without its body.
    struct Batch: Sendable {
        var first: UInt64
        var last: UInt64
        var count: Int
        var failed: Int
    }

    /// - Returns: how many rows were written.
    static func append(_ records: [RequestRecord], _ db: Database) throws -> Int {
        guard !records.isEmpty else { return 0 }
        // Records come in the order of their ends; where that is the order of their ids, nothing moves.
        let isSorted = records.indices.dropFirst().allSatisfy { records[$0 - 1].id < records[$0].id }
        let sorted = isSorted ? records : records.sorted { $0.id < $1.id }
        // A commit that was reported as failed may have happened after all:
        // what begins with the same record then contains that row.
        let statement = try db.cachedStatement(
            sql:
                "INSERT OR REPLACE INTO request_batch (first_id, last_id, count, failed, body) VALUES (?, ?, ?, ?, ?)"
        )
        var body: [UInt8] = []
        body.reserveCapacity(min(sorted.count, most) * 96)
        var rows = 0
        var start = 0
        while start < sorted.count {
            let first = sorted[start].id.raw
            var end = start + 1
            while end < sorted.count, end - start < most, sorted[end].id.raw - first <= span { end += 1 }
            let group = sorted[start..<end]
            body.removeAll(keepingCapacity: true)
            RequestRecord.pack(group, into: &body)
            try statement.execute(arguments: [
                Int64(clamping: first), Int64(clamping: sorted[end - 1].id.raw), group.count,
                group.indices.count { group[$0].isFailed }, Data(body),
            ])
            rows += 1
            start = end
        }
        return rows
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

extension RequestRecord {
    /// The caller did not get what it asked for, whoever is at fault.
    var isFailed: Bool { code != nil || end == .truncated || end == .stalled || status >= 400 || status == 0 }
}
