internal import FoundationEssentials
internal import GRDB
import ORKit

/// What the upstream is still to be asked. Every function runs inside the
/// caller's transaction.
enum InquiryTable {
    struct Open: Sendable {
        var id: Int64
        var at: WallTime
        /// Questions so far.
        var tries: Int
        var inquiry: Inquiry
    }

    /// So many wait at most; beyond them the oldest stay what they are.
    static let capacity: Int64 = 100_000

    /// In the commit of the settlement itself.
    static func put(_ posting: Posting, at: WallTime, _ db: Database) throws {
        guard Inquiry(posting) != nil else { return }
        try db.cachedStatement(sql: "INSERT INTO inquiry (at, due, tries, body) VALUES (?, ?, 0, ?)")
            .execute(arguments: [
                at.milliseconds, at.milliseconds + Inquiry.firstPause, Data(Posting.pack([posting])),
            ])
        try db.cachedStatement(sql: "DELETE FROM inquiry WHERE id <= ?")
            .execute(arguments: [db.lastInsertedRowID - capacity])
    }

    /// Those whose time has come, the most urgent first. One that lies further
    /// ahead than any pause is due too: the clock was set back.
    static func due(at now: WallTime, limit: Int, _ db: Database) throws -> [Open] {
        let cursor = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT id, at, tries, body FROM inquiry WHERE due <= ? OR due > ? ORDER BY due LIMIT ?
                    """),
            arguments: [now.milliseconds, now.milliseconds + Inquiry.longestPause, limit])
        var open: [Open] = []
        while let row = try cursor.next() {
            guard let at = row.time(1),
                let inquiry = Posting.unpack([UInt8](row[3] as Data? ?? Data()))?.first
                    .flatMap(Inquiry.init)
            else { throw Row.damaged }
            open.append(
                Open(id: row.number(0), at: at, tries: Int(clamping: row.number(2)), inquiry: inquiry))
        }
        return open
    }

    static func delay(_ open: Open, to due: WallTime, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE inquiry SET due = ?, tries = ? WHERE id = ?")
            .execute(arguments: [due.milliseconds, open.tries + 1, open.id])
    }

    /// - Returns: false where it was closed before.
    static func close(_ open: Open, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM inquiry WHERE id = ?").execute(arguments: [open.id])
        return db.changesCount > 0
    }
}
