import Testing

@testable import ORKit

/// What quotas do to the choice of keys.
@Suite("Keys with a quota")
struct EngineQuotaTests {
    private static let tokens = Quota(requests: nil, tokens: 1000, window: .day)

    private func desk(
        _ quota: Quota?, keys: Int = 2, strategy: Strategy = .sticky, of metered: Int = 1,
        settings: EngineSettings = EngineSettings()
    ) -> EngineDesk {
        EngineDesk(keys: keys, strategy: strategy, settings: settings) {
            if $0.id.raw == metered { $0.quota = quota }
        }
    }

    private func capacities(_ desk: EngineDesk) -> [String] {
        desk.effects.compactMap { effect in
            guard case .capacity(let key, let change) = effect else { return nil }
            return "\(key.raw) \(change.from) \(change.to)"
        }
    }

    private func usage(_ tokens: Int64) -> Usage {
        var usage = Usage()
        (usage.prompt, usage.total) = (tokens, tokens)
        return usage
    }

    @Test("a key that is used up gets nothing while another can serve, nothing at all when none can")
    func exhausted() throws {
        var desk = desk(Quota(requests: 5, tokens: nil, window: .day))
        for _ in 0..<4 { #expect(desk.request().keys == [1]) }
        // One of five is left: the other key serves first, whatever the strategy would say.
        #expect(desk.request().keys == [1])
        #expect(desk.state(1) == .exhausted && desk.request().keys == [2])
        let standing = try #require(desk.engine.standing(of: KeyID(1), at: desk.now))
        #expect(standing.because == .quotaSpent && standing.until?.rfc3339 == "2026-11-22T00:00:00Z")
        #expect(standing.evidence == "quota-spent: 0 of 5 requests left, daily")
        desk.apply(.remove(KeyID(2)))
        let refusal = try #require(desk.request().refusal)
        #expect(refusal.code == .allKeysExhausted && refusal.status == 503)
        #expect(refusal.retryAfterMilliseconds == 43_200_000)
        desk.wait(seconds: 12 * 3600)
        #expect(desk.request().keys == [1] && desk.state(1) == .usable)
        #expect(desk.transitions.map(\.to) == [.exhausted, .usable])
        #expect(desk.transitions.map(\.trigger) == ["quota-spent", "quota-reset"])
    }

    @Test(
        "a key with less than a fifth left serves only when no other can",
        arguments: Strategy.allCases)
    func scarce(strategy: Strategy) {
        var desk = desk(Quota(requests: 100, tokens: nil, window: .day), keys: 1, strategy: strategy)
        for _ in 0..<81 { desk.request() }
        desk.apply(.add([EngineDesk.record(2)]))
        for _ in 0..<50 { #expect(desk.request().keys == [2]) }
        let ask = Ask(client: .anonymous, model: EngineDesk.model)
        var rehearsal = desk.engine.rehearse(ask, at: desk.now, using: desk.rng)
        while desk.engine.count(&rehearsal, places: 8) {}
        #expect(rehearsal.key == KeyID(2) && rehearsal.groups.first?.candidates == [.usable: 1, .scarce: 1])
        #expect(desk.request { $0 == 2 ? .status(429, "", retryAfter: "3600") : .ok }.keys == [2, 1])
        #expect(desk.request().keys == [1])
    }

    @Test("each boundary is told once, and the way back too")
    func told() {
        var desk = desk(Quota(requests: 10, tokens: nil, window: .day), keys: 1)
        for _ in 0..<10 { desk.request() }
        desk.wait(seconds: 86_400)
        desk.tick()
        #expect(
            capacities(desk) == [
                "1 abundant constrained", "1 constrained critical", "1 critical exhausted",
                "1 exhausted abundant",
            ])
        #expect(desk.tick() == nil)
    }

    @Test("tokens count when the answer is over, and what may still come is kept free")
    func tokens() throws {
        var desk = desk(Self.tokens)
        desk.end(try desk.lease(), usage: usage(300))
        // Two more at once would do for the 700 that are left; a third would not.
        let (a, b, c) = (try desk.lease(), try desk.lease(), try desk.lease())
        #expect([a, b, c].map(\.key.raw) == [1, 1, 2])
        desk.end(a, usage: usage(300))
        desk.end(b, usage: usage(400))
        desk.end(c, usage: usage(5000))
        #expect(desk.state(1) == .exhausted && desk.state(2) == .usable)
        #expect(desk.engine.standing(of: KeyID(2), at: desk.now)?.use == nil)
    }

    @Test("an attempt counts whatever becomes of it, and a quota is neither reset nor undone like a verdict")
    func failed() throws {
        var desk = desk(Quota(requests: 2, tokens: nil, window: .day))
        desk.request { $0 == 1 ? .status(429, "", retryAfter: "1") : .ok }
        desk.wait(seconds: 2)
        desk.apply(.disabled(2))
        desk.request()
        #expect(desk.state(1) == .exhausted)
        #expect(try desk.facts(1).lastMark(at: desk.now.wall) == nil)
        desk.apply(.reset(KeyID(1), trigger: "reset"))
        #expect(desk.state(1) == .exhausted)
    }

    @Test(
        "an operator's word counts at once: more lets the key serve, another window begins anew, none frees")
    func changed() throws {
        var desk = desk(Quota(requests: 2, tokens: nil, window: .day))
        desk.request()
        desk.request()
        func say(_ quota: Quota?) -> PoolChange {
            .update(EngineDesk.record(1) { $0.quota = quota }, trigger: "quota")
        }
        #expect(desk.state(1) == .exhausted)
        desk.apply(say(Quota(requests: 3, tokens: nil, window: .day)))
        #expect(desk.state(1) == .usable)
        #expect(desk.engine.standing(of: KeyID(1), at: desk.now)?.use?.cells.count == 1)
        desk.apply(say(Quota(requests: 1, tokens: nil, window: .day)))
        #expect(desk.state(1) == .exhausted)
        desk.apply(say(Quota(requests: 1, tokens: nil, window: .hour)))
        #expect(desk.state(1) == .usable)
        desk.request()
        desk.apply(say(nil))
        #expect(desk.state(1) == .usable)
        #expect(desk.engine.standing(of: KeyID(1), at: desk.now)?.use == nil)
    }

    @Test("what was used outlives a restart, also the rest of what is used up")
    func restarted() throws {
        var desk = desk(Quota(requests: 4, tokens: nil, window: .day), keys: 1)
        for _ in 0..<4 { desk.request() }
        var used: QuotaUse?
        for case .keepUse(_, let use) in desk.effects { used = use }
        let facts = try desk.facts(1)
        #expect(desk.engine.takeUses(limit: 10).count == 1 && desk.engine.takeUses(limit: 10).isEmpty)
        for facts in [facts, KeyFacts()] {
            var next = EngineDesk(keys: 1) {
                $0.quota = Quota(requests: 4, tokens: nil, window: .day)
                $0.use = used
                $0.facts = facts
            }
            #expect(next.state(1) == .exhausted && next.request().refusal != nil)
            next.wait(seconds: 86_400)
            #expect(next.request().isServed)
        }
        // A rest that nothing stands behind any more.
        let freed = EngineDesk(keys: 1) { $0.facts = facts }
        #expect(freed.state(1) == .usable)
    }

    @Test("in any window no key is ever leased more often than its quota says")
    func random() throws {
        var rng = SeededGenerator(seed: 11)
        let length: Int64 = 600_000
        var desk = EngineDesk(keys: 4, strategy: .random) {
            if $0.id.raw < 4 {
                $0.quota = Quota(requests: 7 * $0.id.raw, tokens: nil, window: .sliding(length))
            }
        }
        var leases: [[WallTime]] = [[], [], [], [], []]
        for _ in 0..<20_000 {
            desk.wait(seconds: Double(Int.random(in: 0...30_000, using: &rng)) / 1000)
            let isBad = Int.random(in: 0..<9, using: &rng) == 0
            let course = desk.request { _ in isBad ? .status(500) : .ok }
            for key in course.keys { leases[key].append(desk.now.wall) }
            desk.effects = []
        }
        for key in 1...3 {
            #expect(leases[key].count > 1000)
            for (first, last) in zip(leases[key], leases[key].dropFirst(7 * key)) {
                #expect(last.milliseconds(since: first) >= length)
            }
        }
        #expect(leases[4].count > 1000)
    }
}

extension PoolChange {
    fileprivate static func disabled(_ key: Int) -> PoolChange {
        .update(EngineDesk.record(key) { $0.enabled = false }, trigger: "disable")
    }
}
