internal import GRDB
import ORKit

/// Which models answered each user, how often and when last. Every function
/// runs inside the caller's transaction.
enum UserModelTable {
    /// Adds what is new.
    static func add(_ models: [UsageTally.UserModel: UsageTally.ModelUse], _ db: Database) throws {
        guard !models.isEmpty else { return }
        let name = try db.cachedStatement(sql: "INSERT OR IGNORE INTO model_name (name) VALUES (?)")
        let use = try db.cachedStatement(
            sql: """
                INSERT INTO user_model (user_id, model_id, requests, last_at)
                SELECT ?, id, ?, ? FROM model_name WHERE name = ?
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
                SELECT name, sum(requests), max(last_at) FROM user_model JOIN model_name ON id = model_id
                WHERE user_id = ?1 OR ?1 IS NULL GROUP BY model_id
                """)
        return try Row.fetchAll(statement, arguments: [user?.raw]).reduce(into: [:]) { uses, row in
            uses[row.text(0)] = UsageTally.ModelUse(
                requests: row.number(1), last: row.time(2) ?? WallTime(milliseconds: 0))
        }
    }

    static func remove(_ user: UserID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM user_model WHERE user_id = ?", arguments: [user.raw])
    }
}
