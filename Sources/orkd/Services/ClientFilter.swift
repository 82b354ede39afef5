internal import GRDB
import ORKit

/// What `clients list` was asked for.
struct ClientFilter: Sendable {
    let now: WallTime
    private let environment: ClientEnvironment?
    private let states: Set<String>

    /// - Throws: `bad-value` for an environment or a state that is none.
    init(_ query: ClientQuery, at now: WallTime) throws {
        self.now = now
        environment = try query.environment.map { try ClientFields.environment($0) }
        states = Set(query.states)
        guard states.isSubset(of: Self.conditions.keys) else {
            throw CodedError(.badValue, "state must be one of: usable, disabled, expired")
        }
    }

    func includes(_ row: ClientRow) -> Bool {
        (environment == nil || environment == row.environment)
            && (states.isEmpty || states.contains(row.state(at: now)))
    }

    /// By name.
    func rows(after name: String, limit: Int, _ db: Database) throws -> [ClientRow] {
        try ClientTable.rows(
            db, where: "\(condition) AND name > ? ORDER BY name LIMIT ?", arguments + [name, limit])
    }

    func count(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM client WHERE \(condition)", arguments: arguments) ?? 0
    }

    private static let conditions = [
        "usable": "(enabled AND (expires_at IS NULL OR expires_at > ?))",
        "disabled": "(NOT enabled AND ? IS NOT NULL)",
        "expired": "(enabled AND expires_at <= ?)",
    ]

    /// Every state's condition takes the time once.
    private var condition: String {
        let wanted = states.sorted().compactMap { Self.conditions[$0] }
        return (environment == nil ? "1" : "environment = ?")
            + (wanted.isEmpty ? "" : " AND (\(wanted.joined(separator: " OR ")))")
    }

    private var arguments: StatementArguments {
        var arguments = StatementArguments()
        if let environment { arguments += [environment.rawValue] }
        for _ in states { arguments += [now.milliseconds] }
        return arguments
    }
}
