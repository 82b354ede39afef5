internal import GRDB
import ORKit

/// The table of users. Every function runs inside the caller's transaction.
enum UserTable {
    private static let columns = """
        id, name, email, auth_method, enabled, disabled_reason, metered, subscription, trial_ends_at, \
        preferences, note, tags, added_at, version
        """

    private static func read(_ row: Row) throws -> UserRow {
        UserRow(
            id: UserID(row.number(0)), name: row.text(1), email: row[2] as String?,
            authMethod: (row[3] as String?).flatMap(UserRow.AuthMethod.init(rawValue:)),
            enabled: row.number(4) != 0, disabledReason: row[5] as String?, metered: row.number(6) != 0,
            subscription: try row.word(7), trialEndsAt: row.time(8), preferences: row[9] as String?,
            note: row[10] as String?, tags: TextMap.map(row[11] as String?),
            addedAt: row.time(12) ?? WallTime(milliseconds: 0), version: row.number(13))
    }

    static func rows(
        _ db: Database, where condition: String, _ arguments: StatementArguments = []
    ) throws -> [UserRow] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM user WHERE \(condition)")
        return try Row.fetchAll(statement, arguments: arguments).map(read)
    }

    static func row(_ db: Database, name: String) throws -> UserRow? {
        try rows(db, where: "name = ?", [name]).first
    }

    static func row(_ db: Database, id: UserID) throws -> UserRow? {
        try rows(db, where: "id = ?", [id.raw]).first
    }

    /// - Returns: the row with the id that it was given.
    static func insert(_ row: UserRow, _ db: Database) throws -> UserRow {
        try db.execute(
            sql: """
                INSERT INTO user (name, email, auth_method, enabled, disabled_reason, metered, subscription, \
                trial_ends_at, preferences, note, tags, added_at, version) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: values(row) + [row.addedAt.milliseconds, row.version])
        var row = row
        row.id = UserID(db.lastInsertedRowID)
        return row
    }

    static func update(_ row: UserRow, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE user SET name = ?, email = ?, auth_method = ?, enabled = ?, disabled_reason = ?, metered = ?, \
                subscription = ?, trial_ends_at = ?, preferences = ?, note = ?, tags = ?, version = ? WHERE id = ?
                """,
            arguments: values(row) + [row.version, row.id.raw])
    }

    private static func values(_ row: UserRow) -> StatementArguments {
        [
            row.name, row.email, row.authMethod?.rawValue, row.enabled, row.disabledReason, row.metered,
            row.subscription.rawValue, row.trialEndsAt?.milliseconds, row.preferences, row.note,
            TextMap.text(row.tags),
        ]
    }

    /// Its clients must be gone.
    static func remove(_ row: UserRow, at now: WallTime, _ db: Database) throws {
        try Tombstones.put(.user, id: row.id.raw, name: row.name, masked: "", at: now, db)
        try LimitTable.remove(.user(row.id), db)
        try BudgetTable.remove(.user(row.id), db)
        try db.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [row.id.raw])
    }

    /// What its clients come to: how many there are, which one is primary,
    /// how many requests were answered.
    static func clients(
        of user: UserID, _ db: Database
    ) throws -> (count: Int, primary: String?, requests: Int64) {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*), max(CASE WHEN is_primary THEN name END), coalesce(sum(requests), 0)
                FROM client LEFT JOIN client_use ON client_id = id WHERE user = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [user.raw]) else { return (0, nil, 0) }
        return (Int(clamping: row.number(0)), row[1] as String?, row.number(2))
    }
}
