import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("the store: schema 7, quotas")
struct QuotasMigrationTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("keys of schema 6 have no quota, and take one")
    func migrated() async throws {
        let older = try fixture.open(schema: Migration.all.filter { $0.number < Migration.quotas.number })
        try await older.transact { db in
            let key = try KeyRow.sample(1, name: "a", secret: Secret.canary(1), older.sealing)
            try db.execute(
                sql: """
                    INSERT INTO key (id, name, provider, weight, enabled, sealed, fingerprint, masked, checked, \
                    added_at, version) VALUES (1, 'a', 'openrouter', 1, 1, ?, ?, '', 1, 1000, 1)
                    """, arguments: [key.sealed, Data(key.fingerprint.bytes)])
        }
        older.close()
        let store = try fixture.open()
        defer { store.close() }
        #expect(try store.condition().schema == Migration.newest)
        #expect(try store.loadKeys().map { $0.quota == nil && $0.use == nil } == [true])
        let quota = try #require(Quota(requests: 5, tokens: 70, window: .sliding(5_400_000)))
        let cells = [QuotaUse.Cell(number: 7, amount: QuotaAmount(requests: 3, tokens: 40))]
        let use = QuotaUse(
            width: 90_000, cells: cells, phase: .recovering, tokensEach: 13.5,
            since: WallTime(milliseconds: 5))
        try await store.transact { db in
            var row = try #require(try KeyTable.row(db, name: "a"))
            // Without a quota nothing is kept.
            try QuotaUseTable.put(use, of: row.id, db)
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM quota_use") == 0)
            row.quota = quota
            try KeyTable.update(row, db)
            try QuotaUseTable.put(use, of: row.id, db)
            #expect(try KeyTable.row(db, name: "a")?.quota == quota)
        }
        let loaded = try #require(try store.loadKeys().first)
        #expect(loaded.quota == quota && loaded.use == use)
    }

    @Test("what the upstream said is kept for the secret it was said of, and goes with the key")
    func told() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let row = try KeyRow.sample(1, name: "a", secret: Secret.canary(1), store.sealing)
        let told = UpstreamQuota(
            at: WallTime(milliseconds: 9), limit: Money(pico: 5), left: nil, used: Money(pico: 3),
            reset: .weekly, free: UpstreamQuota.Free(limit: nil, used: 2, left: 48))
        try await store.transact { db in
            #expect(try KeyTable.insert(row, db))
            try UpstreamQuotaTable.put(told, of: row.id, fingerprint: Digest.of(Secret.canary(2)), db)
            #expect(try UpstreamQuotaTable.get(row.id, db) == nil)
            try UpstreamQuotaTable.put(told, of: row.id, fingerprint: row.fingerprint, db)
            #expect(try UpstreamQuotaTable.get(row.id, db) == told)
            try KeyTable.remove(row, at: WallTime(milliseconds: 10), db)
            #expect(try UpstreamQuotaTable.get(row.id, db) == nil)
        }
    }

    @Test("what refusals said is kept by rule, for keys that are there; schema 7 has nothing of it")
    func limits() async throws {
        let older = try fixture.open(schema: Migration.all.filter { $0.number < Migration.limits.number })
        older.close()
        let store = try fixture.open()
        defer { store.close() }
        let row = try KeyRow.sample(1, name: "a", secret: Secret.canary(1), store.sealing)
        func limit(_ rule: String, at: Int64, left: Int64?) -> UpstreamLimit {
            UpstreamLimit(
                at: WallTime(milliseconds: at), rule: rule, limit: 50, left: left,
                reset: WallTime(milliseconds: 99))
        }
        let (daily, minute) = (limit("daily", at: 5, left: 0), limit("minute", at: 7, left: nil))
        try await store.transact { db in
            try UpstreamLimitTable.put(daily, of: row.id, db)
            #expect(try UpstreamLimitTable.all(of: row.id, db) == [])
            #expect(try KeyTable.insert(row, db))
        }
        store.journal.carryOut([
            .keepLimit(row.id, limit("daily", at: 1, left: 3)), .keepLimit(row.id, minute),
        ])
        store.journal.carryOut([.keepLimit(row.id, daily)])
        try await store.transact { _ in }
        let kept = try await store.read { try UpstreamLimitTable.all(of: row.id, $0) }
        #expect(kept == [minute, daily])
        try await store.transact { db in
            try KeyTable.remove(row, at: WallTime(milliseconds: 10), db)
            #expect(try UpstreamLimitTable.all(of: row.id, db) == [])
        }
    }
}
