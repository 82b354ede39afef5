internal import GRDB
import ORKit

/// What was used of the quotas of keys. A row appears with the first request.
enum QuotaUseTable {
    static let columns = "width, cells, phase, tokens_each, since"

    /// Of a key that was removed meanwhile, or whose quota was, nothing stays.
    static func put(_ use: QuotaUse, of key: KeyID, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO quota_use (key_id, \(columns)) SELECT ?1, ?2, ?3, ?4, ?5, ?6
                WHERE EXISTS (SELECT 1 FROM key WHERE id = ?1 AND quota_window IS NOT NULL)
                """)
        try statement.execute(arguments: [
            key.raw, use.width, text(use.cells), use.phase.rawValue, use.tokensEach, use.since?.milliseconds,
        ])
    }

    /// Reads the columns from `first` on; nil when nothing was used.
    static func read(_ row: Row, from first: Int) throws -> QuotaUse? {
        guard !row.hasNull(atIndex: first) else { return nil }
        return QuotaUse(
            width: row.number(first), cells: try cells(row.text(first + 1)), phase: try row.word(first + 2),
            tokensEach: row[first + 3] as Double? ?? 0, since: row.time(first + 4))
    }

    static func remove(_ key: KeyID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM quota_use WHERE key_id = ?", arguments: [key.raw])
    }

    /// `number requests tokens`, one after the other with commas between.
    private static func text(_ cells: [QuotaUse.Cell]) -> String {
        cells.map { "\($0.number) \($0.amount.requests) \($0.amount.tokens)" }.joined(separator: ",")
    }

    private static func cells(_ text: String) throws -> [QuotaUse.Cell] {
        try text.split(separator: ",").map { cell in
            let numbers = cell.split(separator: " ").map { Int64($0) }
            guard numbers.count == 3, let number = numbers[0], let requests = numbers[1],
                let tokens = numbers[2]
            else { throw Row.damaged }
            return QuotaUse.Cell(
                number: number, amount: QuotaAmount(requests: requests, tokens: tokens))
        }
    }
}
