internal import GRDB
import ORKit

/// Names of keys, clients and users that are gone, so that what they did can still
/// be told (K-36). `cleanup` removes old ones.
enum Tombstones {
    enum Kind: String { case key, client, user }

    static func put(_ kind: Kind, id: Int64, name: String, masked: String, at now: WallTime, _ db: Database)
        throws
    {
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO tombstone (kind, id, name, masked, removed_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [kind.rawValue, id, name, masked, now.milliseconds])
    }

    /// Names by id, of the living and of the removed.
    static func names(_ kind: Kind, _ ids: Set<Int64>, _ db: Database) throws -> [Int64: String] {
        var names: [Int64: String] = [:]
        let statement = try db.cachedStatement(
            sql: """
                SELECT name FROM \(kind.rawValue) WHERE id = ?1
                UNION ALL SELECT name FROM tombstone WHERE kind = '\(kind.rawValue)' AND id = ?1
                """)
        for id in ids { names[id] = try String.fetchOne(statement, arguments: [id]) }
        return names
    }

    /// The id that a removed thing of that name had last.
    static func id(_ kind: Kind, name: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db, sql: "SELECT max(id) FROM tombstone WHERE kind = ? AND name = ?",
            arguments: [kind.rawValue, name])
    }
}
