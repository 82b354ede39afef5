import ORKit
import Testing

@testable import orkd

@Suite("audit service")
struct AuditServiceTests {
    private let fixture: ServiceFixture
    private let service: AuditService

    init() throws {
        fixture = try ServiceFixture()
        let clock = fixture.clock
        service = AuditService(fixture.store, clock: { clock.now })
    }

    private func change(_ name: String, by actor: Actor, _ verb: String = "keys.set") async throws {
        fixture.clock.advance(milliseconds: 10)
        let now = fixture.clock.now.wall
        try await fixture.store.transact { db in
            try AuditTable.append(
                verb, name, by: actor, at: now, before: ["weight": .number(1), "name": .text(name)],
                after: ["weight": .number(3), "name": .text(name)], db)
        }
    }

    private func names(_ query: AuditQuery) async throws -> [String] {
        try await service.list(query).items.map(\.target)
    }

    private static let alice = Actor(uid: 1000, gid: 100, pid: 7, role: .admin)
    private static let root = Actor(uid: 0, gid: 0, pid: 8, role: .admin)

    @Test("changes come newest first, with who asked and every field that is another one [EN-07]")
    func order() async throws {
        try await change("a", by: Self.alice)
        try await change("b", by: .daemon)
        let found = try await service.list(AuditQuery()).items
        #expect(found.map(\.target) == ["b", "a"])
        #expect(found.map(\.actor) == ["orkd", "uid 1000"])
        #expect(found.map(\.pid) == [nil, 7])
        #expect(found[1].change == "weight 1 → 3")
        #expect(found[1].fields == [AuditView.Field(field: "weight", before: "1", after: "3")])
    }

    @Test("actor, action, target and time each leave the others out [EN-07]")
    func filters() async throws {
        try await change("a", by: Self.alice)
        try await change("b", by: .daemon, "clients.add")
        let middle = fixture.clock.now.wall
        try await change("c", by: Self.root, "clients.remove")
        #expect(try await names(AuditQuery(actor: "1000")) == ["a"])
        #expect(try await names(AuditQuery(actor: "orkd")) == ["b"])
        #expect(try await names(AuditQuery(actor: "0")) == ["c"], "the daemon is not root")
        #expect(try await names(AuditQuery(action: "clients.*")) == ["c", "b"])
        #expect(try await names(AuditQuery(action: "clients")) == [])
        #expect(try await names(AuditQuery(target: "a")) == ["a"])
        #expect(try await names(AuditQuery(target: "?")) == ["c", "b", "a"])
        #expect(try await names(AuditQuery(since: middle)) == ["c", "b"])
        #expect(try await names(AuditQuery(until: middle)) == ["a"])
        #expect(try await names(AuditQuery(since: middle, actor: "0", action: "clients.add")) == [])
    }

    @Test("pages follow one another without a gap, also where a filter leaves rows out [EN-07]")
    func pages() async throws {
        for number in 0..<7 { try await change(String(number), by: number == 3 ? .daemon : Self.alice) }
        var query = AuditQuery(actor: "1000", page: PageQuery(limit: 2))
        var seen: [[String]] = []
        repeat {
            let page = try await service.list(query)
            seen.append(page.items.map(\.target))
            query.page.cursor = page.next
        } while query.page.cursor != nil
        #expect(seen == [["6", "5"], ["4", "2"], ["1", "0"]])
    }

    @Test("an actor that is neither a number nor orkd, and a foreign cursor, are refused")
    func refused() async throws {
        for query in [
            AuditQuery(actor: "alice"), AuditQuery(actor: "-1"), AuditQuery(page: PageQuery(cursor: "x")),
        ] {
            await #expect { _ = try await service.list(query) } throws: {
                ($0 as? CodedError)?.code == .badValue
            }
        }
    }
}
