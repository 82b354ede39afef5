import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("models: what is known, and when it is asked for")
struct ModelsServiceTests {
    private let fixture: KeysFixture
    private let probe = ScriptedModels()
    private let tables = Tables()
    private static let hour: Int64 = 3_600_000

    init() throws { fixture = try KeysFixture() }

    private func service(every: Int64 = hour) -> ModelsService {
        ModelsService(
            fixture.keys, probe: probe, every: { every },
            published: { [tables] in tables.add($0) })
    }

    private func ids(_ service: ModelsService, _ query: ModelQuery = ModelQuery()) async throws -> [String] {
        try await service.list(query).items.map(\.id)
    }

    @Test("nothing is asked for without a key, nor before it is due; then once, and known to the data path")
    func due() async throws {
        defer { fixture.store.close() }
        let models = service()
        await models.check()
        #expect(probe.asked.isEmpty)
        try await fixture.add("k", 1)
        await models.check()
        await models.check()
        #expect(probe.asked == [KeysFixture.secret(1)] && tables.counts == [2])
        fixture.clock.advance(milliseconds: Self.hour - 1)
        await models.check()
        #expect(probe.asked.count == 1 && models.cache().valid)
        fixture.clock.advance(milliseconds: 1)
        await models.check()
        #expect(probe.asked.count == 2)
        // A clock that was set back does not stop it.
        fixture.clock.advance(days: -2)
        await models.check()
        #expect(probe.asked.count == 3)
        #expect(try await fixture.audit().filter { $0.hasPrefix("models") } == [])
    }

