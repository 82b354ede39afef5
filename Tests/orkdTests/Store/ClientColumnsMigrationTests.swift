import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("Migration to users and fields of clients")
struct ClientColumnsMigrationTests {
    @Test("clients of before belong to the house, may do what they could, and have no lists")
    func migrate() throws {
        let database = try DatabaseQueue()
        try database.writeWithoutTransaction { db in
            let now = WallTime(milliseconds: 1)
            let before = Migration.all.filter { $0.number < Migration.users.number }
            try Migration.migrate(db, steps: before, at: now)
            for (place, raw) in [1, 2, 3, 7, 8, 15].enumerated() {
                try db.execute(
                    sql: """
                        INSERT INTO client (name, digest, environment, masked, permissions, enabled, added_at, version) \
                        VALUES (?, ?, 'live', '', ?, 1, 0, 1)
                        """, arguments: ["c\(raw)", Data(repeating: UInt8(place), count: 32), raw])
            }
            try Migration.migrate(db, at: now)
            let rows = try ClientTable.rows(db, where: "1 ORDER BY id")
            #expect(
                rows.map(\.permissions) == [
                    .inference, .catalogue, .standard, [.standard, .passthrough], .admin,
                    [.standard, .passthrough, .admin],
                ])
            #expect(rows.allSatisfy { $0.user == .house && !$0.isPrimary && $0.lists.isEmpty })
            #expect(rows.allSatisfy { $0.maxRequests == nil })
        }
    }

    @Test("lists that cannot be read are an error, not a client without lists")
    func damaged() throws {
        let database = try DatabaseQueue()
        try database.writeWithoutTransaction { db in
            try Migration.migrate(db, at: WallTime(milliseconds: 1))
            try db.execute(
                sql: """
                    INSERT INTO client (name, digest, environment, masked, permissions, enabled, added_at, version, allow) \
                    VALUES ('c', ?, 'live', '', 1, 1, 0, 1, '{"models":')
                    """, arguments: [Data(repeating: UInt8(1), count: 32)])
            #expect(throws: CodedError.self) { try ClientTable.rows(db, where: "1") }
        }
    }
}
