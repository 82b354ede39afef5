import ORKit
import Testing

@testable import orkd

extension ClientsServiceTests {
    @Test("how many cannot call is known as soon as none can")
    func noneCanCall() async throws {
        #expect(try await clients.countIfNoneCanCall() == 0)
        _ = try await add("short", expires: "1h")
        _ = try await add("off")
        _ = try await clients.disable(Selection("off"), .real)
        #expect(try await clients.countIfNoneCanCall() == nil)
        fixture.clock.advance(milliseconds: 3_600_000)
        #expect(try await clients.countIfNoneCanCall() == 2)
    }

    @Test("pages go by name, filters by state and environment, and uses are counted [CK-11]")
    func listing() async throws {
        for name in ["d", "b", "a", "c"] { _ = try await add(name, expires: name == "b" ? "1h" : nil) }
        _ = try await add("e", environment: "test")
        _ = try await clients.disable(Selection("d"), .real)
        fixture.clock.advance(milliseconds: 3_600_000)
        func names(_ states: [String], environment: String? = nil) async throws -> [String] {
            try await clients.list(ClientQuery(environment: environment, states: states)).items.map(\.name)
        }
        #expect(try await names(["usable"]) == ["a", "c", "e"])
        #expect(try await names(["expired", "disabled"]) == ["b", "d"])
        #expect(try await names([], environment: "test") == ["e"])
        #expect(await code { _ = try await names(["gone"]) } == .badValue)
        let tally = try await clients.tally()
        #expect(tally.total == 5 && tally.usable == 3)
        #expect(try await clients.countIfNoneCanCall() == nil)

        let first = try await clients.list(ClientQuery(page: PageQuery(limit: 2)))
        #expect(first.items.map(\.name) == ["a", "b"])
        #expect(first.total == 5)
        let rest = try await clients.list(ClientQuery(page: PageQuery(limit: 5, cursor: first.next)))
        #expect(rest.items.map(\.name) == ["c", "d", "e"])
        #expect(rest.next == nil)

        let client = try #require(first.items.first)
        let start = fixture.clock.now.wall.milliseconds
        let refused = RequestRecord.sample(3, at: start, client: client.id.raw, status: 503)
        fixture.store.journal.submit(
            RecordBatch([
                .sample(1, at: start, client: client.id.raw), .sample(2, at: start, client: client.id.raw),
                refused,
            ]))
        let used = try #require(try await clients.list(ClientQuery(select: ["a"])).items.first)
        #expect(used.requests == 2)
        #expect(used.lastUsedAt != nil)
    }
}
