internal import FoundationEssentials
internal import GRDB
import ORKit

/// What was used of limits, packed as `Limits` packs it, and the clock that it
/// is counted by.
enum LimitUseTable {
    /// What is not the clock.
    private static let clock = "clock"

    static func put(_ news: LimitNews, _ db: Database) throws {
        guard let time = news.clock else { return }
        try put(time, Self.clock, 0, db)
        for (subject, use) in news.uses { try put(use, subject.noun, subject.raw, db) }
    }

    /// Says that the rows of the ledger tell nothing that is not in there. After
    /// the last row of the transaction.
    static func markRow(_ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO limit_use_row (id, sequence) \
                SELECT 0, coalesce(max(sequence), 0) FROM ledger
                """
        ).execute()
    }

    /// What was counted after that, as the rows of the ledger say, and when.
    static func rows(_ db: Database) throws -> [(at: WallTime, row: LimitIncrement)] {
        let last = try Int64.fetchOne(db, sql: "SELECT sequence FROM limit_use_row") ?? 0
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT at, limits FROM ledger WHERE sequence > ? AND limits IS NOT NULL ORDER BY sequence
                """, arguments: [last])
        var found: [(at: WallTime, row: LimitIncrement)] = []
        while let row = try rows.next() {
            let packed = [UInt8](row[1] as Data? ?? Data())
            guard let at = row.time(0), let increment = LimitIncrement(packed: packed) else {
                throw Row.damaged
            }
            found.append((at, increment))
        }
        return found
    }

    /// Of a client that was removed meanwhile nothing stays.
    private static func put(_ use: [UInt8], _ subject: String, _ id: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO limit_use (subject, subject_id, use) SELECT ?1, ?2, ?3
                WHERE ?1 != 'client' OR EXISTS (SELECT 1 FROM client WHERE id = ?2)
                """)
        try statement.execute(arguments: [subject, id, Data(use)])
    }

    static func all(_ db: Database) throws -> LimitNews {
        var news = LimitNews()
        let rows = try Row.fetchCursor(db, sql: "SELECT subject, subject_id, use FROM limit_use")
        while let row = try rows.next() {
            let use = [UInt8](row[2] as Data? ?? Data())
            if row.text(0) == clock {
                news.clock = use
            } else {
                news.uses[try LimitTable.subject(row, from: 0)] = use
            }
        }
        return news
    }
}

/// What has changed in the use of limits, to be kept together.
struct LimitNews: Sendable {
    /// Nil: nothing is to be written as it is.
    var clock: [UInt8]?
    var uses: [LimitSubject: [UInt8]] = [:]
    /// What was counted meanwhile, for a row of the ledger.
    var row: LimitIncrement?

    /// What came later stays.
    mutating func add(_ later: LimitNews) {
        clock = later.clock ?? clock
        uses.merge(later.uses) { $1 }
        row = later.row
    }
}
