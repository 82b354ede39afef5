import Testing

@testable import ORKit

/// Which key an objective chooses (PO-01 to PO-03).
@Suite("Choice by objective")
struct ObjectiveChoiceTests {
    private func ask(_ text: String?, affinity: UInt64? = nil) -> Ask {
        Ask(
            client: .anonymous, model: EngineDesk.model, affinity: affinity,
            objective: text.flatMap { Objective($0) })
    }

    private func lease(_ desk: inout EngineDesk, _ ask: Ask) throws -> Lease {
        guard case .lease(let lease) = desk.engine.begin(ask, at: desk.now, using: &desk.rng) else {
            throw EngineDesk.Refused()
        }
        return lease
    }

    /// The key that a request with that objective would get now.
    private func chosen(_ desk: EngineDesk, _ text: String?, affinity: UInt64? = nil) throws -> Int {
        var desk = desk
        return Int(try lease(&desk, ask(text, affinity: affinity)).key.raw)
    }

    /// Three keys of which each is the worst in two things and the best in
    /// one: 1 is fast, 2 is the least used, 3 has never failed.
    private func three() throws -> EngineDesk {
        var desk = EngineDesk(keys: 3) {
            $0.facts.latency = [1: 100, 2: 400, 3: 400][$0.id.raw]
            $0.facts.counters.attempts = [1: 400, 2: 100, 3: 400][$0.id.raw] ?? 0
        }
        for key in [1, 2] {
            desk.apply(.update(EngineDesk.record(3 - key) { $0.enabled = false }, trigger: "disable"))
            desk.apply(.update(EngineDesk.record(3) { $0.enabled = false }, trigger: "disable"))
            let lease = try desk.lease()
            #expect(lease.key.raw == Int64(key))
            desk.end(lease, .broken(desk.verdict(502)))
            for id in 1...3 { desk.apply(.update(EngineDesk.record(id), trigger: "enable")) }
        }
        return desk
    }

    @Test("each aim has its winner [PO-01]")
    func aims() throws {
        let desk = try three()
        #expect(try chosen(desk, "latency") == 1)
        #expect(try chosen(desk, "fairness") == 2)
        #expect(try chosen(desk, "reliability") == 3)
        #expect(try chosen(desk, "quality") == 3)
    }

    @Test("a key that was refused of late, or has little room, is less available, for a while")
    func availability() throws {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin) { $0.maxInFlight = $0.id.raw == 2 ? 4 : 0 }
        for _ in 0..<2 { desk.request("v/other") { $0 == 1 ? .status(429, retryAfter: "1") : .ok } }
        #expect(try chosen(desk, "availability") == 2)
        desk.apply(.update(EngineDesk.record(3) { $0.enabled = false }, trigger: "disable"))
        // A refusal counts an eighth; of four at once, one under way is a quarter of the room.
        #expect(try lease(&desk, ask("availability")).key.raw == 2)
        #expect(try chosen(desk, "availability") == 1)
        desk.apply(.update(EngineDesk.record(3), trigger: "enable"))
        for _ in 0..<3 { #expect(try chosen(desk, "availability") == 3) }
    }

    @Test("weights decide between aims that want different keys [PO-03]")
    func weights() throws {
        let desk = try three()
        #expect(try chosen(desk, "latency=0.6,fairness=0.4") == 1)
        #expect(try chosen(desk, "latency=0.4,fairness=0.6") == 2)
        #expect(try chosen(desk, "latency=0.2,fairness=0.2,reliability=1") == 1)
        #expect(try chosen(desk, "latency=0.02,fairness=0.02,reliability=1") == 3)
    }

    @Test("the pool's objective takes the strategy's place, a request's own takes that one's [PO-02]")
    func order() throws {
        var desk = try three()
        let pool = { PoolRecord(id: .first, objective: Objective($0)) }
        #expect(try lease(&desk, ask(nil)).choice == .sticky)
        desk.apply(.pool(pool("fairness")))
        #expect(try chosen(desk, nil) == 2)
        #expect(try chosen(desk, "latency") == 1)
        #expect(try lease(&desk, ask("latency")).choice == .objective)
        desk.apply(.pool(pool("latency")))
        #expect(try chosen(desk, nil) == 1)
        desk.apply(.pool(pool("")))
        #expect(try lease(&desk, ask(nil)).choice == .sticky)
    }

    @Test("a request with an objective does not move those that stay on a key")
    func aside() throws {
        var desk = try three()
        let home = try chosen(desk, nil)
        for text in ["latency", "fairness", "reliability"] {
            let lease = try lease(&desk, ask(text))
            desk.end(lease)
            #expect(try chosen(desk, nil) == home, "after \(text)")
        }
    }

