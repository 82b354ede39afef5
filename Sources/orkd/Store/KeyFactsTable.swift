internal import FoundationEssentials
internal import GRDB
import ORKit

/// What was learnt about keys. A row appears with the first thing learnt.
enum KeyFactsTable {
    static let columns = """
        attempts, successes, failures, rate_limited, consecutive_failures, prompt_tokens, completion_tokens, \
        cost_pico, last_used_at, latency, last_error, last_error_at, state
        """

    /// The part of the facts that most keys do not have.
    private struct State: Codable {
        var rests: [Rest]?
        var broken: Int64?
        var suspect: Int64?
        var invalid: Int64?

        init?(_ facts: KeyFacts) {
            rests = facts.rests.isEmpty ? nil : facts.rests
            broken = facts.brokenSince?.milliseconds
            suspect = facts.suspectSince?.milliseconds
            invalid = facts.invalidSince?.milliseconds
            if rests == nil, broken == nil, suspect == nil, invalid == nil { return nil }
        }
    }

    /// A key that was removed meanwhile stays without facts.
    static func put(_ facts: KeyFacts, of key: KeyID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO key_facts (key_id, \(columns))
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
                WHERE EXISTS (SELECT 1 FROM key WHERE id = ?1)
                """)
        let counters = facts.counters
        let state = try State(facts).map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try statement.execute(arguments: [
            key.raw, counters.attempts, counters.successes, counters.failures, counters.rateLimited,
            counters.consecutiveFailures, counters.promptTokens, counters.completionTokens, counters.costPico,
            facts.lastUsedAt?.milliseconds, facts.latency, facts.lastError, facts.lastErrorAt?.milliseconds,
            state,
        ])
    }

    /// Reads the columns from `first` on; facts of a key that has none yet
    /// are empty.
    static func read(_ row: Row, from first: Int) throws -> KeyFacts {
        var facts = KeyFacts()
        guard !row.hasNull(atIndex: first) else { return facts }
        facts.counters.attempts = row.number(first)
        facts.counters.successes = row.number(first + 1)
        facts.counters.failures = row.number(first + 2)
        facts.counters.rateLimited = row.number(first + 3)
        facts.counters.consecutiveFailures = row.number(first + 4)
        facts.counters.promptTokens = row.number(first + 5)
        facts.counters.completionTokens = row.number(first + 6)
        facts.counters.costPico = row.number(first + 7)
        facts.lastUsedAt = row.time(first + 8)
        facts.latency = row[first + 9] as Double?
        facts.lastError = row[first + 10] as String?
        facts.lastErrorAt = row.time(first + 11)
        guard let text = row[first + 12] as String? else { return facts }
        let state = try JSONDecoder().decode(State.self, from: Data(text.utf8))
        facts.rests = state.rests ?? []
        facts.brokenSince = state.broken.map { WallTime(milliseconds: $0) }
        facts.suspectSince = state.suspect.map { WallTime(milliseconds: $0) }
        facts.invalidSince = state.invalid.map { WallTime(milliseconds: $0) }
        return facts
    }

    /// Forgets everything but the totals: the durable half of a reset.
    static func reset(_ key: KeyID, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE key_facts SET state = NULL, consecutive_failures = 0 WHERE key_id = ?",
            arguments: [key.raw])
    }
}
