internal import GRDB
import ORKit

/// Which models answered each user, how often and when last. The rows of users
/// who are gone stay, as their sums do: they say a number and no name. Every
/// function runs inside the caller's transaction.
enum UserModelTable {
    /// Adds what is new.
    static func add(_ models: [UserModel: UsageTally.ModelUse], _ db: Database) throws {
        guard !models.isEmpty else { return }
        let name = try db.cachedStatement(sql: "INSERT OR IGNORE INTO model_name (name) VALUES (?)")
        let use = try db.cachedStatement(
            sql: """
                INSERT INTO user_model (user_id, model_id, requests, last_at)
                SELECT ?, model_name.id, ?, ? FROM model_name WHERE name = ?
                ON CONFLICT (user_id, model_id) DO UPDATE SET requests = requests + excluded.requests,
                last_at = max(last_at, excluded.last_at)
                """)
        for (subject, sum) in models {
            try name.execute(arguments: [subject.model])
            try use.execute(
                arguments: [subject.user.raw, sum.requests, sum.last.milliseconds, subject.model])
        }
    }

    /// By model; of everybody when the user is nil.
    static func uses(of user: UserID?, _ db: Database) throws -> [String: UsageTally.ModelUse] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT name, sum(requests), max(last_at) FROM user_model JOIN model_name ON model_name.id = model_id
                WHERE user_id = ?1 OR ?1 IS NULL GROUP BY model_id
                """)
        return try Row.fetchAll(statement, arguments: [user?.raw]).reduce(into: [:]) { uses, row in
            uses[row.text(0)] = UsageTally.ModelUse(
                requests: row.number(1), last: row.time(2) ?? WallTime(milliseconds: 0))
        }
    }

    /// What sums of the two are kept by.
    static func id(of user: UserID, model: Int64, _ db: Database) throws -> Int64 {
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO user_model (user_id, model_id, requests, last_at) VALUES (?, ?, 0, 0)"
        ).execute(arguments: [user.raw, model])
        return try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM user_model WHERE user_id = ? AND model_id = ?"),
            arguments: [user.raw, model]) ?? 0
    }

    /// What those ids stand for.
    static func pairs(_ db: Database) throws -> [Int64: UserModel] {
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT user_model.id, user_id, name FROM user_model JOIN model_name ON model_name.id = model_id
                """)
        var pairs: [Int64: UserModel] = [:]
        while let row = try cursor.next() {
            pairs[row.number(0)] = UserModel(user: UserID(row.number(1)), model: row.text(2))
        }
        return pairs
    }
}
