internal import GRDB
import ORKit

/// How often a client was served, and when last (CK-11).
enum ClientUseTable {
    /// In the transaction of the records themselves, so that the count is never
    /// behind them.
    static func add(_ batches: [RecordBatch], _ db: Database) throws {
        var uses: [ClientID: (requests: Int64, last: Int64)] = [:]
        for batch in batches {
            for use in batch.uses {
                let before = uses[use.client] ?? (0, 0)
                uses[use.client] = (before.requests + use.requests, max(before.last, use.last))
            }
        }
        guard !uses.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO client_use (client_id, requests, last_used_at)
                SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM client WHERE id = ?1)
                ON CONFLICT (client_id) DO UPDATE SET requests = requests + excluded.requests,
                last_used_at = max(last_used_at, excluded.last_used_at)
                """)
        for (client, use) in uses { try statement.execute(arguments: [client.raw, use.requests, use.last]) }
    }

    static func use(of client: ClientID, _ db: Database) throws -> (requests: Int64, last: WallTime?) {
        let statement = try db.cachedStatement(
            sql: "SELECT requests, last_used_at FROM client_use WHERE client_id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [client.raw]) else { return (0, nil) }
        return (row.number(0), row.time(1))
    }
}
