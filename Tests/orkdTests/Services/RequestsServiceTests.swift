import Foundation
import ORKit
import Testing

@testable import orkd

@Suite("requests")
struct RequestsServiceTests {
    private let fixture: ServiceFixture
    private let start: Int64

    init() throws {
        fixture = try ServiceFixture()
        start = fixture.clock.now.wall.milliseconds
    }

    /// One commit of its own.
    private func keep(_ records: RequestRecord...) async throws { try await keep(records) }

    private func keep(_ records: [RequestRecord]) async throws {
        fixture.store.journal.submit(RecordBatch(records))
        try await fixture.store.transact { _ in }
    }

    private func ids(_ query: RequestQuery) async throws -> [UInt64] {
        try await fixture.requests.list(query).items.map { view in
            (RequestID(view.id)?.raw ?? 0) & 0xFFFFF
        }
    }

    @Test("what has just ended is found, with every attempt, its rule and evidence")
    func show() async throws {
        let client = try #require(
            try await fixture.clients.add(ClientAdd(name: "web"), .real).items.first?.item)
        let refused = AttemptRecord(
            key: KeyID(4), choice: .onlyOne, usable: 1, total: 3, status: 0,
            verdict: Verdict(
                scope: .modelAtKey, cause: .rateLimited, remedy: .rotate,
                statedUntil: WallTime(milliseconds: start),
                evidence: "free-models-per-day", rule: "429-free-tier-daily"),
            startedMicroseconds: 50, microseconds: 1500)
        var usage = Usage()
        usage.prompt = 9
        usage.cost = Money(pico: 5_800_000)
        let record = RequestRecord.sample(
            7, at: start, client: client.id.raw, key: 5, before: [refused], usage: usage, quality: .exact)
        fixture.store.journal.submit(RecordBatch([record]))
        let view = try await fixture.requests.show(record.id)
        #expect(view.client == "web")
        #expect(view.startedAt == "2026-11-21T00:00:00Z")
        #expect(view.milliseconds == 42.5)
        #expect(view.usage.cost == "0.0000058")
        let (failed, good) = (view.attempts[0], view.attempts[1])
        #expect(failed.status == nil)
        #expect(failed.cause == "rate-limited")
        #expect(failed.scope == .modelAtKey)
        #expect(failed.rule == "429-free-tier-daily")
        #expect(failed.evidence == "free-models-per-day")
        #expect(failed.until == "2026-11-21T00:00:00Z")
        #expect(good.scope == nil)
        #expect(good.evidence == nil)
        #expect(good.key == "#5")
    }

    @Test("an id that is not kept is not found")
    func absent() async throws {
        try await keep(.sample(1, at: start))
        await #expect { _ = try await fixture.requests.show(RequestID(raw: 12)) } throws: {
            ($0 as? CodedError)?.code == .requestNotFound
        }
    }

    @Test("removed clients and keys keep their names, and can be asked for by them")
    func tombstones() async throws {
        let client = try #require(
            try await fixture.clients.add(ClientAdd(name: "web"), .real).items.first?.item)
        let now = fixture.clock.now.wall
        try await fixture.store.transact {
            try Tombstones.put(.key, id: 5, name: "main-1", masked: "…", at: now, $0)
        }
        try await keep(.sample(1, at: start, client: client.id.raw, key: 5), .sample(2, at: start, client: 0))
        _ = try await fixture.clients.remove(Selection("web"), .real)
        let views = try await fixture.requests.list(RequestQuery(client: "web", key: "main-1")).items
        #expect(views.map(\.client) == ["web"])
        #expect(views.first?.attempts.first?.key == "main-1")
        #expect(try await ids(RequestQuery(client: String(client.id.raw), key: "5")) == [1])
        #expect(try await ids(RequestQuery(client: "anonymous")) == [2])
        for query in [RequestQuery(client: "nobody"), RequestQuery(key: "nobody")] {
            await #expect(throws: CodedError.self) { _ = try await ids(query) }
        }
    }

    @Test("a user's are those of all its clients as it was then, gone or not; none's are nobody's")
    func users() async throws {
        let users = UsersService(fixture.clients)
        let added = try await users.add(UserAdd(name: "alice"), .real)
        let alice = try #require(added.items.first?.item.id.raw)
        try await keep(
            .sample(1, at: start, client: 11, user: alice), .sample(2, at: start, client: 12, user: alice),
            .sample(3, at: start, client: 11), .sample(4, at: start, client: 13, user: alice + 9))
        for isThere in [true, false] {
            if !isThere { _ = try await users.remove(Selection("alice"), .real) }
            for name in ["alice", String(alice)] {
                let views = try await fixture.requests.list(RequestQuery(user: name)).items
                #expect(views.map(\.user) == ["alice", "alice"])
                #expect(views.map(\.userID) == [UserID(alice), UserID(alice)])
            }
            #expect(try await ids(RequestQuery(user: "alice")) == [2, 1])
            #expect(try await ids(RequestQuery(client: "anonymous", user: "alice")) == [])
        }
        let unowned = try await fixture.requests.list(RequestQuery(user: "none")).items
        #expect(unowned.count == 1 && unowned.first?.user == nil && unowned.first?.userID == nil)
        #expect(try await fixture.requests.list(RequestQuery()).items.first?.user == "#\(alice + 9)")
        await #expect { _ = try await ids(RequestQuery(user: "nobody")) } throws: {
            ($0 as? CodedError)?.code == .userNotFound
        }
    }

    @Test("filters: time, model, code, failed")
    func filters() async throws {
        let other = RequestRecord.sample(2, at: start + 1000, model: "anthropic/claude")
        let failed = RequestRecord.sample(
            3, at: start + 2000, status: 503, code: .allKeysResting, end: .refused)
        try await keep(.sample(1, at: start), other)
        try await keep(failed)
        #expect(try await ids(RequestQuery()) == [3, 2, 1])
        #expect(try await ids(RequestQuery(model: "anthropic/*")) == [2])
        #expect(try await ids(RequestQuery(code: .allKeysResting)) == [3])
        #expect(try await ids(RequestQuery(failed: true)) == [3])
        #expect(try await ids(RequestQuery(since: WallTime(milliseconds: start + 1000))) == [3, 2])
        #expect(try await ids(RequestQuery(until: WallTime(milliseconds: start + 1000))) == [1])
        #expect(
            try await ids(
                RequestQuery(
                    since: WallTime(milliseconds: start + 1), until: WallTime(milliseconds: start + 1500)))
                == [2])
    }

    @Test("newest first over rows that overlap, in pages of any size, each request exactly once")
    func order() async throws {
        // Ends come in another order than beginnings: long streams end late.
        let seed = ProcessInfo.processInfo.environment["ORK_SEED"].flatMap { UInt64($0) } ?? 7
        var generator = SeededGenerator(seed: seed)
        let all = (0..<600).map { RequestRecord.sample(UInt64($0), at: start + Int64($0) * 137) }
        var late: [RequestRecord] = []
        for group in stride(from: 0, to: all.count, by: 20) {
            let batch = all[group..<group + 20]
            let slow = batch.filter { _ in Int.random(in: 0..<10, using: &generator) == 0 }
            try await keep(batch.filter { record in !slow.contains { $0.id == record.id } })
            late += slow
            if group % 100 == 80 {
                try await keep(late)
                late = []
            }
        }
        try await keep(late)
        let expected = all.map(\.id.description).reversed()
        for size in [1, 7, 50, 1000] {
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try await fixture.requests.list(
                    RequestQuery(page: PageQuery(limit: size, cursor: cursor)))
                seen += page.items.map(\.id)
                cursor = page.next
                #expect(page.items.count <= size)
            } while cursor != nil
            #expect(seen == Array(expected), "pages of \(size), ORK_SEED=\(seed)")
        }
    }

    @Test("a page has no next when nothing follows, and a cursor that is not ours is refused")
    func cursors() async throws {
        try await keep(.sample(1, at: start), .sample(2, at: start))
        #expect(try await fixture.requests.list(RequestQuery(page: PageQuery(limit: 2))).next == nil)
        #expect(try await fixture.requests.list(RequestQuery(page: PageQuery(limit: 1))).next != nil)
        await #expect(throws: CodedError.self) {
            _ = try await fixture.requests.list(RequestQuery(page: PageQuery(cursor: "nonsense")))
        }
    }
}
