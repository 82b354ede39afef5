internal import GRDB
import ORKit

/// Accounts: those that keys belong to, and those about which something was
/// said. Every function runs inside the caller's transaction.
enum AccountTable {
    /// By id.
    ///
    /// - Parameter place: the last id of the page before; empty for the first.
    static func rows(after place: String, limit: Int, _ db: Database) throws -> [AccountRow] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT known.id, name, note, since, version FROM (
                    SELECT account AS id FROM key WHERE account > ?1
                    UNION
                    SELECT id FROM account WHERE id > ?1 AND (name IS NOT NULL OR note IS NOT NULL)
                    ORDER BY 1 LIMIT ?2
                ) AS known LEFT JOIN account ON account.id = known.id ORDER BY 1
                """)
        return try Row.fetchAll(statement, arguments: [place, limit]).map(read)
    }

    static func count(_ db: Database) throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM (
                    SELECT account FROM key WHERE account IS NOT NULL
                    UNION SELECT id FROM account WHERE name IS NOT NULL OR note IS NOT NULL
                )
                """) ?? 0
    }

    /// - Returns: nil when no key belongs to it and nothing is said about it.
    static func row(_ db: Database, id: String) throws -> AccountRow? {
        let statement = try db.cachedStatement(
            sql: "SELECT id, name, note, since, version FROM account WHERE id = ?")
        if let row = try Row.fetchOne(statement, arguments: [id]).map(read), !row.isPlain { return row }
        guard try hasKeys(id, db) else { return nil }
        return try Row.fetchOne(statement, arguments: [id]).map(read) ?? AccountRow(id)
    }

    static func row(_ db: Database, name: String) throws -> AccountRow? {
        try Row.fetchOne(
            db, sql: "SELECT id, name, note, since, version FROM account WHERE name = ?", arguments: [name]
        ).map(read)
    }

    private static func read(_ row: Row) -> AccountRow {
        AccountRow(
            row.text(0), name: row[1] as String?, note: row[2] as String?, since: row.time(3),
            version: row[4] as Int64? ?? 0)
    }

    static func id(named name: String, _ db: Database) throws -> String? {
        let statement = try db.cachedStatement(sql: "SELECT id FROM account WHERE name = ?")
        return try String.fetchOne(statement, arguments: [name])
    }

    /// The same for many names.
    /// Whose each key is, by the account's name where it has one.
    static func namesOfKeys(_ db: Database) throws -> [Int64: String] {
        var names: [Int64: String] = [:]
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT key.id, coalesce(account.name, key.account) FROM key \
                LEFT JOIN account ON account.id = key.account WHERE key.account IS NOT NULL
                """)
        while let row = try cursor.next() { names[row.number(0)] = row.text(1) }
        return names
    }

    static func idsByName(_ db: Database) throws -> [String: String] {
        let statement = try db.cachedStatement(sql: "SELECT name, id FROM account WHERE name IS NOT NULL")
        var ids: [String: String] = [:]
        let cursor = try Row.fetchCursor(statement)
        while let row = try cursor.next() { ids[row.text(0)] = row.text(1) }
        return ids
    }

    /// One that says nothing any more goes as soon as no key belongs to it:
    /// until then its version goes on rising.
    static func put(_ row: AccountRow, _ db: Database) throws {
        guard try !row.isPlain || hasKeys(row.id, db) else {
            return try db.execute(sql: "DELETE FROM account WHERE id = ?", arguments: [row.id])
        }
        try db.execute(
            sql: """
                INSERT INTO account (id, name, note, since, version) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, note = excluded.note, version = excluded.version
                """,
            arguments: [row.id, row.name, row.note, row.since?.milliseconds ?? 0, row.version])
    }

    // Its keys

    /// - Parameter account: nil for the keys of which nobody has said whose
    ///   they are.
    static func hasKeys(_ account: String?, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM key WHERE account IS ?)")
        return try Bool.fetchOne(statement, arguments: [account]) ?? false
    }

    /// What a key's row says about its account.
    struct Key: Sendable {
        var id: KeyID
        var enabled: Bool
        var isLearnt: Bool
        var since: WallTime?
    }

    /// Calls `body` with each key of the account, so many at a time.
    static func eachKeys(
        of account: String?, atOnce: Int, _ db: Database, _ body: ([Key]) throws -> Void
    ) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT id, enabled, account_learnt, account_since FROM key WHERE account IS ?")
        let cursor = try Row.fetchCursor(statement, arguments: [account])
        var some: [Key] = []
        while let row = try cursor.next() {
            some.append(
                Key(
                    id: KeyID(row.number(0)), enabled: row.number(1) != 0, isLearnt: row.number(2) != 0,
                    since: row.time(3)))
            guard some.count == atOnce else { continue }
            try body(some)
            some.removeAll(keepingCapacity: true)
        }
        if !some.isEmpty { try body(some) }
    }

    /// By name.
    static func members(of account: String?, limit: Int, _ db: Database) throws -> [KeyRow] {
        try KeyTable.rows(db, where: "account IS ? ORDER BY name LIMIT ?", [account, limit])
    }
}