    @Test("where no age is too high it is asked for only when somebody wants it")
    func never() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        let models = service(every: 0)
        await models.check()
        #expect(probe.asked.isEmpty && !models.cache().hasData)
        #expect(try await ids(models) == ["a/free:free", "v/m"])
        fixture.clock.advance(days: 400)
        await models.check()
        #expect(try await ids(models).count == 2 && probe.asked.count == 1 && models.cache().valid)
    }

    @Test("after a failure it is left alone for a minute, what is known stays, and the reason is told")
    func failure() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        let models = service()
        await models.check()
        probe.answer(nil)
        fixture.clock.advance(milliseconds: Self.hour)
        await models.check()
        await models.check()
        #expect(probe.asked.count == 2 && models.cache().failure == "away")
        fixture.clock.advance(milliseconds: 1000)
        #expect(!models.cache().valid && models.cache().ageSeconds == 3601)
        #expect(try await ids(models).count == 2)
        fixture.clock.advance(milliseconds: 58_999)
        await models.check()
        #expect(probe.asked.count == 2)
        fixture.clock.advance(milliseconds: 1)
        probe.answer(["v/new"])
        await models.check()
        #expect(try await ids(models) == ["v/new"] && models.cache().failure == nil)
    }

    @Test("while nothing is known and the upstream is away, callers hear why and it is not asked for each")
    func empty() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        probe.answer(nil)
        let models = service()
        for _ in 0..<5 {
            #expect(await fixture.code { _ = try await models.list(ModelQuery()) } == .upstreamUnreachable)
        }
        #expect(probe.asked.count == 1)
        // An operator's wish is not put off.
        #expect(await fixture.code { _ = try await models.refresh(.real) } == .upstreamUnreachable)
        #expect(probe.asked.count == 2)
    }

    @Test("without a key there is no list, and as soon as there is one there is the other")
    func keyless() async throws {
        defer { fixture.store.close() }
        let models = service()
        #expect(await fixture.code { _ = try await models.list(ModelQuery()) } == .noUpstreamKey)
        try await fixture.add("k", 1)
        #expect(try await ids(models).count == 2 && probe.asked.count == 1)
    }

    @Test("many who want it at once have it asked for once")
    func together() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        let models = service()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await models.current().table.models.count } }
            for try await count in group { #expect(count == 2) }
        }
        #expect(probe.asked.count == 1)
    }

    @Test("a key that is refused makes way for the next, the best first; those taken out are never used")
    func keys() async throws {
        defer { fixture.store.close() }
        try await fixture.addMarked("broken", 1) { facts, now in facts.brokenSince = now }
        for number in 2...6 { try await fixture.add("k\(number)", number) }
        _ = try await fixture.keys.disable(Selection("k2"), .real)
        probe.refuse(3)
        let models = service()
        _ = try await models.refresh(.real)
        #expect(probe.asked == [3, 4].map(KeysFixture.secret))
        probe.answer(nil)
        #expect(await fixture.code { _ = try await models.refresh(.real) } == .upstreamUnreachable)
        #expect(probe.asked.suffix(3) == [3, 4, 5].map(KeysFixture.secret)[...])
        for number in 3...6 { _ = try await fixture.keys.disable(Selection("k\(number)"), .real) }
        probe.answer(["v/m"])
        _ = try await models.refresh(.real)
        #expect(probe.asked.last == KeysFixture.secret(1))
        _ = try await fixture.keys.disable(Selection("broken"), .real)
        #expect(await fixture.code { _ = try await models.refresh(.real) } == .noUpstreamKey)
    }

    @Test("a list is on disk with its audit row; a dry run keeps nothing; after a restart it is there")
    func kept() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        let models = service()
        let trial = try await models.refresh(.trial)
        #expect(trial.items.first?.changed == true && !models.cache().hasData)
        #expect(try await fixture.audit().contains("models.refresh models") == false)
        #expect(try await models.refresh(.real).items.first?.outcome == "refreshed")
        #expect(try await models.refresh(.real).items.first?.outcome == "unchanged")
        #expect(try await fixture.audit().count { $0 == "models.refresh models" } == 2)
        fixture.clock.advance(milliseconds: 5000)
        let later = service()
        try await later.load()
        #expect(later.cache().models == 2 && later.cache().ageSeconds == 5)
        #expect(probe.asked.count == 3 && tables.counts.last == 2)
    }

    @Test("lists are filtered, sorted by price or context with the unknown last, and come in pages")
    func queries() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        var (cheap, dear) = (ScriptedModels.model("v/cheap", 1), ScriptedModels.model("v/dear", 9))
        (cheap.context, dear.context) = (10, 20)
        let router = ModelOffer(id: "openrouter/auto")
        probe.answer(models: [router, cheap, dear, ScriptedModels.model("w/free:free", 0)])
        let models = service()
        func ids(_ change: (inout ModelQuery) throws -> Void) async throws -> [String] {
            var query = ModelQuery()
            try change(&query)
            return try await self.ids(models, query)
        }
        #expect(try await ids { $0.match = "v/*" } == ["v/cheap", "v/dear"])
        #expect(try await ids { $0.provider = "w" } == ["w/free:free"])
        #expect(try await ids { $0.free = true } == ["w/free:free"])
        let up = try await ids { $0.sort = try ModelQuery.Sort("price") }
        #expect(up == ["w/free:free", "v/cheap", "v/dear", "openrouter/auto"])
        let down = try await ids { $0.sort = try ModelQuery.Sort("-price") }
        #expect(down == ["v/dear", "v/cheap", "w/free:free", "openrouter/auto"])
        #expect(
            try await ids { $0.sort = try ModelQuery.Sort("-context") }.prefix(2) == ["v/dear", "v/cheap"])
        #expect(try await ids { $0.select = ["v/dear", "v/*", "v/dear:nitro"] } == ["v/dear", "v/cheap"])
        #expect(try await ids { $0.select = ["nosuch*"] } == [])
        #expect(await fixture.code { _ = try await ids { $0.select = ["nosuch"] } } == .modelNotFound)
        #expect(
            await fixture.code { _ = try await ids { $0.sort = try ModelQuery.Sort("name") } } == .badValue)
        #expect(await fixture.code { _ = try await ids { $0.page.cursor = "-1" } } == .badValue)
        let page = try await models.list(ModelQuery(page: PageQuery(limit: 3)))
        #expect(page.items.count == 3 && page.next == "3" && page.total == 4)
        let rest = try await models.list(ModelQuery(page: PageQuery(limit: 3, cursor: page.next)))
        #expect(rest.items.map(\.id) == ["w/free:free"] && rest.next == nil)
        #expect(try await ids { $0.page.cursor = "99" } == [])
    }

    @Test("a provider's models are counted, and the cheapest that costs and the largest are named")
    func providers() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        var large = ScriptedModels.model("v/large", 9)
        large.context = 100
        let free = ScriptedModels.model("v/free:free", 0)
        probe.answer(models: [ScriptedModels.model("v/cheap", 1), large, free, ModelOffer(id: "auto")])
        let rows = try await service().providers()
        #expect(rows.map(\.name) == ["unknown", "v"] && rows.map(\.models) == [1, 3])
        #expect(rows[1].free == 1 && rows[1].priced == 3 && rows[1].cheapest == "v/cheap")
        #expect(rows[1].cheapestPrices?.prompt == "1.00" && rows[1].largest == "v/large")
        #expect(rows[0].cheapest == nil && rows[0].largest == nil && rows[0].priced == 0)
    }
}

