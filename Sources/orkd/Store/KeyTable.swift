internal import FoundationEssentials
internal import GRDB
import ORKit

/// The table of pool keys. Every function runs inside the caller's
/// transaction.
enum KeyTable {
    static let columns = """
        id, name, provider, account, weight, enabled, disabled_reason, sealed, fingerprint, masked, checked, tags, \
        metadata, added_at, version, pool, priority, max_in_flight, account_learnt, \
        account_since, quota_requests, quota_tokens, quota_window
        """

    /// How many columns that are.
    static let width = 23

    static func read(_ row: Row) throws -> KeyRow {
        var key = KeyRow(
            id: KeyID(row.number(0)), name: row.text(1), provider: row.text(2), account: row[3] as String?,
            weight: Int(clamping: row.number(4)), enabled: row.number(5) != 0,
            disabledReason: row[6] as String?,
            sealed: row[7] as Data? ?? Data(), fingerprint: try row.digest(8), masked: row.text(9),
            checked: row.number(10) != 0, tags: TextMap.map(row[11] as String?),
            metadata: TextMap.map(row[12] as String?), addedAt: row.time(13) ?? WallTime(milliseconds: 0),
            version: row.number(14), pool: PoolID(row.number(15)),
            priority: Int(clamping: row.number(16)), maxInFlight: Int(clamping: row.number(17)))
        key.belong(to: key.account, learnt: row.number(18) != 0, since: row.time(19))
        key.quota = try row.quota(20)
        return key
    }

    static func rows(_ db: Database, where condition: String, _ arguments: StatementArguments = []) throws
        -> [KeyRow]
    {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM key WHERE \(condition)")
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        var rows: [KeyRow] = []
        while let row = try cursor.next() { rows.append(try read(row)) }
        return rows
    }

    static func row(_ db: Database, id: KeyID) throws -> KeyRow? {
        try rows(db, where: "id = ?", [id.raw]).first
    }

    static func row(_ db: Database, name: String) throws -> KeyRow? {
        try rows(db, where: "name = ?", [name]).first
    }

    static func row(_ db: Database, fingerprint: Digest) throws -> KeyRow? {
        try rows(db, where: "fingerprint = ?", [Data(fingerprint.bytes)]).first
    }

    /// - Returns: false when the name or the secret is already there; nothing
    ///   was changed then.
    static func insert(_ row: KeyRow, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO key (\(columns)) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            row.id.raw, row.name, row.provider, row.account, row.weight, row.enabled, row.disabledReason,
            row.sealed,
            Data(row.fingerprint.bytes), row.masked, row.checked, TextMap.text(row.tags),
            TextMap.text(row.metadata),
            row.addedAt.milliseconds, row.version, row.pool.raw, row.priority, row.maxInFlight,
            row.isAccountLearnt, row.accountSince?.milliseconds, row.quota?.requests, row.quota?.tokens,
            row.quota?.window.text,
        ])
        return db.changesCount == 1
    }

    static func update(_ row: KeyRow, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE key SET name = ?, provider = ?, account = ?, weight = ?, enabled = ?, disabled_reason = ?, \
                sealed = ?, fingerprint = ?, masked = ?, checked = ?, tags = ?, metadata = ?, version = ?, pool = ?, \
                priority = ?, max_in_flight = ?, account_learnt = ?, account_since = ?, quota_requests = ?, \
                quota_tokens = ?, quota_window = ? WHERE id = ?
                """)
        try statement.execute(arguments: [
            row.name, row.provider, row.account, row.weight, row.enabled, row.disabledReason, row.sealed,
            Data(row.fingerprint.bytes), row.masked, row.checked, TextMap.text(row.tags),
            TextMap.text(row.metadata),
            row.version, row.pool.raw, row.priority, row.maxInFlight, row.isAccountLearnt,
            row.accountSince?.milliseconds, row.quota?.requests, row.quota?.tokens, row.quota?.window.text,
            row.id.raw,
        ])
    }

    /// Puts down the account that was learnt, with an audit row of the
    /// daemon's own. What an operator said stays.
    static func learn(_ account: String, of key: KeyID, at now: WallTime, _ db: Database) throws {
        guard let before = try row(db, id: key), before.account == nil else { return }
        var after = before
        after.belong(to: account, learnt: true, since: now)
        after.version += 1
        try update(after, db)
        try AuditTable.append(
            "keys.account", after.name, by: .daemon, at: now, before: before.audit, after: after.audit, db)
    }

    /// Removes the sealed secret and what was learnt; the name stays behind
    /// for requests and history (K-36).
    static func remove(_ row: KeyRow, at now: WallTime, _ db: Database) throws {
        try Tombstones.put(.key, id: row.id.raw, name: row.name, masked: row.masked, at: now, db)
        try db.execute(sql: "DELETE FROM key WHERE id = ?", arguments: [row.id.raw])
        try db.execute(sql: "DELETE FROM key_facts WHERE key_id = ?", arguments: [row.id.raw])
        try QuotaUseTable.remove(row.id, db)
        try UpstreamQuotaTable.remove(row.id, db)
        try UpstreamLimitTable.remove(row.id, db)
        try BudgetTable.remove(.key(row.id), db)
    }

    static func count(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM key") ?? 0
    }

    /// The highest id that was ever given out.
    static func lastID(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'key'), 0), \
                coalesce((SELECT max(id) FROM key), 0))
                """) ?? 0
    }
}

extension Row {
    /// Requests, tokens and window, from that column on.
    func quota(_ first: Int) throws -> Quota? {
        guard let text = self[first + 2] as String? else { return nil }
        guard let window = QuotaWindow(text: text),
            let quota = Quota(requests: self[first], tokens: self[first + 1], window: window)
        else { throw Self.damaged }
        return quota
    }
}
