internal import FoundationEssentials
internal import GRDB
import ORKit

/// What `GET /key` last said about the limits of each key.
enum UpstreamQuotaTable {
    /// Only while the key has the secret that was asked about.
    static func put(
        _ quota: UpstreamQuota, of key: KeyID, fingerprint: Digest, _ db: Database
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO upstream_quota
                    (key_id, at, limit_pico, left_pico, used_pico, reset, free_limit, free_used, free_left)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
                WHERE EXISTS (SELECT 1 FROM key WHERE id = ?1 AND fingerprint = ?10)
                """)
        try statement.execute(arguments: [
            key.raw, quota.at.milliseconds, quota.limit?.pico, quota.left?.pico, quota.used?.pico,
            quota.reset?.rawValue, quota.free?.limit, quota.free?.used, quota.free?.left,
            Data(fingerprint.bytes),
        ])
    }

    static func get(_ key: KeyID, _ db: Database) throws -> UpstreamQuota? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT at, limit_pico, left_pico, used_pico, reset, free_limit, free_used, free_left \
                FROM upstream_quota WHERE key_id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [key.raw]), let at = row.time(0) else {
            return nil
        }
        func money(_ column: Int) -> Money? { (row[column] as Int64?).map { Money(pico: $0) } }
        return UpstreamQuota(
            at: at, limit: money(1), left: money(2), used: money(3),
            reset: (row[4] as String?).flatMap { UpstreamQuota.Reset(rawValue: $0) },
            free: UpstreamQuota.Free(limit: row[5], used: row[6], left: row[7]))
    }

    /// The free requests of an account, as a report about any of its keys last
    /// told.
    static func latestFree(
        of account: String, _ db: Database
    ) throws -> (at: WallTime, UpstreamQuota.Free)? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT max(at), free_limit, free_used, free_left FROM upstream_quota
                JOIN key ON key.id = key_id
                WHERE account = ? AND coalesce(free_limit, free_used, free_left) IS NOT NULL
                """)
        guard let row = try Row.fetchOne(statement, arguments: [account]), let at = row.time(0),
            let free = UpstreamQuota.Free(limit: row[1], used: row[2], left: row[3])
        else { return nil }
        return (at, free)
    }

    static func remove(_ key: KeyID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM upstream_quota WHERE key_id = ?", arguments: [key.raw])
    }
}
