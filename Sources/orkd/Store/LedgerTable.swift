internal import FoundationEssentials
internal import GRDB
import ORKit

/// The rows of the ledger and what they add up to. Every function runs inside
/// the caller's transaction; only `LedgerEnd` adds rows.
enum LedgerTable {
    /// The postings of one commit.
    struct Line: Sendable {
        var sequence: Int64
        var at: WallTime
        var postings: [Posting]
        var link: LedgerLink
    }

    /// What the rows up to one add up to.
    struct Sums: Sendable {
        var sequence: Int64 = 0
        var link = LedgerLink.first
        /// How large the rows are, about.
        var bytes: Int64 = 0
        var replay = Replay()

        /// Adds the next row as it was read.
        ///
        /// - Throws: `database-corrupt` when it does not follow the one before.
        mutating func follow(_ line: Line, _ packed: [UInt8]) throws {
            let next = link.next(sequence: line.sequence, at: line.at, body: packed)
            guard line.sequence == sequence + 1, next == line.link else {
                throw CodedError(
                    .databaseCorrupt, "row \(line.sequence) of the ledger does not follow the one before")
            }
            for posting in line.postings {
                do {
                    try replay.add(posting)
                } catch {
                    throw CodedError(
                        .databaseCorrupt,
                        "row \(line.sequence) of the ledger contradicts those before: \(error)")
                }
            }
            sequence = line.sequence
            link = next
            bytes += LedgerTable.size(ofBody: packed.count)
        }
    }

    /// What a row takes on disk, about: its body, and what stands beside it.
    static func size(ofBody count: Int) -> Int64 { Int64(count) + 64 }

    static func append(
        sequence: Int64, at: WallTime, count: Int, body: [UInt8], link: LedgerLink, limits: LimitIncrement?,
        _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: "INSERT INTO ledger (sequence, at, count, body, link, limits) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            sequence, at.milliseconds, count, Data(body), Data(link.digest.bytes),
            limits.map { Data($0.packed) },
        ])
    }

    /// Calls with every row after one, in order, as it stands.
    ///
    /// - Parameter last: no row after this one.
    /// - Throws: what the body throws, and `database-corrupt` for a row whose
    ///   postings cannot be read.
    static func walk(
        after sequence: Int64, through last: Int64 = .max, _ db: Database,
        _ body: (Line, _ packed: [UInt8]) throws -> Void
    ) throws {
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT sequence, at, body, link FROM ledger WHERE sequence > ? AND sequence <= ? \
                ORDER BY sequence
                """, arguments: [sequence, last])
        while let row = try cursor.next() {
            let packed = [UInt8](row[2] as Data? ?? Data())
            guard let at = row.time(1), let postings = Posting.unpack(packed) else { throw Row.damaged }
            try body(
                Line(
                    sequence: row.number(0), at: at, postings: postings,
                    link: LedgerLink(digest: try row.digest(3))), packed)
        }
    }

    /// By the blocks, as the `CROSS` insists: SQLite would begin with the rows.
    static let inSpan = """
        SELECT at, body FROM ledger_block AS block \
        CROSS JOIN ledger ON sequence BETWEEN block.first AND block.last \
        WHERE block.until >= ?1 AND block.since < ?2 AND at >= ?1 AND at < ?2
        """
    static let afterRow = "SELECT at, body FROM ledger WHERE sequence > ?3 AND at >= ?1 AND at < ?2"

    /// Calls with the postings of rows that are in the sums and were written in
    /// a span of time (milliseconds since 1970).
    static func walk(
        _ span: Range<Int64>, _ db: Database, _ body: (WallTime, [Posting]) throws -> Void
    ) throws {
        try walk(db.cachedStatement(sql: inSpan), [span.lowerBound, span.upperBound], body)
    }

    /// Calls with the postings of rows after a row that were written in a span
    /// of time.
    static func walk(
        _ span: Range<Int64>, after sequence: Int64, _ db: Database,
        _ body: (WallTime, [Posting]) throws -> Void
    ) throws {
        try walk(
            db.cachedStatement(sql: afterRow), [span.lowerBound, span.upperBound, sequence], body)
    }

    private static func walk(
        _ statement: Statement, _ arguments: StatementArguments, _ body: (WallTime, [Posting]) throws -> Void
    ) throws {
        let _: Never? = try first(statement, arguments) { at, postings in
            try body(at, postings)
            return nil
        }
    }

    /// What is found first in rows of `at` and `body`; nothing is read behind it.
    private static func first<Found>(
        _ statement: Statement, _ arguments: StatementArguments,
        where find: (WallTime, [Posting]) throws -> Found?
    ) throws -> Found? {
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try cursor.next() {
            let packed = [UInt8](row[1] as Data? ?? Data())
            guard let at = row.time(0), let postings = Posting.unpack(packed) else { throw Row.damaged }
            if let found = try find(at, postings) { return found }
        }
        return nil
    }

    /// What is found first in the rows that were written in a span of time,
    /// in the sums or after them.
    static func first<Found>(
        in span: Range<Int64>, _ db: Database, where find: (WallTime, [Posting]) throws -> Found?
    ) throws -> Found? {
        let (low, high) = (span.lowerBound, span.upperBound)
        return try first(db.cachedStatement(sql: inSpan), [low, high], where: find)
            ?? first(db.cachedStatement(sql: afterRow), [low, high, summed(db)], where: find)
    }

    /// The last row that is in the sums.
    static func summed(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT sequence FROM ledger_sums") ?? 0
    }

    /// As last written down; of an empty ledger if they never were.
    static func sums(_ db: Database) throws -> Sums {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT sequence, link, bytes, given, spent, open FROM ledger_sums")
        else { return Sums() }
        return try sums(
            row, accounts: try Row.fetchCursor(db, sql: "SELECT user_id, free, held FROM balance"))
    }

    /// - Parameters:
    ///   - row: sequence, link, bytes, given, spent, open.
    ///   - balances: user, free, held.
    static func sums(_ row: Row, accounts balances: RowCursor) throws -> Sums {
        var accounts: [UserID: Books.Account] = [:]
        while let row = try balances.next() {
            accounts[UserID(row.number(0))] = Books.Account(free: row.number(1), held: row.number(2))
        }
        guard
            let replay = Replay(
                accounts: accounts, sums: .init(given: row.number(3), spent: row.number(4)),
                packedOpen: [UInt8](row[5] as Data? ?? Data()))
        else { throw Row.damaged }
        return Sums(
            sequence: row.number(0), link: LedgerLink(digest: try row.digest(1)), bytes: row.number(2),
            replay: replay)
    }

    /// - Parameter changed: the users whose balances are not on disk as they are.
    static func keep(_ sums: Sums, changed: Set<UserID>, _ db: Database) throws {
        let balance = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO balance (user_id, free, held) VALUES (?, ?, ?)")
        for user in changed {
            guard let account = sums.replay.accounts[user] else { continue }
            try balance.execute(arguments: [user.raw, account.free, account.held])
        }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO ledger_sums (id, sequence, link, bytes, given, spent, open) \
                VALUES (0, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sums.sequence, Data(sums.link.digest.bytes), sums.bytes, sums.replay.sums.given,
            sums.replay.sums.spent,
            Data(sums.replay.packedOpen),
        ])
    }
}
