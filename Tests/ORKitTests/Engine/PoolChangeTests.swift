import Testing

@testable import ORKit

@Suite("Changes of the pool")
struct PoolChangeTests {
    @Test("a disabled key is out at once, enabled it is back as it was [KP-12]")
    func disable() {
        var desk = EngineDesk(keys: 2)
        desk.request { $0 == 1 ? .status(403, EngineDesk.keyLimit) : .ok }
        desk.apply(.update(EngineDesk.record(1) { $0.enabled = false }, trigger: "disable"))
        #expect(desk.state(1) == .disabled)
        desk.apply(.update(EngineDesk.record(2) { $0.enabled = false }, trigger: "disable"))
        #expect(desk.request().keys == [])
        desk.apply(.update(EngineDesk.record(1), trigger: "enable"))
        #expect(desk.state(1) == .exhausted)
        #expect(desk.transitions.map(\.trigger) == ["403-key-limit", "disable", "disable", "enable"])
    }

    @Test("a new secret serves at once, the counters stay [KP-13]")
    func rotated() throws {
        var desk = EngineDesk(keys: 1)
        desk.request()
        desk.apply(.update(EngineDesk.record(1) { $0.secret = Secret("new".utf8) }, trigger: "rotate"))
        #expect(try desk.lease().secret.withBytes { Array($0) } == Array("new".utf8))
        #expect(try desk.facts(1).counters.successes == 1)
    }

