internal import GRDB
import ORKit

/// What 429s last said about the limits of each key, one row for each rule.
enum UpstreamLimitTable {
    /// Of a key that was removed meanwhile nothing stays.
    static func put(_ limit: UpstreamLimit, of key: KeyID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO upstream_limit (key_id, rule, at, most, left, reset)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM key WHERE id = ?1)
                """)
        try statement.execute(arguments: [
            key.raw, limit.rule, limit.at.milliseconds, limit.limit, limit.left, limit.reset?.milliseconds,
        ])
    }

    /// The latest first.
    static func all(of key: KeyID, _ db: Database) throws -> [UpstreamLimit] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT rule, at, most, left, reset FROM upstream_limit WHERE key_id = ? ORDER BY at DESC, rule
                """)
        return try Row.fetchAll(statement, arguments: [key.raw]).compactMap(read)
    }

    /// The latest of each rule that any key of the account ran into, the latest
    /// first.
    static func latest(of account: String, _ db: Database) throws -> [UpstreamLimit] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT rule, max(at), most, left, reset FROM upstream_limit JOIN key ON key.id = key_id
                WHERE account = ? GROUP BY rule ORDER BY 2 DESC, rule
                """)
        return try Row.fetchAll(statement, arguments: [account]).compactMap(read)
    }

    private static func read(_ row: Row) -> UpstreamLimit? {
        row.time(1).map {
            UpstreamLimit(at: $0, rule: row.text(0), limit: row[2], left: row[3], reset: row.time(4))
        }
    }

    static func remove(_ key: KeyID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM upstream_limit WHERE key_id = ?", arguments: [key.raw])
    }
}
