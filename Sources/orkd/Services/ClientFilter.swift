internal import GRDB
import ORKit

/// What `clients list` was asked for.
struct ClientFilter: Sendable {
    let now: WallTime
    private let environment: ClientEnvironment?
    private let states: Set<String>
    private let user: String?

    /// - Throws: `bad-value` for an environment or a state that is none.
    init(_ query: ClientQuery, at now: WallTime) throws {
        self.now = now
        environment = try query.environment.map { try ClientFields.environment($0) }
        states = Set(query.states)
        user = query.user
        guard states.isSubset(of: Self.conditions.keys) else {
            throw CodedError(.badValue, "state must be one of: usable, disabled, expired")
        }
    }

    func chosen(_ rows: [ClientRow], _ db: Database) throws -> [ClientRow] {
        let user = try owner(db)
        return rows.filter { row in
            (environment == nil || environment == row.environment)
                && (states.isEmpty || states.contains(row.state(at: now)))
                && (user == nil || user == row.user)
        }
    }

    /// By name.
    func rows(after name: String, limit: Int, _ db: Database) throws -> [ClientRow] {
        try ClientTable.rows(
            db, where: "\(condition) AND name > ? ORDER BY name LIMIT ?", try arguments(db) + [name, limit])
    }

    func count(_ db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM client WHERE \(condition)", arguments: try arguments(db)) ?? 0
    }

    private func owner(_ db: Database) throws -> UserID? { try user.map { try UserFields.find($0, db) } }

    private static let conditions = [
        "usable": "(enabled AND (expires_at IS NULL OR expires_at > ?))",
        "disabled": "(NOT enabled AND ? IS NOT NULL)",
        "expired": "(enabled AND expires_at <= ?)",
    ]

    /// Every state's condition takes the time once.
    private var condition: String {
        let wanted = states.sorted().compactMap { Self.conditions[$0] }
        return (environment == nil ? "1" : "environment = ?") + (user == nil ? "" : " AND user = ?")
            + (wanted.isEmpty ? "" : " AND (\(wanted.joined(separator: " OR ")))")
    }

    private func arguments(_ db: Database) throws -> StatementArguments {
        var arguments = StatementArguments()
        if let environment { arguments += [environment.rawValue] }
        if let user = try owner(db) { arguments += [user.raw] }
        for _ in states { arguments += [now.milliseconds] }
        return arguments
    }
}
