internal import GRDB
import ORKit

/// How often a client was served, and when last (CK-11).
enum ClientUseTable {
    /// What the records of one commit add to a client's.
    private struct Use {
        var requests: Int64 = 0
        var last: Int64 = 0

        mutating func add(_ end: Int64) {
            requests += 1
            last = max(last, end)
        }
    }

    /// Counts the requests that were answered well; refused and failed ones
    /// do not count. In the transaction of the records themselves, so that
    /// the count is never behind them.
    static func add(_ records: [RequestRecord], _ db: Database) throws {
        var uses: [ClientID: Use] = [:]
        for index in records.indices {
            let (client, status) = (records[index].client, records[index].status)
            guard client != .anonymous, (200..<400).contains(status) else { continue }
            let end = records[index].id.wallMilliseconds &+ records[index].microseconds / 1000
            uses[client, default: Use()].add(end)
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