    @Test(
        "what an export says takes the place of what was learnt, but not of a quota, and an account hears of it [KP-20]"
    )
    func restored() throws {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw == 3 ? nil : "core" }
        desk.apply(
            .update(
                EngineDesk.record(1) {
                    $0.account = "core"
                    $0.quota = Quota(requests: 1, tokens: nil, window: .day)
                }, trigger: "quota"))
        #expect(desk.request().keys == [1] && desk.state(1) == .exhausted)
        var facts = KeyFacts()
        facts.counters.attempts = 77
        let rest = Rest(
            scope: .account, model: nil, cause: .creditsOut,
            until: desk.now.wall.advanced(byMilliseconds: 60_000),
            since: desk.now.wall, stated: true, guesses: 0, rule: "402", evidence: "empty")
        let spent = Rest(
            scope: .key, model: nil, cause: .quotaSpent, until: nil, since: desk.now.wall, stated: true,
            guesses: 0, rule: "quota", evidence: "of another pool")
        facts.rests = [rest, spent]
        desk.effects = []
        desk.apply(.restore(KeyID(1), facts, trigger: "import"))
        #expect(try desk.facts(1).counters.attempts == 77)
        #expect(try desk.facts(1).rests.contains(rest) && !desk.facts(1).rests.contains(spent))
        #expect(try desk.facts(1).rests.count(where: \.isQuota) == 1)
        #expect(desk.state(1) == .exhausted && desk.state(2) == .exhausted && desk.state(3) == .usable)
        let kept = desk.effects.contains { effect in
            if case .keepFacts(KeyID(1), let facts) = effect { facts.counters.attempts == 77 } else { false }
        }
        #expect(kept && desk.request().keys == [3])
        desk.apply(.restore(KeyID(2), KeyFacts(), trigger: "import"))
        #expect(desk.state(2) == .exhausted)
        desk.apply(.restore(KeyID(9), facts, trigger: "import"))
        #expect(desk.state(9) == nil)
    }

    @Test("adding a known id again changes the key and forgets nothing")
    func addedAgain() throws {
        var desk = EngineDesk(keys: 1)
        desk.request()
        desk.apply(.add([EngineDesk.record(1) { $0.weight = 7 }]))
        #expect(desk.engine.count == 1)
        #expect(try desk.facts(1).counters.successes == 1)
    }

    @Test("leases of a removed key end quietly, also when its place is taken again")
    func removed() throws {
        var desk = EngineDesk(keys: 1)
        let lease = try desk.lease()
        desk.apply(.remove(KeyID(1)))
        #expect(desk.engine.count == 0 && desk.state(1) == nil)
        desk.apply(.add([EngineDesk.record(2)]))
        desk.end(lease, .broken(desk.verdict(401)))
        #expect(desk.state(2) == .usable)
        let other = try desk.lease()
        #expect(desk.engine.standing(of: KeyID(2), at: desk.now)?.inFlight == 1)
        desk.end(other)
        #expect(desk.engine.standing(of: KeyID(2), at: desk.now)?.inFlight == 0)
    }

    @Test("a request whose key was removed goes on with another")
    func removedInFlight() throws {
        var desk = EngineDesk(keys: 2)
        let lease = try desk.lease()
        desk.apply(.remove(KeyID(1)))
        var allowance = Allowance()
        let next = desk.engine.heard(
            lease, desk.verdict(500), ask: Ask(client: .anonymous, model: EngineDesk.model),
            allowance: &allowance,
            replayable: true, at: desk.now, using: &desk.rng, effects: &desk.effects)
        guard case .again(let other, 0) = next else {
            Issue.record("expected another key")
            return
        }
        #expect(other.key == KeyID(2))
    }

    @Test("a key that joins an account knows what the account knows")
    func joins() {
        var desk = EngineDesk(keys: 1) { $0.account = "a" }
        desk.request("x:free") { _ in .status(402) }
        desk.apply(.add([EngineDesk.record(2) { $0.account = "a" }, EngineDesk.record(3)]))
        #expect(desk.state(2) == .exhausted && desk.state(3) == .usable)
        desk.apply(.update(EngineDesk.record(3) { $0.account = "a" }, trigger: "set"))
        #expect(desk.state(3) == .exhausted)
        desk.apply(.update(EngineDesk.record(3) { $0.account = "b" }, trigger: "set"))
        #expect(desk.state(3) == .usable)
        desk.apply(.reset(KeyID(2), trigger: "reset"))
        #expect(desk.state(1) == .usable && desk.state(2) == .usable)
    }

    @Test("the flush takes each changed key once, a few at a time")
    func dirty() throws {
        var desk = EngineDesk(keys: 5, strategy: .roundRobin)
        for _ in 0..<7 { desk.request() }
        let first = desk.engine.takeDirty(limit: 3)
        let rest = desk.engine.takeDirty(limit: 10)
        #expect(Set((first + rest).map(\.0.raw)) == [1, 2, 3, 4, 5] && first.count == 3 && rest.count == 2)
        #expect(first.first { $0.0 == KeyID(1) }?.1.counters.successes == 2)
        #expect(desk.engine.takeDirty(limit: 10).isEmpty)
    }

    @Test("every state survives a restart as it was, and goes on from there [RT-11]")
    func restart() throws {
        var desk = EngineDesk(keys: 7) { $0.account = $0.id.raw == 6 ? "a" : nil }
        let answers: [Int: EngineDesk.Reply] = [
            1: .status(401), 2: .status(403, EngineDesk.keyLimit), 3: .status(429, retryAfter: "100"),
            4: .status(429),
            6: .status(402),
        ]
        for key in [1, 2, 3, 4, 6] {
            desk.apply(.strategy(.roundRobin))
            desk.request { answers[$0] ?? ($0 > key ? .ok : .status(500)) }
        }
        for _ in 0..<6 {
            desk.apply(.strategy(.roundRobin))
            desk.request { $0 == 5 ? .status(500) : .ok }
        }
        #expect(desk.state(1) == .suspect && desk.state(2) == .exhausted && desk.state(5) == .broken)

        var again = EngineDesk(keys: 0)
        again.now = desk.now
        let facts = try (1...7).map { try desk.facts($0) }
        again.apply(
            .add(
                (1...7).map { id in
                    EngineDesk.record(id) {
                        $0.facts = facts[id - 1]
                        $0.account = id == 6 ? "a" : nil
                    }
                }))
        for wait in [0, 30, 30, 39, 1, 100, 5000] as [Double] {
            desk.wait(seconds: wait)
            again.wait(seconds: wait)
            for key in 1...7 {
                #expect(again.state(key) == desk.state(key), "key \(key) after \(wait)")
                #expect(try again.facts(key).rests == desk.facts(key).rests)
            }
            #expect(again.engine.tally(at: again.now) == desk.engine.tally(at: desk.now))
        }
        #expect(again.engine.suspects(at: again.now) == [KeyID(1)])
        #expect(again.request().choices == [.trial])
    }

    @Test("a pool of another provider's keys is held and shown, not used")
    func otherProvider() {
        var desk = EngineDesk(keys: 2) { if $0.id.raw == 1 { $0.provider = "anthropic" } }
        #expect(Set((0..<10).flatMap { _ in desk.request().keys }) == [2])
        #expect(desk.engine.tally(at: desk.now)[.invalid] == 1)
    }
}
