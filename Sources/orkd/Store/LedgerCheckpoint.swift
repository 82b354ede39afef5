internal import FoundationEssentials
internal import GRDB
import ORKit

/// Where the ledger begins: what the rows that were removed from its old end
/// added up to, and the link of the last of them, which the first of the
/// others follows (ruling 23).
struct LedgerCheckpoint: Sendable {
    private(set) var sums: LedgerTable.Sums
    /// The newest time that a removed row carried.
    private(set) var newest: WallTime
    /// Postings that were removed.
    private(set) var lines: Int64
    /// Users whose balances are not on disk as they are here.
    private var changed: Set<UserID> = []

    /// The last row that was removed; 0: none was.
    var sequence: Int64 { sums.sequence }

    /// As it stands on disk.
    init(_ db: Database) throws {
        guard
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT sequence, link, bytes, given, spent, open, newest, lines FROM ledger_checkpoint
                    """)
        else {
            (sums, newest, lines) = (LedgerTable.Sums(), WallTime(milliseconds: .min), 0)
            return
        }
        sums = try LedgerTable.sums(
            row,
            accounts: try Row.fetchCursor(db, sql: "SELECT user_id, free, held FROM checkpoint_balance"))
        newest = WallTime(milliseconds: row.number(6))
        lines = row.number(7)
    }

    /// The newest time that a removed row carried. Nil: there is none.
    static func newest(_ db: Database) throws -> WallTime? {
        try Int64.fetchOne(db, sql: "SELECT newest FROM ledger_checkpoint").map { WallTime(milliseconds: $0) }
    }

    /// How many bytes of rows were removed, about.
    static func bytes(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT bytes FROM ledger_checkpoint") ?? 0
    }

    /// The same so many rows later, not beyond `last`: each is held against
    /// its link before anybody may remove it.
    ///
    /// - Throws: `database-corrupt` for a row that does not follow the one before.
    func advanced(rows: Int, through last: Int64, _ db: Database) throws -> LedgerCheckpoint {
        var next = self
        next.changed = []
        let end = min(last, sequence + Int64(rows))
        try LedgerTable.walk(after: sequence, through: end, db) { line, packed in
            try next.sums.follow(line, packed)
            next.newest = max(next.newest, line.at)
            next.lines += Int64(line.postings.count)
            for posting in line.postings { if let user = posting.user { next.changed.insert(user) } }
        }
        return next
    }

    /// Puts it in the place of the rows that it adds up.
    ///
    /// - Parameter old: the checkpoint before it, as it stands on disk.
    /// - Returns: false when another one stands there; nothing is changed then.
    func replaceRows(after old: LedgerCheckpoint, _ db: Database) throws -> Bool {
        let present = try Int64.fetchOne(db, sql: "SELECT sequence FROM ledger_checkpoint") ?? 0
        guard present == old.sequence, sequence > present, try sequence <= LedgerTable.summed(db) else {
            return false
        }
        let balance = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO checkpoint_balance (user_id, free, held) VALUES (?, ?, ?)")
        for user in changed {
            guard let account = sums.replay.accounts[user] else { continue }
            try balance.execute(arguments: [user.raw, account.free, account.held])
        }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO ledger_checkpoint \
                (id, sequence, link, newest, lines, bytes, given, spent, open) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sequence, Data(sums.link.digest.bytes), newest.milliseconds, lines, sums.bytes,
            sums.replay.sums.given, sums.replay.sums.spent, Data(sums.replay.packedOpen),
        ])
        try db.cachedStatement(sql: "DELETE FROM ledger WHERE sequence <= ?").execute(arguments: [sequence])
        try LedgerBlock.remove(through: sequence, db)
        return true
    }
}

extension LedgerTable {
    /// The rows at the old end that were written before a time, or are more
    /// than so many bytes with those after them. None that is not in the sums.
    ///
    /// - Parameter youngest: none that was written then or later, whatever its
    ///   size: of the last hours usage is told to the millisecond.
    /// - Returns: the last of them, and how many postings are in them.
    static func surplus(
        before time: WallTime, beyond bytes: Int64, youngest: WallTime, _ db: Database
    ) throws -> (through: Int64, lines: Int) {
        let written = try Int64.fetchOne(db, sql: "SELECT bytes FROM ledger_sums") ?? 0
        var excess = try written - LedgerCheckpoint.bytes(db) - bytes
        var (last, lines) = (Int64(0), 0)
        let cursor = try Row.fetchCursor(
            db,
            sql: "SELECT sequence, at, count, length(body) FROM ledger WHERE sequence <= ? ORDER BY sequence",
            arguments: [try summed(db)])
        while let row = try cursor.next(), row.number(1) < youngest.milliseconds,
            row.number(1) < time.milliseconds || excess > 0
        {
            last = row.number(0)
            lines += Int(clamping: row.number(2))
            excess -= size(ofBody: Int(clamping: row.number(3)))
        }
        return (last, lines)
    }
}
