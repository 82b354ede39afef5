internal import GRDB
import ORKit

/// How many requests each client with a cap was granted: raised on disk
/// before the request goes upstream, so that no crash gives any back.
enum ClientCountTable {
    /// Of a client that has a cap; begins with what was answered so far.
    static func open(_ client: ClientID, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO client_count (client_id, taken)
                SELECT ?1, coalesce((SELECT requests FROM client_use WHERE client_id = ?1), 0)
                ON CONFLICT (client_id) DO NOTHING
                """, arguments: [client.raw])
    }

    static func close(_ client: ClientID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM client_count WHERE client_id = ?", arguments: [client.raw])
    }

    static func count(of client: ClientID, _ db: Database) throws -> (serial: Int64, taken: Int64)? {
        let statement = try db.cachedStatement(
            sql: "SELECT serial, taken FROM client_count WHERE client_id = ?")
        return try Row.fetchOne(statement, arguments: [client.raw]).map { ($0.number(0), $0.number(1)) }
    }

    /// One that is closed stays so.
    static func add(_ change: Int64, to serial: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE client_count SET taken = max(0, taken + ?) WHERE serial = ?")
        try statement.execute(arguments: [change, serial])
    }
}