extension ModelsServiceTests {
    @Test("an operator's price is told and published, also when it is stated later; kept is the list's")
    func overridden() async throws {
        defer { fixture.store.close() }
        try await fixture.add("k", 1)
        let words = StatedPrices()
        let prompts = Prompts()
        func service() -> ModelsService {
            ModelsService(
                fixture.keys, probe: probe, every: { Self.hour }, overrides: { words.list },
                published: { prompts.add($0["v/m"]?.prices.prompt.pico) })
        }
        let models = service()
        await models.reprice()
        #expect(prompts.seen == [])
        await models.check()
        let word = try #require(PriceOverride("v/m=5/6"))
        words.list = [word]
        await models.reprice()
        let rows = try await models.list(ModelQuery()).items
        #expect(rows.map(\.overridden) == [false, true])
        #expect(rows.last?.prices.prompt == "5.00" && rows.last?.prices.cachedRead == "5.00")
        // The upstream's own list is what is compared, and kept.
        #expect(try await models.refresh(.real).items.first?.outcome == "unchanged")
        let later = service()
        try await later.load()
        words.list = []
        await later.reprice()
        #expect(try await later.list(ModelQuery()).items.last?.prices.prompt == "1.00")
        #expect(prompts.seen == [1_000_000, 5_000_000, 5_000_000, 5_000_000, 1_000_000])
        #expect(probe.asked.count == 2)
    }
}

/// What an operator states, and states anew.
final class StatedPrices: Sendable {
    private let state = Mutex<[PriceOverride]>([])

    var list: [PriceOverride] {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// What a token of the prompt costs in the tables that were published.
final class Prompts: Sendable {
    private let state = Mutex<[Int64?]>([])

    func add(_ price: Int64?) { state.withLock { $0.append(price) } }
    var seen: [Int64?] { state.withLock { $0 } }
}

/// How many models the tables had that were published.
final class Tables: Sendable {
    private let state = Mutex<[Int]>([])

    func add(_ table: PriceTable) { state.withLock { $0.append(table.models.count) } }
    var counts: [Int] { state.withLock { $0 } }
}

/// An upstream with two models, unless told otherwise.
final class ScriptedModels: ModelProbe {
    private struct State {
        var models: [ModelOffer]?
        var refused: Set<String> = []
        var asked: [String] = []
    }

    private let state = Mutex(State(models: [model("a/free:free", 0), model("v/m", 1)]))

    /// Prices in USD for a million tokens.
    static func model(_ id: String, _ price: Int64) -> ModelOffer {
        var model = ModelOffer(id: id)
        (model.prices.prompt, model.prices.completion) = (
            Price(pico: price * 1_000_000), Price(pico: price * 2_000_000)
        )
        return model
    }

    func models(_ secret: Secret) async throws -> ModelCatalogue {
        try state.withLock { state in
            let text = (1...9).map(KeysFixture.secret).first { secret.isEqual(to: Secret($0.utf8)) } ?? "?"
            state.asked.append(text)
            guard let models = state.models, !state.refused.contains(text) else {
                throw CodedError(.upstreamUnreachable, "away")
            }
            var catalogue = ModelCatalogue()
            catalogue.models = models
            return catalogue
        }
    }

    /// Nil: it is away.
    func answer(_ ids: [String]?) { state.withLock { $0.models = ids?.map { Self.model($0, 1) } } }
    func answer(models: [ModelOffer]) { state.withLock { $0.models = models } }
    func refuse(_ key: Int) { state.withLock { _ = $0.refused.insert(KeysFixture.secret(key)) } }

    var asked: [String] { state.withLock { $0.asked } }
}
