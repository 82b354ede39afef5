import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("What is counted for the audit trail")
struct AuditTallyTests {
    private static let alice = Order.real.actor

    @Test("one line for everything of a kind that one actor did, and a name where there was only one")
    func lines() {
        let tally = AuditTally()
        var again = Self.alice
        again.pid += 1
        tally.note(.access(.test), by: Self.alice, about: "a")
        tally.note(.access(.test), by: again, about: "a")
        tally.note(.access(.check), by: .daemon, about: "a")
        tally.note(.access(.check), by: .daemon, about: "b")
        tally.note(.access(.start), by: .daemon, about: nil, count: 0)
        tally.note(.refusal(.forbidden), by: Self.alice, about: nil)
        let lines = tally.take()
        #expect(lines.map(\.verb) == ["control.refused", "keys.access", "keys.access"])
        #expect(lines.map(\.reason) == ["forbidden", "check", "test"])
        #expect(lines.map(\.count) == [1, 2, 2])
        #expect(lines.map(\.subject) == [nil, nil, "a"])
        #expect(lines.map(\.actor) == [Self.alice, .daemon, Self.alice])
        #expect(tally.take().isEmpty)
    }

    @Test("however many do something, the lines are few and nothing is lost")
    func bounded() {
        let tally = AuditTally()
        for uid in 0..<1000 {
            let actor = Actor(uid: UInt32(uid), gid: 0, pid: 7, role: .viewer)
            tally.note(.refusal(.forbidden), by: actor, about: nil)
        }
        let lines = tally.take()
        #expect(lines.count == AuditTally.occasions + 1)
        #expect(lines.reduce(0) { $0 + $1.count } == 1000)
        #expect(lines.first { $0.actor == .daemon }?.count == 1000 - AuditTally.occasions)
    }

    @Test("whatever opens a sealed key is counted: the start, tests, changes, exports [EN-04]")
    func accesses() async throws {
        let fixture = try KeysFixture()
        defer { fixture.store.close() }
        try await fixture.add("a", 1)
        try await fixture.add("b", 2)
        #expect(fixture.store.tally.take() == [], "what is added was never sealed before")
        func told() -> [String] {
            fixture.store.tally.take().map {
                "\($0.reason) \($0.count) \($0.subject ?? "-") \($0.actor.name.text)"
            }
        }
        _ = try fixture.store.loadKeys()
        #expect(told() == ["start 2 - orkd"])
        _ = try await fixture.keys.test(Selection("a"), .real)
        #expect(told() == ["test 1 a uid 1000"])
        _ = try await fixture.keys.disable(Selection("b"), .real)
        #expect(told() == ["change 1 b uid 1000"])
        var query = KeyExportQuery()
        _ = try await fixture.keys.export(query, .real)
        #expect(told() == [])
        query.secrets = true
        _ = try await fixture.keys.export(query, .real)
        #expect(told() == ["export 2 - uid 1000"])
    }

    @Test("what could not be written is written the next time, with what came meanwhile")
    func kept() async throws {
        let fixture = try ServiceFixture()
        defer { fixture.store.close() }
        fixture.store.tally.note(.access(.check), by: .daemon, about: "a")
        try await fixture.store.transact { db in
            try db.execute(
                sql: "CREATE TEMP TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        await #expect(throws: (any Error).self) {
            try await fixture.store.tellTally(at: fixture.clock.now.wall)
        }
        try await fixture.store.transact { db in try db.execute(sql: "DROP TRIGGER refuse") }
        fixture.store.tally.note(.access(.check), by: .daemon, about: "a", count: 2)
        let now = fixture.clock.now.wall
        try await fixture.store.tellTally(at: now)
        let service = AuditService(fixture.store, clock: { fixture.clock.now })
        let found = try await service.list(AuditQuery()).items
        #expect(found.map(\.action) == ["keys.access"])
        #expect(found.first?.change == "key a, reason check, times 3" && found.first?.target == "3 keys")
    }
}