    @Test("an objective leads no conversation home, and nobody asks for a digest where all pools have one")
    func conversations() throws {
        var desk = EngineDesk(keys: 3, strategy: .lru) { $0.facts.latency = Double(100 * $0.id.raw) }
        let homes = try (0..<20).map { try chosen(desk, nil, affinity: $0) }
        #expect(Set(homes) == [1, 2, 3] && desk.engine.leadsConversations)
        #expect(try (0..<20).allSatisfy { try chosen(desk, "latency", affinity: $0) == 1 })
        desk.apply(.pool(PoolRecord(id: .first, objective: Objective(.latency))))
        #expect(!desk.engine.leadsConversations)
        #expect(try (0..<20).allSatisfy { try chosen(desk, nil, affinity: $0) == 1 })
    }

    @Test("fairness brings the requests level, by weight")
    func fairness() {
        var desk = EngineDesk(keys: 3) { $0.weight = Int($0.id.raw) }
        desk.apply(.pool(PoolRecord(id: .first, objective: Objective(.fairness))))
        var counts: [Int: Int] = [:]
        for _ in 0..<600 { for key in desk.request().keys { counts[key, default: 0] += 1 } }
        for key in 1...3 { #expect(abs(counts[key, default: 0] - 100 * key) <= 2, "\(counts)") }
    }

    @Test("for reliability a key that fails half of the time gets the minority of 100 requests [PO-10]")
    func reliability() throws {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        desk.apply(.pool(PoolRecord(id: .first, objective: Objective(.reliability))))
        var answers = 0
        var first: [Int: Int] = [:]
        for _ in 0..<100 {
            let course = desk.request { key in
                answers += key == 1 ? 1 : 0
                return key == 1 && answers % 2 == 1 ? .status(502) : .ok
            }
            #expect(course.isServed)
            first[course.keys[0], default: 0] += 1
        }
        #expect((1..<25).contains(first[1, default: 0]), "\(first)")
        #expect(desk.state(1) == .usable)
    }

    @Test("of equals the one with the fewest requests at once serves: they spread")
    func equals() throws {
        for aim in Objective.Aim.allCases {
            var desk = EngineDesk(keys: 4)
            let keys = try (0..<4).map { _ in try lease(&desk, ask(aim.rawValue)).key.raw }
            #expect(Set(keys) == [1, 2, 3, 4], "\(aim)")
        }
    }

    @Test("a key never tried may be the fastest; one with a latency that is none counts as that")
    func unknown() throws {
        let desk = EngineDesk(keys: 4) {
            $0.facts.latency = [1: 5, 2: .nan, 3: -1][$0.id.raw]
            $0.facts.counters.attempts = $0.id.raw == 4 ? 0 : .max
            $0.facts.lastUsedAt = WallTime(milliseconds: 10 - $0.id.raw)
        }
        // By the order of sticky: the one used longest ago.
        #expect(try chosen(desk, "latency") == 4)
        #expect(try chosen(desk, "latency,fairness=0.001") == 4)
    }

    @Test("the cheapest of late by the list is chosen, whatever it served; one that is not known may be it")
    func cost() throws {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        func serve(_ desk: inout EngineDesk, _ cost: Int64?, of listed: Int64?) throws {
            var usage = Usage()
            usage.cost = cost.map { Money(pico: $0) }
            let taken = try lease(&desk, ask("cost"))
            desk.end(taken, usage: usage, listed: listed.map { Money(pico: $0) })
        }
        // Four fifths of much is dearer than half of little.
        try serve(&desk, 800_000, of: 1_000_000)
        #expect(try chosen(desk, "cost") == 2)
        try serve(&desk, 50, of: 100)
        // Nothing is learnt where something is missing, or the list says that it is free.
        try serve(&desk, nil, of: 100)
        try serve(&desk, 50, of: nil)
        try serve(&desk, 50, of: 0)
        try serve(&desk, -1, of: 100)
        #expect(try chosen(desk, "cost") == 3)
        try serve(&desk, 600, of: 1000)
        #expect(try chosen(desk, "cost") == 2)
        // What it costs now counts more than what it did cost.
        for _ in 0..<4 { try serve(&desk, 1000, of: 1000) }
        #expect(try chosen(desk, "cost") != 2)
        #expect(!desk.engine.weighsCost)
        desk.apply(.pool(PoolRecord(id: .first, objective: Objective("latency,cost=0.1"))))
        #expect(desk.engine.weighsCost)
    }

    @Test("a price outside of what can be is as good as the next that can")
    func prices() {
        var price = LatePrice()
        #expect(price.part == 0)
        price.note(.zero, listed: Money(pico: 5))
        #expect(price.part == 0.01)
        var dear = LatePrice()
        dear.note(Money(pico: .max), listed: Money(pico: 1))
        #expect(dear.part == 100)
        dear.note(Money(pico: 20), listed: Money(pico: 1))
        #expect(dear.part == 90)
    }

    @Test("what does not fit is not chosen: resting keys, tried ones, a worse priority, full ones")
    func fitting() throws {
        var desk = EngineDesk(keys: 5) {
            $0.facts.latency = Double($0.id.raw)
            $0.priority = $0.id.raw == 1 ? 1 : 0
            $0.maxInFlight = $0.id.raw == 2 ? 1 : 0
        }
        desk.apply(.pool(PoolRecord(id: .first, objective: Objective(.latency))))
        desk.apply(.update(EngineDesk.record(3) { $0.enabled = false }, trigger: "disable"))
        #expect(try lease(&desk, ask(nil)).key.raw == 2)
        let course = desk.request { $0 == 4 ? .status(429, retryAfter: "600") : .ok }
        #expect(course.keys == [4, 5] && course.choices == [.objective, .objective])
        #expect(desk.request().keys == [5])
        let last = desk.request { $0 == 5 ? .status(429, retryAfter: "600") : .ok }
        #expect(last.keys == [5, 1])
        #expect(desk.request().keys == [1])
    }

    @Test("in a large pool the best are found in time, and one that can serve among however many")
    func large() throws {
        let count = 10 * Order.compared
        var desk = EngineDesk(keys: count) { $0.facts.latency = $0.id.raw % 10 == 0 ? 100 : 1000 }
        var good = 0
        for _ in 0..<200 {
            let lease = try lease(&desk, ask("latency"))
            if lease.key.raw % 10 == 0 { good += 1 }
            desk.end(lease)
        }
        #expect(good > 170, "\(good) of 200; by chance 20")
        // A better one that comes is found, those that went bad are not stayed with.
        for id in 1...count where id % 10 == 0 {
            desk.apply(.update(EngineDesk.record(id) { $0.enabled = false }, trigger: "disable"))
        }
        desk.apply(
            .add(
                (1...count / 5).map { id in
                    EngineDesk.record(count + id) { $0.facts.latency = 50 }
                }))
        let keys = (0..<200).map { _ in desk.request(nil).keys }
        #expect(keys.allSatisfy { $0.count == 1 && $0[0] % 10 != 0 || $0[0] > count })
        for _ in 0..<100 {
            let lease = try lease(&desk, ask("latency"))
            desk.end(lease, head: 50)
        }
        #expect(try chosen(desk, "latency") > count)
        for id in 1...count + count / 5 where id != 77 && id % 10 != 0 || id > count {
            desk.apply(.update(EngineDesk.record(id) { $0.maxInFlight = 1 }, trigger: "set"))
        }
        for _ in 0..<3 * count { _ = try lease(&desk, ask("latency")) }
        #expect(try lease(&desk, ask("latency")).key.raw == 77)
    }

    @Test("an objective of a request goes with it to the fallback pool")
    func fallback() throws {
        var desk = EngineDesk(keys: 0)
        let paid = PoolID(7)
        desk.apply(.pool(PoolRecord(id: paid)))
        desk.apply(.pool(PoolRecord(id: .first, fallback: paid)))
        desk.apply(
            .add(
                (1...3).map { id in
                    EngineDesk.record(id) {
                        $0.pool = paid
                        $0.facts.latency = Double(100 - id)
                    }
                }))
        #expect(try chosen(desk, "latency") == 3)
        #expect(try chosen(desk, nil) == 1)
    }

    @Test("a share that stops happening is halved every five events, and costs nothing until somebody looks")
    func shares() {
        var share = LateShare()
        #expect(share.thousandths(after: 1000) == 0)
        for event in 1...100 { share.note(after: Int64(event)) }
        #expect(share.thousandths(after: 100) == 1000)
        #expect(share.thousandths(after: 105) == 500)
        #expect(share.thousandths(after: 110) == 250)
        #expect(share.thousandths(after: 1000) == 0)
        #expect(share.thousandths(after: 3) == 1000)
        #expect(share.thousandths(after: .max) == 0)
        var seldom = LateShare()
        seldom.note(after: 1)
        #expect(seldom.thousandths(after: 1) == 125)
    }
}
