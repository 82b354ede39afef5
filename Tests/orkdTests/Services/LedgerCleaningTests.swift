import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("cleaning of the ledger and of events")
struct LedgerCleaningTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    private func cleaning(_ retention: Retention) -> Cleaning {
        let clock = fixture.clock
        return Cleaning(
            store: fixture.store, box: EngineBox(Engine(settings: EngineSettings()), seed: 1) { _, _ in },
            clients: fixture.clients, retention: retention, clock: { clock.now })
    }

    private func fill() async throws {
        let now = fixture.clock.now.wall
        try await fixture.store.transact { db in
            var history = LedgerHistory(seed: 5, end: now)
            try history.write(rows: 300, db)
        }
    }

    private func lines(before time: WallTime = WallTime(milliseconds: .max)) async throws -> Int {
        try await fixture.store.read { db in
            try Int.fetchOne(
                db, sql: "SELECT coalesce(sum(count), 0) FROM ledger WHERE at < ?",
                arguments: [time.milliseconds]) ?? 0
        }
    }

    @Test("postings beyond their age go, as many as a dry run said; the others stay [CL-03]")
    func age() async throws {
        try await fill()
        let all = try await lines()
        let told = try await cleaning(Retention(ledgerDays: 10)).run(.ledger, dryRun: true)
        #expect(try await lines() == all && told > 0 && told < all)
        #expect(try await cleaning(Retention(ledgerDays: 10)).run(.ledger, dryRun: false) == told)
        #expect(try await lines() == all - told)
        let limit = Retention.limit(days: 10, before: fixture.clock.now.wall)
        let first = try await fixture.store.read {
            try Int64.fetchOne($0, sql: "SELECT at FROM ledger ORDER BY sequence LIMIT 1") ?? 0
        }
        #expect(first >= limit.milliseconds)
        #expect(try await cleaning(Retention(ledgerDays: 10)).run(.ledger, dryRun: false) == 0)
        let kept = try await fixture.store.read { try LedgerCheckpoint($0).lines }
        #expect(kept == Int64(told))
    }

    @Test("postings beyond a size go, the oldest first, also in a second pass [CL-03]")
    func size() async throws {
        try await fill()
        let bytes = try await fixture.store.read { try LedgerTable.sums($0).bytes }
        for part in [2, 4] as [Int64] {
            let retention = Retention(ledgerBytes: bytes / part)
            let told = try await cleaning(retention).run(.ledger, dryRun: true)
            #expect(try await cleaning(retention).run(.ledger, dryRun: false) == told && told > 0)
            let left = try await fixture.store.read {
                try Int64.fetchOne($0, sql: "SELECT sum(length(body) + 64) FROM ledger") ?? 0
            }
            #expect(left <= bytes / part && left > bytes / part - 1000)
        }
    }

    @Test("of the last two hours every posting stays, whatever its size")
    func youngest() async throws {
        try await fill()
        let now = fixture.clock.now.wall
        #expect(try await lines(before: now.advanced(byMilliseconds: -7_200_000)) < (try await lines()))
        _ = try await cleaning(Retention(ledgerBytes: 0)).run(.ledger, dryRun: false)
        let first = try await fixture.store.read {
            try Int64.fetchOne($0, sql: "SELECT at FROM ledger ORDER BY sequence LIMIT 1") ?? 0
        }
        #expect(first >= now.milliseconds - 7_200_000)
    }

    @Test("a row that does not follow the one before is told, and stays")
    func damaged() async throws {
        try await fill()
        try await fixture.store.transact {
            try $0.execute(sql: "UPDATE ledger SET at = at + 1 WHERE sequence = 3")
        }
        let all = try await lines()
        await #expect {
            _ = try await cleaning(Retention(ledgerDays: 1)).run(.ledger, dryRun: false)
        } throws: {
            ($0 as? CodedError)?.code == .databaseCorrupt
        }
        #expect(try await lines() == all)
    }

    @Test("of events in no other table the newest so many stay, beside their age [CL-03]")
    func events() async throws {
        for number in 0..<10 {
            fixture.store.journal.keep(.daemon("n\(number)", "x", at: fixture.clock.now.wall))
        }
        _ = try await fixture.store.transact { _ in }
        for dryRun in [true, false] {
            #expect(try await cleaning(Retention(eventCount: 4)).run(.events, dryRun: dryRun) == 6)
        }
        #expect(try await cleaning(Retention(eventCount: 0)).run(.events, dryRun: true) == 0)
        fixture.clock.advance(days: 401)
        #expect(try await cleaning(Retention()).run(.events, dryRun: false) == 4)
    }
}
