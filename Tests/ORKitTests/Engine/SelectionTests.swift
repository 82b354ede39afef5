import Testing

@testable import ORKit

@Suite("Priorities, bounds and affinity")
struct SelectionTests {
    @Test("a smaller priority serves first, a larger one when no other can, and it goes back by itself")
    func priorities() {
        for strategy in Strategy.allCases {
            var desk = EngineDesk(keys: 4, strategy: strategy) { $0.priority = $0.id.raw <= 2 ? 3 : 1 }
            #expect(Set((0..<20).flatMap { _ in desk.request().keys }).isSubset(of: [3, 4]), "\(strategy)")
            desk.request { $0 > 2 ? .status(429, retryAfter: "100") : .ok }
            desk.request { $0 > 2 ? .status(429, retryAfter: "100") : .ok }
            #expect(Set((0..<20).flatMap { _ in desk.request().keys }).isSubset(of: [1, 2]), "\(strategy)")
            desk.wait(seconds: 100)
            #expect(Set((0..<20).flatMap { _ in desk.request().keys }).isSubset(of: [3, 4]), "\(strategy)")
        }
    }

    @Test("no key serves more requests at once than its bound", arguments: Strategy.allCases)
    func bounds(strategy: Strategy) throws {
        var desk = EngineDesk(keys: 3, strategy: strategy) { $0.maxInFlight = 2 }
        var leases = try (0..<6).map { _ in try desk.lease() }
        #expect(
            Dictionary(grouping: leases, by: \.key).mapValues(\.count) == [
                KeyID(1): 2, KeyID(2): 2, KeyID(3): 2,
            ])
        #expect(desk.request().refusal?.code == .allKeysResting)
        let first = leases.removeFirst()
        desk.end(first)
        #expect(try desk.lease().key == first.key)
        #expect(desk.engine.standstill(at: desk.now) == nil)
    }

    @Test("sticky comes back to a key that was only full")
    func stickyFull() throws {
        var desk = EngineDesk(keys: 2) { $0.maxInFlight = 1 }
        let first = try desk.lease()
        #expect(try desk.lease().key == KeyID(2))
        desk.end(first)
        #expect(try desk.lease().key == KeyID(1))
    }

    private func key(_ desk: inout EngineDesk, _ digest: UInt64) throws -> (key: Int, choice: Choice) {
        let ask = Ask(client: .anonymous, model: EngineDesk.model, affinity: digest)
        guard case .lease(let lease) = desk.engine.begin(ask, at: desk.now, using: &desk.rng) else {
            throw EngineDesk.Refused()
        }
        desk.end(lease)
        return (Int(lease.key.raw), lease.choice)
    }

    @Test("a conversation stays on its key, and different ones spread over all")
    func affinity() throws {
        var desk = EngineDesk(keys: 10, strategy: .random)
        var homes: [UInt64: Int] = [:]
        for digest in 0..<500 as Range<UInt64> {
            let home = try key(&desk, digest)
            #expect(home.choice == .affinity)
            homes[digest] = home.key
            #expect(try key(&desk, digest).key == home.key)
        }
        let counts = Dictionary(grouping: homes.values) { $0 }.mapValues(\.count)
        #expect(counts.count == 10 && counts.values.allSatisfy { (20...100).contains($0) }, "\(counts)")
        desk.apply(.add([EngineDesk.record(11)]))
        let moved = try homes.filter { try key(&desk, $0.key).key != $0.value }
        #expect(moved.count < 100)
    }

    @Test("when its key rests it goes to another of the account, and comes back")
    func affinityFailsOver() throws {
        var desk = EngineDesk(keys: 9, strategy: .lru) { $0.account = "a\($0.id.raw % 3)" }
        for digest in 0..<60 as Range<UInt64> {
            let home = try key(&desk, digest).key
            let ask = Ask(client: .anonymous, model: EngineDesk.model, affinity: digest)
            guard case .lease(let lease) = desk.engine.begin(ask, at: desk.now, using: &desk.rng) else {
                throw EngineDesk.Refused()
            }
            desk.end(lease, .broken(desk.verdict(429, retryAfter: "30")))
            let other = try key(&desk, digest).key
            #expect(other != home && other % 3 == home % 3)
            desk.wait(seconds: 30)
            #expect(try key(&desk, digest).key == home)
        }
    }

    @Test("with health a key that fails half of the time gets the minority [PO-10]")
    func health() {
        var settings = EngineSettings()
        settings.failuresToBreak = .max
        var desk = EngineDesk(keys: 2, strategy: .health, settings: settings)
        var answers = 0
        var counts: [Int: Int] = [:]
        for _ in 0..<400 {
            let course = desk.request { key in
                answers += key == 1 ? 1 : 0
                return key == 1 && answers % 2 == 0 ? .status(500) : .ok
            }
            counts[course.keys[0], default: 0] += 1
        }
        #expect((20..<160).contains(counts[1, default: 0]), "\(counts)")
    }

    @Test("a long stated rest of a model is looked into by one request at rising intervals, and ends early")
    func proof() throws {
        var desk = EngineDesk(keys: 2, strategy: .lru)
        desk.request { $0 == 1 ? .status(429, retryAfter: "864000") : .ok }
        desk.wait(seconds: 599)
        #expect(desk.request().keys == [2])
        desk.wait(seconds: 1)
        #expect(desk.request(replayable: false).keys == [2])
        let failed = desk.request { $0 == 1 ? .status(429, retryAfter: "863000") : .ok }
        #expect(failed.keys == [1, 2] && failed.choices[0] == .proof)
        desk.wait(seconds: 1199)
        #expect(desk.request().keys == [2])
        desk.wait(seconds: 1)
        let lease = try desk.lease()
        #expect(lease.choice == .proof)
        #expect(desk.request().keys == [2])
        desk.end(lease)
        #expect(try desk.facts(1).rests.isEmpty)
    }

    @Test("what is kept last of a key is what was learnt last, also when a sign of life failed")
    func keptLast() throws {
        var desk = EngineDesk(keys: 2, strategy: .lru)
        desk.request { $0 == 1 ? .status(429, retryAfter: "864000") : .ok }
        desk.wait(seconds: 600)
        #expect(desk.request { $0 == 1 ? .status(403, EngineDesk.keyLimit) : .ok }.choices[0] == .proof)
        let kept = desk.effects.compactMap { effect -> [Rest]? in
            guard case .keepFacts(KeyID(1), let facts) = effect else { return nil }
            return facts.rests
        }
        #expect(try kept.last == desk.facts(1).rests && kept.last?.count == 2)
    }

    @Test("nobody is sent into a rest when no other key could serve")
    func noProof() {
        var desk = EngineDesk(keys: 1)
        desk.request { _ in .status(429, retryAfter: "864000") }
        desk.wait(seconds: 4000)
        #expect(desk.request().refusal?.status == 429)
    }

    @Test("GET /key ends a key's own limit, and the free tier's for the whole account")
    func reports() throws {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw < 3 ? "a" : "b" }
        desk.request("v/m:free") { $0 < 3 ? .status(429, EngineDesk.freeDaily) : .ok }
        #expect(desk.engine.reportsDue(at: desk.now, limit: 16) == [])
        desk.wait(seconds: 600)
        #expect(desk.engine.reportsDue(at: desk.now, limit: 16) == [KeyID(1), KeyID(2)])
        desk.effects += desk.engine.reported(KeyID(2), nil, at: desk.now)
        #expect(desk.engine.reportsDue(at: desk.now, limit: 16) == [])
        desk.wait(seconds: 1200)
        desk.effects += desk.engine.reported(
            KeyID(1), KeyReport(hasFreeRequestsLeft: true), at: desk.now)
        #expect(try desk.facts(1).rests.isEmpty && desk.facts(2).rests.isEmpty)
    }
}
