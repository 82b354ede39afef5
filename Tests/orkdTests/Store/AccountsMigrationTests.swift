import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("the store: schema 5, accounts")
struct AccountsMigrationTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    /// A database of schema 4 with keys whose accounts were learnt, said, and
    /// are not known.
    private func older() async throws {
        let store = try fixture.open(schema: Migration.all.filter { $0.number < Migration.accounts.number })
        let rows: [(name: String, account: String?)] = [
            ("learnt", "user_a"), ("said", "core"), ("corrected", "mine"), ("unknown", nil),
        ]
        try await store.transact { db in
            for (id, row) in rows.enumerated() {
                let secret = Secret.canary(id)
                let key = try KeyRow.sample(Int64(id + 1), name: row.name, secret: secret, store.sealing)
                try db.execute(
                    sql: """
                        INSERT INTO key (id, name, provider, account, weight, enabled, sealed, fingerprint, masked, \
                        checked, added_at, version) VALUES (?, ?, 'openrouter', ?, 1, 1, ?, ?, '', 1, 1000, 1)
                        """,
                    arguments: [id + 1, row.name, row.account, key.sealed, Data(key.fingerprint.bytes)])
            }
            for (name, account, at) in [("learnt", "user_a", 5000), ("corrected", "user_a", 6000)] {
                try db.execute(
                    sql: """
                        INSERT INTO audit (at, uid, gid, pid, verb, subject, after) \
                        VALUES (?, 0, 0, 0, 'keys.account', ?, json_object('account', ?))
                        """, arguments: [at, name, account])
            }
        }
        store.close()
    }

    @Test("who said whose a key is comes from the audit trail; everything else was an operator")
    func migrated() async throws {
        try await older()
        let store = try fixture.open()
        defer { store.close() }
        #expect(try store.condition().schema == Migration.newest)
        let rows = try await store.read { try KeyTable.rows($0, where: "1 ORDER BY id") }
        #expect(rows.map(\.account) == ["user_a", "core", "mine", nil])
        #expect(rows.map(\.isAccountLearnt) == [true, false, false, false])
        #expect(rows.map { $0.accountSince?.milliseconds } == [5000, 1000, 1000, nil])
        #expect(try store.loadKeys().map(\.account) == rows.map(\.account))
        let accounts = try await store.read { try AccountTable.rows(after: "", limit: 9, $0) }
        #expect(accounts.map(\.id) == ["core", "mine", "user_a"])
        #expect(accounts.map(\.isPlain) == [true, true, true])
    }
}
