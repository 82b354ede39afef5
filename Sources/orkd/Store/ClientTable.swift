internal import FoundationEssentials
internal import GRDB
import ORKit

/// The table of clients, and of the keys that go on working for a while after
/// a rotation. Every function runs inside the caller's transaction.
enum ClientTable {
    static let columns = """
        id, name, digest, environment, masked, permissions, enabled, disabled_reason, tags, note, expires_at, \
        added_at, version, pool, user, is_primary, allow, max_requests
        """

    static func read(_ row: Row) throws -> ClientRow {
        ClientRow(
            id: ClientID(row.number(0)), name: row.text(1), digest: try row.digest(2),
            environment: try row.word(3),
            masked: row.text(4), permissions: Permissions(rawValue: UInt16(clamping: row.number(5))),
            enabled: row.number(6) != 0, disabledReason: row[7] as String?,
            tags: TextMap.map(row[8] as String?),
            note: row[9] as String?, expiresAt: row.time(10),
            addedAt: row.time(11) ?? WallTime(milliseconds: 0),
            version: row.number(12), pool: PoolID(row.number(13)), user: UserID(row.number(14)),
            isPrimary: row.number(15) != 0, lists: try lists(row[16] as String?),
            maxRequests: row[17] as Int64?)
    }

    /// - Throws: for what cannot be read: no list would allow everything.
    private static func lists(_ text: String?) throws -> AllowLists {
        guard let text else { return AllowLists() }
        guard let lists = try? JSONDecoder().decode(AllowLists.self, from: Data(text.utf8)) else {
            throw Row.damaged
        }
        return lists
    }

    private static func text(_ lists: AllowLists) throws -> String? {
        guard !lists.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(lists), as: UTF8.self)
    }

    static func rows(
        _ db: Database, where condition: String, _ arguments: StatementArguments = []
    ) throws -> [ClientRow] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM client WHERE \(condition)")
        return try Row.fetchAll(statement, arguments: arguments).map(read)
    }

    static func row(_ db: Database, name: String) throws -> ClientRow? {
        try rows(db, where: "name = ?", [name]).first
    }

    static func row(_ db: Database, digest: Digest) throws -> ClientRow? {
        try rows(db, where: "digest = ?", [Data(digest.bytes)]).first
    }

    /// Which environment each is for.
    static func environments(_ db: Database) throws -> [Int64: String] {
        var environments: [Int64: String] = [:]
        let cursor = try Row.fetchCursor(db, sql: "SELECT id, environment FROM client")
        while let row = try cursor.next() { environments[row.number(0)] = row.text(1) }
        return environments
    }

    /// - Returns: the row with the id that it was given.
    static func insert(_ row: ClientRow, _ db: Database) throws -> ClientRow {
        try db.execute(
            sql: """
                INSERT INTO client (name, digest, environment, masked, permissions, enabled, disabled_reason, tags, \
                note, expires_at, added_at, version, pool, user, is_primary, allow, max_requests) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row.name, Data(row.digest.bytes), row.environment.rawValue, row.masked,
                Int64(row.permissions.rawValue), row.enabled, row.disabledReason, TextMap.text(row.tags),
                row.note,
                row.expiresAt?.milliseconds, row.addedAt.milliseconds, row.version, row.pool.raw,
                row.user.raw, row.isPrimary, try text(row.lists), row.maxRequests,
            ])
        var row = row
        row.id = ClientID(db.lastInsertedRowID)
        return row
    }

    static func update(_ row: ClientRow, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE client SET name = ?, digest = ?, masked = ?, permissions = ?, enabled = ?, \
                disabled_reason = ?, tags = ?, note = ?, expires_at = ?, version = ?, pool = ?, user = ?, \
                is_primary = ?, allow = ?, max_requests = ? WHERE id = ?
                """,
            arguments: [
                row.name, Data(row.digest.bytes), row.masked, Int64(row.permissions.rawValue), row.enabled,
                row.disabledReason, TextMap.text(row.tags), row.note, row.expiresAt?.milliseconds,
                row.version, row.pool.raw, row.user.raw, row.isPrimary, try text(row.lists),
                row.maxRequests, row.id.raw,
            ])
    }

    /// - Returns: the digests that stop working with it, its own included.
    static func remove(_ row: ClientRow, at now: WallTime, _ db: Database) throws -> [Digest] {
        let digests = try graces(of: row.id, db).map(\.digest)
        try Tombstones.put(.client, id: row.id.raw, name: row.name, masked: row.masked, at: now, db)
        for table in ["client_digest_grace", "client_use", "client_count"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE client_id = ?", arguments: [row.id.raw])
        }
        try LimitTable.remove(.client(row.id), db)
        try BudgetTable.remove(.client(row.id), db)
        try db.execute(sql: "DELETE FROM client WHERE id = ?", arguments: [row.id.raw])
        return [row.digest] + digests
    }

    // Old keys

    static func addGrace(_ digest: Digest, of client: ClientID, until: WallTime, _ db: Database) throws {
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO client_digest_grace (digest, client_id, valid_until) VALUES (?, ?, ?)",
            arguments: [Data(digest.bytes), client.raw, until.milliseconds])
    }

    static func graces(of client: ClientID, _ db: Database) throws -> [(digest: Digest, until: WallTime)] {
        try Row.fetchAll(
            db, sql: "SELECT digest, valid_until FROM client_digest_grace WHERE client_id = ?",
            arguments: [client.raw]
        ).map { (try $0.digest(0), $0.time(1) ?? WallTime(milliseconds: 0)) }
    }

    /// - Returns: the digests that were removed.
    static func removeGraces(of client: ClientID, _ db: Database) throws -> [Digest] {
        let digests = try graces(of: client, db).map(\.digest)
        try db.execute(sql: "DELETE FROM client_digest_grace WHERE client_id = ?", arguments: [client.raw])
        return digests
    }

    /// - Returns: the digests that were over at that time and are now removed.
    static func removeExpiredGraces(at now: WallTime, _ db: Database) throws -> [Digest] {
        let digests = try Row.fetchAll(
            db, sql: "SELECT digest FROM client_digest_grace WHERE valid_until <= ?",
            arguments: [now.milliseconds]
        ).map { try $0.digest(0) }
        try db.execute(
            sql: "DELETE FROM client_digest_grace WHERE valid_until <= ?", arguments: [now.milliseconds])
        return digests
    }
}
