internal import GRDB
import ORKit

/// The history of keys: one row per change of state.
enum KeyTransitionTable {
    static func append(_ transition: Transition, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO key_transition (key_id, at, from_state, to_state, trigger, evidence, until, request) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            transition.key.raw, transition.at.milliseconds, transition.from.rawValue, transition.to.rawValue,
            transition.trigger, transition.evidence, transition.until?.milliseconds,
            transition.request.map { Int64(truncatingIfNeeded: $0.raw) },
        ])
    }

    /// Newest first.
    ///
    /// - Parameter before: only rows older than the one of this number.
    static func history(
        of key: KeyID, before: Int64, limit: Int, _ db: Database
    ) throws -> [(number: Int64, transition: Transition)] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, at, from_state, to_state, trigger, evidence, until, request FROM key_transition \
                WHERE key_id = ? AND id < ? ORDER BY id DESC LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [key.raw, before, limit]).map { row in
            (
                row.number(0),
                Transition(
                    key: key, at: row.time(1) ?? WallTime(milliseconds: 0), from: try row.word(2),
                    to: try row.word(3),
                    trigger: row.text(4), evidence: row[5] as String?, until: row.time(6),
                    request: (row[7] as Int64?).map { RequestID(raw: UInt64(bitPattern: $0)) })
            )
        }
    }

    /// When the key last came into another state.
    static func lastChange(of key: KeyID, _ db: Database) throws -> WallTime? {
        let statement = try db.cachedStatement(
            sql: "SELECT at FROM key_transition WHERE key_id = ? ORDER BY id DESC LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [key.raw]).map { WallTime(milliseconds: $0) }
    }
}
