import Testing

@testable import ORKit

@Suite("Rests")
struct RestTests {
    @Test("a key answered 429 rests for Retry-After, for that model alone [RT-05]")
    func retryAfter() throws {
        var desk = EngineDesk(keys: 2)
        #expect(desk.request { $0 == 1 ? .status(429, retryAfter: "7") : .ok }.keys == [1, 2])
        #expect(try desk.restLeft(1) == 7)
        #expect(try desk.facts(1).rests.first?.stated == true)
        desk.apply(.remove(KeyID(2)))
        #expect(
            desk.request().refusal
                == Refusal(code: .allKeysResting, retryAfterMilliseconds: 7000, status: 429))
        #expect(desk.request("other/model").isServed)
        desk.wait(seconds: 7)
        #expect(desk.request().isServed)
    }

    @Test("without a time it rests 60 s, then 120 s, up to an hour; a success starts afresh [RT-06]")
    func guessed() throws {
        var desk = EngineDesk(keys: 1)
        for expected in [60, 120, 240, 480, 960, 1920, 3600, 3600] as [Double] {
            desk.request { _ in .status(429) }
            #expect(try desk.restLeft(1) == expected)
            desk.wait(seconds: expected)
        }
        #expect(desk.request().isServed)
        desk.request { _ in .status(429) }
        #expect(try desk.restLeft(1) == 60)
    }

    @Test("answers of one wave do not double the rest")
    func stragglers() throws {
        var desk = EngineDesk(keys: 1)
        let leases = try (0..<10).map { _ in try desk.lease() }
        for lease in leases {
            var allowance = Allowance()
            _ = desk.engine.heard(
                lease, desk.verdict(429), ask: Ask(client: .anonymous, model: EngineDesk.model),
                allowance: &allowance,
                replayable: true, at: desk.now, using: &desk.rng, effects: &desk.effects)
        }
        #expect(try desk.restLeft(1) == 60)
        #expect(try desk.facts(1).counters.rateLimited == 10)
    }

    @Test("the later end of two counts, in whatever order they come")
    func laterEnd() throws {
        for times in [["30", "300"], ["300", "30"]] {
            var desk = EngineDesk(keys: 1)
            let leases = try times.map { _ in try desk.lease() }
            for (lease, time) in zip(leases, times) {
                desk.end(lease, .broken(desk.verdict(429, retryAfter: time)))
            }
            #expect(try desk.restLeft(1) == 300)
        }
    }

    @Test(
        "a stated time is kept up to 32 days, made at least a second, and distrusted beyond",
        arguments: [
            ("2764800", 2_764_800), ("2764801", 60), ("0", 1), ("-5", 1), ("0.2", 1), ("99999999999", 60),
        ]
            as [(String, Double)])
    func bounds(text: String, seconds: Double) throws {
        var desk = EngineDesk(keys: 1)
        desk.request { _ in .status(429, retryAfter: text) }
        #expect(try desk.restLeft(1) == seconds)
    }

    @Test("a free-tier limit rests the account's keys for free models and leaves paid ones alone")
    func freeTier() throws {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw < 3 ? "a" : "b" }
        let course = desk.request("v/m:free") { $0 == 3 ? .ok : .status(429, EngineDesk.freeDaily) }
        #expect(course.keys == [1, 3])
        #expect(try desk.facts(2).rests.map(\.model) == [":free"])
        #expect(desk.request("other/model:free").keys == [3])
        desk.apply(
            .update(
                EngineDesk.record(3) {
                    $0.enabled = false
                    $0.account = "b"
                }, trigger: "disable"))
        #expect(desk.request("openrouter/free").refusal?.retryAfterMilliseconds == 43_200_000)
        #expect(desk.request("v/m").isServed)
        #expect(desk.state(1) == .usable)
    }

    @Test("a free-tier limit behind another name rests that name too")
    func hiddenFreeModel() throws {
        var desk = EngineDesk(keys: 1)
        desk.request("@preset/x") { _ in .status(429, EngineDesk.freeDaily) }
        #expect(desk.request("@preset/x").keys == [])
        #expect(desk.request("v/m").isServed)
    }

    @Test("a provider's limit touches no key and is not tried elsewhere")
    func upstreamLimit() throws {
        var desk = EngineDesk(keys: 3)
        let before = try desk.facts(1).rests
        let course = desk.request { _ in .status(429, EngineDesk.upstreamLimit, retryAfter: "11") }
        #expect(course.keys == [1])
        #expect(
            course.refusal == Refusal(code: .upstreamRateLimited, retryAfterMilliseconds: 11_000, status: 429)
        )
        #expect(try desk.facts(1).rests == before)
        #expect(try desk.facts(1).lastError == nil)
        #expect(
            desk.request { _ in .status(429, EngineDesk.upstreamLimit) }.refusal?.retryAfterMilliseconds
                == nil)
        #expect(desk.request().isServed)
    }

    @Test("a bare 429 is tried on at most two other accounts, one key of each")
    func bareLimit() {
        var desk = EngineDesk(keys: 6) { $0.account = "a\(($0.id.raw + 1) / 2)" }
        let course = desk.request { _ in .status(429) }
        #expect(course.keys == [1, 3, 5])
        #expect(course.refusal?.code == .upstreamRateLimited)
        #expect(course.refusal?.status == 429)
        // Three accounts alike: it is the model's matter, and tried again in a second.
        #expect(course.refusal?.retryAfterMilliseconds == 1000)
    }

    @Test("credit that is out exhausts every key of the account, for free models only if one asked")
    func creditsOut() throws {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw < 3 ? "a" : nil }
        #expect(desk.request { $0 == 3 ? .ok : .status(402) }.keys == [1, 3])
        #expect(desk.state(1) == .exhausted && desk.state(2) == .exhausted && desk.state(3) == .usable)
        desk.apply(.remove(KeyID(3)))
        #expect(
            desk.request().refusal
                == Refusal(code: .accountCreditsOut, retryAfterMilliseconds: 60_000, status: 503))
        #expect(desk.request("x:free").isServed)
        desk.request("x:free") { _ in .status(402) }
        #expect(desk.request("x:free").refusal?.code == .accountCreditsOut)
        desk.wait(seconds: 60)
        #expect(desk.state(1) == .usable && desk.state(2) == .usable)
        #expect(desk.request().isServed)
    }

    @Test("a request that is too dear rests its model on that key, nothing else")
    func tooDear() {
        var desk = EngineDesk(keys: 1)
        let body =
            #"{"error":{"code":402,"message":"You requested up to 9 tokens, but can only afford 5. settings/credits"}}"#
        #expect(desk.request { _ in .status(402, body) }.refusal?.code == .accountCreditsOut)
        #expect(desk.state(1) == .usable)
        #expect(desk.request("other/model").isServed)
    }

    @Test("a key's own limit exhausts that key alone")
    func keyLimit() {
        var desk = EngineDesk(keys: 2) { $0.account = "a" }
        #expect(desk.request { $0 == 1 ? .status(403, EngineDesk.keyLimit) : .ok }.keys == [1])
        #expect(desk.state(1) == .exhausted && desk.state(2) == .usable)
        #expect(desk.request().keys == [2])
        #expect(desk.request { _ in .status(403, EngineDesk.keyLimit) }.refusal?.code == .keyLimitReached)
    }

    @Test("a key comes back by itself, and history shows it without traffic [RT-10, RT-14]")
    func comesBack() throws {
        var desk = EngineDesk(keys: 1)
        desk.request { _ in .status(403, EngineDesk.keyLimit) }
        #expect(desk.tick() == desk.now.wall.advanced(byMilliseconds: 60_000))
        desk.wait(seconds: 59.999)
        desk.tick()
        #expect(desk.state(1) == .exhausted)
        desk.wait(seconds: 0.001)
        #expect(desk.state(1) == .usable)
        #expect(desk.engine.tally(at: desk.now)[.usable] == 1)
        desk.tick()
        #expect(
            desk.transitions.map { [$0.from.rawValue, $0.to.rawValue, $0.trigger] } == [
                ["usable", "exhausted", "403-key-limit"], ["exhausted", "usable", "rest-over"],
            ])
        #expect(desk.transitions[0].evidence == "403 Key limit exceeded (total limit).")
        #expect(desk.transitions[0].until == desk.now.wall)
        #expect(desk.tick() == nil)
    }

    @Test("requests without a model rest on their own")
    func noModel() {
        var desk = EngineDesk(keys: 1)
        #expect(desk.request(nil) { _ in .status(429) }.refusal?.code == .allKeysResting)
        #expect(desk.request(nil).keys == [])
        #expect(desk.request().isServed)
    }

    @Test("2,000 keys due at one instant come back in slices per decision [ruling 16]")
    func manyDue() throws {
        var desk = EngineDesk(keys: 0)
        let until = desk.now.wall.advanced(byMilliseconds: 1000)
        let rest = Rest(
            scope: .key, model: nil, cause: .keyLimit, until: until, since: desk.now.wall, stated: true,
            guesses: 0,
            rule: "403-key-limit", evidence: "")
        desk.apply(.add((1...2000).map { EngineDesk.record($0) { $0.facts.rests = [rest] } }))
        #expect(desk.request().refusal?.code == .keyLimitReached)
        desk.wait(seconds: 1)
        #expect(try desk.lease().usable == 31)
        #expect(desk.engine.tally(at: desk.now)[.usable] == 2000)
        while desk.tick() != nil {}
        #expect(try desk.lease().usable == 2000)
        #expect(desk.transitions.count == 2000)
    }

    @Test("the one key that serves a model is found among many that are due, by one wake-up more")
    func sleeper() throws {
        var desk = EngineDesk(keys: 0)
        func rest(_ scope: FailureScope, _ model: String?, _ milliseconds: Int64) -> Rest {
            Rest(
                scope: scope, model: model, cause: .rateLimited,
                until: desk.now.wall.advanced(byMilliseconds: milliseconds), since: desk.now.wall,
                stated: true, guesses: 0, rule: "429-timed", evidence: "")
        }
        let due = rest(.key, nil, 1000)
        let other = rest(.modelAtKey, EngineDesk.model, 3_600_000)
        desk.apply(
            .add(
                (1...200).map { n in
                    EngineDesk.record(n) { $0.facts.rests = n == 200 ? [due] : [due, other] }
                }))
        desk.wait(seconds: 1)
        let lease = try desk.lease()
        #expect(lease.key == KeyID(200) && lease.usable == 32)
    }

    @Test("a pool out of credit stands still only when not even a free model could be served")
    func standstill() {
        var desk = EngineDesk(keys: 2)
        #expect(desk.engine.standstill(at: desk.now) == nil)
        desk.request { _ in .status(402) }
        #expect(desk.engine.tally(at: desk.now)[.usable] == 0)
        #expect(desk.request("v/m:free").isServed)
        #expect(desk.engine.standstill(at: desk.now) == nil)
        for key in 1...2 {
            desk.apply(.update(EngineDesk.record(key) { $0.enabled = false }, trigger: "disable"))
        }
        #expect(desk.engine.standstill(at: desk.now)?.code == .noUpstreamKey)
    }

    @Test("a pool at rest stands still until the moment the first key is back, whether or not anybody looks")
    func standstillEnds() throws {
        let end = try #require(WallTime(rfc3339: "2026-11-21T12:01:00Z"))
        var desk = EngineDesk(keys: 1) {
            $0.facts.rests = [
                Rest(
                    scope: .key, model: nil, cause: .rateLimited, until: end,
                    since: end.advanced(byMilliseconds: -60_000), stated: true, guesses: 0, rule: "429",
                    evidence: "")
            ]
        }
        #expect(desk.engine.standstill(at: desk.now)?.retryAfterMilliseconds == 60_000)
        desk.wait(seconds: 60)
        #expect(desk.engine.standstill(at: desk.now) == nil)
    }
}
