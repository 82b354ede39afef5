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
    struct Sums {
        var sequence: Int64
        var link: LedgerLink
        var replay: Replay
    }

    static func append(
        sequence: Int64, at: WallTime, count: Int, body: [UInt8], link: LedgerLink, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: "INSERT INTO ledger (sequence, at, count, body, link) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [sequence, at.milliseconds, count, Data(body), Data(link.digest.bytes)])
    }

    /// Calls with every row after one, in order, as it stands.
    ///
    /// - Throws: what the body throws, and `database-corrupt` for a row whose
    ///   postings cannot be read.
    static func walk(
        after sequence: Int64, _ db: Database, _ body: (Line, _ packed: [UInt8]) throws -> Void
    ) throws {
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT sequence, at, body, link FROM ledger WHERE sequence > ? ORDER BY sequence",
            arguments: [sequence])
        while let row = try cursor.next() {
            let packed = [UInt8](row[2] as Data? ?? Data())
            guard let at = row.time(1), let postings = Posting.unpack(packed) else { throw Row.damaged }
            try body(
                Line(
                    sequence: row.number(0), at: at, postings: postings,
                    link: LedgerLink(digest: try row.digest(3))), packed)
        }
    }

    /// Calls with the postings of rows that were written in a span of time
    /// (milliseconds since 1970) and have a number in a range.
    static func walk(
        _ span: Range<Int64>, _ sequences: ClosedRange<Int64>, _ db: Database,
        _ body: (WallTime, [Posting]) throws -> Void
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT at, body FROM ledger WHERE at >= ? AND at < ? AND sequence >= ? AND sequence <= ?
                """)
        let cursor = try Row.fetchCursor(
            statement,
            arguments: [span.lowerBound, span.upperBound, sequences.lowerBound, sequences.upperBound])
        while let row = try cursor.next() {
            let packed = [UInt8](row[1] as Data? ?? Data())
            guard let at = row.time(0), let postings = Posting.unpack(packed) else { throw Row.damaged }
            try body(at, postings)
        }
    }

    /// The last row that is in the sums.
    static func summed(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT sequence FROM ledger_sums") ?? 0
    }

    /// As last written down; of an empty ledger if they never were.
    static func sums(_ db: Database) throws -> Sums {
        guard
            let row = try Row.fetchOne(db, sql: "SELECT sequence, link, given, spent, open FROM ledger_sums")
        else { return Sums(sequence: 0, link: .first, replay: Replay()) }
        var accounts: [UserID: Books.Account] = [:]
        let cursor = try Row.fetchCursor(db, sql: "SELECT user_id, free, held FROM balance")
        while let row = try cursor.next() {
            accounts[UserID(row.number(0))] = Books.Account(free: row.number(1), held: row.number(2))
        }
        guard
            let replay = Replay(
                accounts: accounts, sums: .init(given: row.number(2), spent: row.number(3)),
                packedOpen: [UInt8](row[4] as Data? ?? Data()))
        else { throw Row.damaged }
        return Sums(sequence: row.number(0), link: LedgerLink(digest: try row.digest(1)), replay: replay)
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
                INSERT OR REPLACE INTO ledger_sums (id, sequence, link, given, spent, open) \
                VALUES (0, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sums.sequence, Data(sums.link.digest.bytes), sums.replay.sums.given, sums.replay.sums.spent,
            Data(sums.replay.packedOpen),
        ])
    }
}
