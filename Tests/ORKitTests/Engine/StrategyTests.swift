import Testing

@testable import ORKit

@Suite("Strategies")
struct StrategyTests {
    private func distribution(
        _ strategy: Strategy, keys: Int, requests: Int = 300, _ change: (inout KeyRecord) -> Void = { _ in }
    ) -> [Int: Int] {
        var desk = EngineDesk(keys: keys, strategy: strategy, change)
        var counts: [Int: Int] = [:]
        for _ in 0..<requests {
            for key in desk.request().keys { counts[key, default: 0] += 1 }
            desk.wait(seconds: 0.001)
        }
        return counts
    }

    @Test("sticky stays on one key [RT-01]")
    func sticky() {
        #expect(distribution(.sticky, keys: 3) == [1: 300])
    }

    @Test(
        "sticky leaves a key that rests and takes the least recently used, never-used ones first [RT-02, RT-03]"
    )
    func stickyMoves() {
        var desk = EngineDesk(keys: 4)
        #expect(desk.request().keys == [1])
        #expect(desk.request { $0 == 1 ? .status(429, retryAfter: "600") : .ok }.keys == [1, 2])
        desk.wait(seconds: 1)
        #expect(desk.request { $0 == 2 ? .status(429, retryAfter: "900") : .ok }.keys == [2, 3])
        desk.wait(seconds: 1)
        #expect(desk.request { $0 == 3 ? .status(429, retryAfter: "900") : .ok }.keys == [3, 4])
        desk.wait(seconds: 1000)
        // All are back; 4 is current. When it fails, the oldest success is 1's, then 2's.
        #expect(desk.request { $0 == 4 || $0 == 1 ? .status(500) : .ok }.keys == [4, 1, 2])
    }

    @Test("sticky returns nowhere by itself: the new key is the current one")
    func stickyKeeps() {
        var desk = EngineDesk(keys: 2)
        desk.request { $0 == 1 ? .status(429, retryAfter: "5") : .ok }
        desk.wait(seconds: 60)
        #expect(desk.request().keys == [2])
        #expect(desk.request().choices == [.sticky])
    }

    @Test("lru and round-robin give every key the same [RT-15]", arguments: [Strategy.lru, .roundRobin])
    func even(strategy: Strategy) {
        #expect(distribution(strategy, keys: 3) == [1: 100, 2: 100, 3: 100])
    }

    @Test("round-robin goes round in one order")
    func roundRobinOrder() {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        #expect((0..<6).map { _ in desk.request().keys[0] } == [1, 2, 3, 1, 2, 3])
    }

    @Test("parallel requests of lru go to different keys")
    func lruSpreads() throws {
        var desk = EngineDesk(keys: 3, strategy: .lru)
        #expect(try Set((0..<3).map { _ in try desk.lease().key.raw }) == [1, 2, 3])
    }

    @Test("weighted follows the weights [RT-15]")
    func weighted() {
        let counts = distribution(.weighted, keys: 3, requests: 3000) {
            $0.weight = [1: 1, 2: 3, 3: 6][$0.id.raw] ?? 1
        }
        for (key, expected) in [1: 300, 2: 900, 3: 1800] {
            #expect(abs(counts[key, default: 0] - expected) < 120, "\(counts)")
        }
    }

    @Test("a weight below 1 or above 1000 is held inside")
    func weightsHeld() {
        let counts = distribution(.weighted, keys: 2, requests: 300) { $0.weight = $0.id.raw == 1 ? 0 : -5 }
        #expect(counts.values.allSatisfy { $0 > 100 })
    }

    @Test("random is even over many requests [RT-15]")
    func random() {
        let counts = distribution(.random, keys: 3, requests: 3000)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 120 }, "\(counts)")
    }

    @Test("least-used brings the attempts level [RT-15]")
    func leastUsed() {
        let counts = distribution(.leastUsed, keys: 3) {
            $0.facts.counters.attempts = $0.id.raw == 1 ? 60 : 0
        }
        #expect(counts == [1: 60, 2: 120, 3: 120])
    }

    @Test("a strategy can be changed while keys are in use and rest [RT-16]", arguments: Strategy.allCases)
    func changed(strategy: Strategy) throws {
        var desk = EngineDesk(keys: 4)
        let lease = try desk.lease()
        desk.apply(.update(EngineDesk.record(3) { $0.enabled = false }, trigger: "disable"))
        desk.apply(.strategy(strategy))
        #expect(desk.engine.strategy == strategy)
        desk.end(lease)
        let keys = Set((0..<100).flatMap { _ in desk.request().keys })
        #expect(!keys.contains(3) && keys.isSubset(of: [1, 2, 4]))
        #expect(strategy == .sticky ? keys.count == 1 : keys.count == 3)
    }

    @Test("the lease says how many keys could have served, and why this one")
    func leaseTells() throws {
        var desk = EngineDesk(keys: 3)
        desk.apply(.update(EngineDesk.record(3) { $0.enabled = false }, trigger: "disable"))
        let lease = try desk.lease()
        #expect((lease.usable, lease.total) == (2, 3))
        #expect(lease.choice == .leastRecentlyUsed)
        #expect(lease.secret.withBytes { Array($0) } == Array("key-1".utf8))
        desk.apply(.remove(KeyID(2)))
        #expect(try desk.lease().choice == .onlyOne)
    }

    @Test(
        "with many keys resting for one model each strategy still finds the others",
        arguments: Strategy.allCases)
    func manyResting(strategy: Strategy) throws {
        var desk = EngineDesk(keys: 60, strategy: strategy)
        // 59 of 60 rest for this model, one after the other.
        for id in 1...60 where id != 42 {
            desk.apply(.add([EngineDesk.record(100 + id) { $0.facts.rests = [Self.rest("x/y", desk.now)] }]))
            desk.apply(.remove(KeyID(Int64(id))))
        }
        #expect(desk.request("x/y").keys == [42])
        #expect(desk.request("x/y") { _ in .status(500) }.keys == [42, 42, 42])
        #expect((0..<20).allSatisfy { _ in desk.request("v/m").isServed })
        desk.wait(seconds: 100)
        let keys = Set((0..<200).flatMap { _ in desk.request("x/y").keys })
        #expect(strategy == .sticky || keys.count > 30)
    }

    static func rest(_ model: String, _ now: Now) -> Rest {
        Rest(
            scope: .modelAtKey, model: model, cause: .rateLimited,
            until: now.wall.advanced(byMilliseconds: 60_000),
            since: now.wall, stated: true, guesses: 0, rule: "429-timed", evidence: "")
    }
}
