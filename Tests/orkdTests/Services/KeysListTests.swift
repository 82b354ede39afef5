import ORKit
import Testing

@testable import orkd

@Suite("keys: list and select")
struct KeysListTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    /// Every page of the list, joined.
    private func pages(_ query: KeyQuery, limit: Int) async throws -> [String] {
        var (query, names) = (query, [String]())
        query.page.limit = limit
        while true {
            let page = try await fixture.keys.list(query)
            #expect(page.items.count <= limit)
            names += page.items.map(\.name)
            guard let next = page.next else { return names }
            #expect(page.items.count == limit)
            query.page.cursor = next
        }
    }

    private func fill(_ count: Int) async throws {
        for number in 1...count {
            var request = KeyAdd(name: "k\(number)", secret: KeysFixture.secret(number))
            request.weight = number % 3 + 1
            request.tags = ["third": String(number % 3)]
            request.provider = number == 5 ? "anthropic" : nil
            _ = try await fixture.keys.add(request, .real)
        }
    }

    @Test("a key shows every model and class that rests on it, once, with the later end [KP-16]")
    func restingModels() async throws {
        defer { fixture.store.close() }
        try await fixture.add("a", 1)
        let now = fixture.clock.now.wall
        func rest(_ scope: FailureScope, _ model: String?, _ cause: Cause, _ seconds: Int64) -> Rest {
            Rest(
                scope: scope, model: model, cause: cause, until: now.advanced(byMilliseconds: seconds * 1000),
                since: now, stated: true, guesses: 0, rule: "test", evidence: "")
        }
        try fixture.mark(try #require(try await fixture.view("a")).id) { facts in
            facts.rests = [
                rest(.account, Rest.freeClass, .rateLimited, 60), rest(.modelAtKey, "v/m", .rateLimited, 90),
                rest(.modelAtKey, "v/m", .keyLimit, 30), rest(.modelAtKey, "v/over", .rateLimited, -1),
            ]
        }
        let shown = try #require(try await fixture.view("a")).restingModels
        #expect(shown.map(\.model) == [":free", "v/m"])
        #expect(shown.map(\.until) == [60, 90].map { now.advanced(byMilliseconds: $0 * 1000).rfc3339 })
    }

    @Test("pages joined are the whole list, in every order and page size [KP-04]")
    func paging() async throws {
        defer { fixture.store.close() }
        try await fill(25)
        let byName = (1...25).map { "k\($0)" }.sorted()
        for sort in [
            "name", "-name", "id", "-id", "weight", "-weight", "latency", "provider", "last_used_at",
        ] {
            var query = KeyQuery()
            query.sort = sort
            let whole = try await pages(query, limit: 100)
            #expect(whole.sorted() == byName, "\(sort)")
            for limit in [1, 7, 25] {
                #expect(try await pages(query, limit: limit) == whole, "\(sort) \(limit)")
            }
        }
        #expect(try await pages(KeyQuery(), limit: 9) == byName)
        #expect(try await fixture.keys.list(KeyQuery(page: PageQuery(limit: 3))).total == 25)
        #expect(await fixture.code { _ = try await fixture.keys.list(KeyQuery(sort: "sealed")) } == .badValue)
        #expect(
            await fixture.code { _ = try await fixture.keys.list(KeyQuery(page: PageQuery(cursor: "x"))) }
                == .badValue)
    }

    @Test("filters are joined by and; a state is the engine's word [KP-17]")
    func filters() async throws {
        defer { fixture.store.close() }
        try await fill(12)
        _ = try await fixture.keys.disable(Selection("k1*"), .real)
        #expect(try await pages(KeyQuery(states: [.disabled]), limit: 2) == ["k1", "k10", "k11", "k12"])
        #expect(try await pages(KeyQuery(tags: ["third": "0"]), limit: 2) == ["k12", "k3", "k6", "k9"])
        #expect(try await pages(KeyQuery(states: [.disabled], tags: ["third": "0"]), limit: 2) == ["k12"])
        #expect(try await pages(KeyQuery(provider: "anthropic"), limit: 2) == ["k5"])
        #expect(try await pages(KeyQuery(name: "k?"), limit: 4).count == 9)
        // Not the provider that is served, so nobody ever gets it.
        #expect(try await pages(KeyQuery(states: [.invalid]), limit: 4) == ["k5"])
        #expect(
            try await fixture.keys.list(KeyQuery(states: [.disabled], page: PageQuery(limit: 1))).total == 4)
    }

    @Test("a key is named by name, id, fingerprint, or a unique beginning of either")
    func selectors() async throws {
        defer { fixture.store.close() }
        try await fixture.add("alpha", 1)
        try await fixture.add("alpha-2", 2)
        let second = try #require(try await fixture.view("alpha-2"))
        #expect(try await fixture.names(KeyQuery(select: ["alpha"])) == ["alpha"])
        #expect(try await fixture.names(KeyQuery(select: ["alpha-"])) == ["alpha-2"])
        #expect(try await fixture.names(KeyQuery(select: [String(second.id.raw)])) == ["alpha-2"])
        for length in [6, 7, 12] {
            let beginning = String(second.fingerprint.prefix(length))
            #expect(try await fixture.names(KeyQuery(select: [beginning])) == ["alpha-2"])
            #expect(try await fixture.names(KeyQuery(select: ["sha256:" + beginning])) == ["alpha-2"])
        }
        #expect(try await fixture.names(KeyQuery(select: ["alpha*", "alpha"])) == ["alpha", "alpha-2"])
        #expect(try await fixture.names(KeyQuery(select: ["nothing*"])).isEmpty)
        #expect(await fixture.code { _ = try await fixture.names(KeyQuery(select: ["alph"])) } == .badValue)
        #expect(
            await fixture.code { _ = try await fixture.names(KeyQuery(select: ["beta"])) } == .keyNotFound)
    }

    @Test("a secret given as a name is not repeated in the error")
    func secretAsName() async throws {
        defer { fixture.store.close() }
        do {
            _ = try await fixture.names(KeyQuery(select: [KeysFixture.secret(1)]))
            Issue.record("it was found")
        } catch let error as CodedError { #expect(!error.message.contains("canary")) }
    }

    @Test("removal never guesses: the beginning of a name is not enough")
    func exactRemoval() async throws {
        defer { fixture.store.close() }
        try await fixture.add("alpha-2", 1)
        #expect(
            await fixture.code { _ = try await fixture.keys.remove(Selection("alpha"), .real) }
                == .keyNotFound)
    }
}
