import Logging
import ORKit
import Synchronization
import Testing

import class Hummingbird.Router

@testable import orkd

@Suite("public lists of models")
struct PublicModelsTests {
    @Test("a model is told in the upstream's words, and nothing that is not priced apart")
    func models() async throws {
        var apart = ScriptedModels.model("v/apart", 1)
        (apart.prices.cachedRead, apart.context, apart.longestAnswer) = (Price(pico: 100_000), 100, 10)
        (apart.prices.cacheWrite, apart.prices.reasoning) = (apart.prices.prompt, apart.prices.completion)
        let fixture = Fixture([ModelOffer(id: "openrouter/auto"), apart])
        let text = try await fixture.web().ask("GET", "/models").text
        #expect(
            text.contains(
                #"{"context_length":100,"id":"v/apart","name":"v/apart","pricing":{"completion":"0.000002","#
                    + #""image":"0.00","input_cache_read":"0.0000001","prompt":"0.000001","request":"0.00"},"#
                    + #""provider":"v","top_provider":{"max_completion_tokens":10}}"#))
        #expect(
            text.contains(#""pricing":{"completion":"-1","image":"0.00","prompt":"-1","request":"0.00"}"#))
        #expect(text.contains(#""stale":false,"status":"success","timestamp":"#))
        #expect(text.contains(#""total_models":2"#) && text.contains(#""cache_age_seconds":60"#))
    }

    @Test("providers are told by name")
    func providers() async throws {
        let fixture = Fixture([ModelOffer(id: "openrouter/auto"), ScriptedModels.model("v/m", 1)])
        let text = try await fixture.web().ask("GET", "/models/providers").text
        #expect(text.contains(#""v":{"model_count":1,"name":"v","suggested_models":0}"#))
        #expect(text.contains(#""total_models":2,"total_providers":2"#))
        #expect(text.contains(#""pricing_available":1"#))
    }

    @Test("a thousand callers in a second have them made once; an old list is marked")
    func cheap() async throws {
        let fixture = Fixture([ScriptedModels.model("v/m", 1)])
        let web = fixture.web()
        for _ in 0..<500 {
            for path in PublicModelsEndpoints.paths { #expect(try await web.ask("GET", path).status == 200) }
        }
        #expect(fixture.source.asked.load(ordering: .relaxed) == 1)
        fixture.source.ttl.store(59, ordering: .relaxed)
        fixture.now.withLock { $0.monotonic += .second }
        #expect(try await web.ask("GET", "/models").text.contains(#""stale":true"#))
        #expect(fixture.source.asked.load(ordering: .relaxed) == 2)
    }

    @Test("where nothing is known the reason is told in the shape of every error")
    func unknown() async throws {
        let fixture = Fixture(nil)
        let answer = try await fixture.web().ask("GET", "/models")
        #expect(answer.status == ErrorCode.upstreamUnreachable.entry.status)
        #expect(try answer.json(OpenAIErrorBody.self).error.code == "upstream-unreachable")
        #expect(try await fixture.web().ask("POST", "/models").field("Allow") == "GET, HEAD")
    }

    private final class Fixture: Sendable {
        let source: Source
        let now = Mutex(Now(monotonic: 5_000_000_000, wall: WallTime(milliseconds: 1_795_000_060_000)))

        init(_ models: [ModelOffer]?) { source = Source(models) }

        func web() -> orkd.Application {
            WebRouter.application(
                health: Nobody(), models: source, hsts: false,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                clock: { self.now.withLock { $0 } })
        }
    }

    private final class Source: PublicModels {
        let asked = Atomic<Int>(0)
        let ttl = Atomic<Int64>(3600)
        private let models: [ModelOffer]?

        init(_ models: [ModelOffer]?) { self.models = models }

        func current() async throws -> ModelList {
            asked.add(1, ordering: .relaxed)
            guard let models else { throw CodedError(.upstreamUnreachable) }
            var catalogue = ModelCatalogue()
            catalogue.models = models
            return ModelList(catalogue, at: WallTime(milliseconds: 1_795_000_000_000))
        }

        func cache() -> ModelCacheView {
            ModelCacheView(
                models: models?.count ?? 0, unread: 0, fetchedAt: WallTime(milliseconds: 1_795_000_000_000),
                ttlSeconds: ttl.load(ordering: .relaxed), failure: nil,
                at: WallTime(milliseconds: 1_795_000_060_000))
        }
    }

    private struct Nobody: HealthSource {
        func health() async -> HealthFacts {
            HealthFacts(
                storeReady: true, draining: false, upstream: .unknown, keysByState: [:], userCount: 0,
                uptimeSeconds: 0)
        }
        func readiness() -> Readiness { .ready }
    }
}
