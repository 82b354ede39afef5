import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("pools: what operators do")
struct PoolsServiceTests {
    private let fixture: KeysFixture
    private var pools: PoolsService { PoolsService(fixture.keys) }

    init() throws { fixture = try KeysFixture() }

    private func view(_ name: String) async throws -> PoolView? {
        try await pools.list([name]).items.first
    }

    private func add(_ name: String, _ change: (inout PoolAdd) -> Void = { _ in }) async throws
        -> Changes<PoolView>
    {
        var request = PoolAdd(name: name)
        change(&request)
        return try await pools.add(request, .real)
    }

    /// Whose key serves a request of the pool: its id, or the refusal's code.
    private func server(_ pool: PoolID) -> String {
        let now = fixture.clock.now
        return fixture.box.decide { engine, rng in
            let ask = Ask(client: .anonymous, model: "v/m", pool: pool)
            switch engine.begin(ask, at: now, using: &rng) {
            case .lease(let lease): return String(lease.key.raw)
            case .refuse(let refusal): return refusal.code.rawValue
            }
        }
    }

    @Test("there is one pool from the start, and every key is in it")
    func first() async throws {
        defer { fixture.store.close() }
        let change = try await fixture.add("k", 1)
        #expect(try await pools.list([]).items.map(\.name) == ["default"])
        #expect(try await view("default")?.keys == 1)
        #expect(change.items.first?.item.pool == "default")
    }

    @Test("a pool is on disk, in the engine and in the audit trail, and again unchanged")
    func added() async throws {
        defer { fixture.store.close() }
        let added = try await add("team") {
            $0.strategy = .health
            $0.objective = "quality=1.0, latency=0.50"
            $0.floor = 80
            $0.fallback = "default"
        }
        let item = try #require(added.items.first?.item)
        #expect(item.strategy == .health && item.floor == 80 && item.fallback == "default")
        #expect(item.objective == "latency=0.5,quality")
        #expect(try fixture.store.loadPools().map(\.objective?.text) == [nil, item.objective])
        #expect(try fixture.store.loadPools().map(\.floorShare) == [nil, 200])
        #expect(server(item.id) == ErrorCode.noUpstreamKey.rawValue)
        let key = try #require(try await fixture.add("k", 1).items.first?.item.id)
        #expect(server(item.id) == String(key.raw))
        let again = try await add("team") {
            $0.strategy = .health
            $0.objective = "latency=0.5,quality"
            $0.floor = 80
            $0.fallback = "default"
        }
        #expect(again.items.map(\.outcome) == ["unchanged"])
        #expect(await fixture.code { _ = try await add("team") } == .poolExists)
        #expect(try await fixture.audit() == ["pools.add team", "keys.add k"])
    }

    @Test("a key moves between pools, and its pool's requests are its own")
    func moves() async throws {
        defer { fixture.store.close() }
        let team = try #require(try await add("team").items.first?.item.id)
        let key = try #require(try await fixture.add("k", 1).items.first?.item.id)
        var change = KeySet(select: ["k"])
        change.pool = "team"
        change.priority = 3
        change.maxInFlight = 7
        let moved = try #require(try await fixture.keys.set(change, .real).items.first?.item)
        #expect(moved.pool == "team" && moved.priority == 3 && moved.maxInFlight == 7)
        #expect(server(team) == String(key.raw))
        #expect(server(.first) == ErrorCode.noUpstreamKey.rawValue)
        let record = try #require(try fixture.store.loadKeys().first)
        #expect(record.pool == team && record.priority == 3 && record.maxInFlight == 7)
    }

    @Test("a pool that is needed is not removed; a dry run removes nothing")
    func removed() async throws {
        defer { fixture.store.close() }
        let team = try #require(try await add("team").items.first?.item.id)
        try await fixture.store.transact { db in
            try db.execute(
                sql: """
                    INSERT INTO client (name, digest, environment, masked, permissions, enabled, added_at, version, pool) \
                    VALUES ('c', x'00', 'live', '', 1, 1, 0, 1, ?)
                    """, arguments: [team.raw])
        }
        let selection = Selection(select: ["team"])
        #expect(await fixture.code { _ = try await pools.remove(selection, .real) } == .poolInUse)
        try await fixture.store.transact { try $0.execute(sql: "DELETE FROM client") }
        let dry = Order(actor: Order.real.actor, dryRun: true)
        #expect(try await pools.remove(selection, dry).items.map(\.outcome) == ["removed"])
        #expect(try await view("team") != nil)
        #expect(try await pools.remove(selection, .real).items.map(\.outcome) == ["removed"])
        #expect(server(team) == ErrorCode.noUpstreamKey.rawValue)
        #expect(await fixture.code { _ = try await pools.remove(selection, .real) } == .poolNotFound)
        let next = try #require(try await add("team").items.first?.item.id)
        #expect(next > team)
    }

    @Test(
        "what a pool cannot be is refused",
        arguments: ["", "none", "7", "a b", "-x", "sk-or-v1-abc", String(repeating: "a", count: 65)])
    func names(_ name: String) async {
        defer { fixture.store.close() }
        #expect(await fixture.code { _ = try await add(name) } == .badValue)
    }

    @Test("fallbacks lead nowhere back")
    func circles() async throws {
        defer { fixture.store.close() }
        _ = try await add("a") { $0.fallback = "default" }
        _ = try await add("b") { $0.fallback = "a" }
        for (pool, fallback) in [("default", "default"), ("default", "a"), ("default", "b"), ("a", "b")] {
            var change = PoolSet(pool: pool)
            change.fallback = .value(fallback)
            let request = change
            #expect(await fixture.code { _ = try await pools.set(request, .real) } == .badValue)
        }
        var change = PoolSet(pool: "b")
        change.fallback = Clearable.none
        change.name = "c"
        #expect(try await pools.set(change, .real).items.first?.item.fallback == nil)
        change.name = "a"
        change.pool = "c"
        let request = change
        #expect(await fixture.code { _ = try await pools.set(request, .real) } == .poolExists)
    }
}
