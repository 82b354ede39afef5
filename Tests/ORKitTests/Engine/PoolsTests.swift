import Testing

@testable import ORKit

@Suite("Pools")
struct PoolsTests {
    private static let paid = PoolID(7)
    private static let lonely = PoolID(8)

    /// Keys 1 and 2 are in the first pool, which falls back to a paid one with
    /// keys 3 and 4; key 5 is alone in a third.
    private func desk() -> EngineDesk {
        var desk = EngineDesk(keys: 0)
        desk.apply(.pool(PoolRecord(id: Self.paid, strategy: .roundRobin)))
        desk.apply(.pool(PoolRecord(id: Self.lonely)))
        desk.apply(.pool(PoolRecord(id: .first, fallback: Self.paid)))
        desk.apply(
            .add(
                (1...5).map { id in
                    EngineDesk.record(id) { $0.pool = id < 3 ? .first : id < 5 ? Self.paid : Self.lonely }
                }))
        return desk
    }

    @discardableResult
    private func keys(
        _ desk: inout EngineDesk, _ pool: PoolID, _ answer: (Int) -> EngineDesk.Reply = { _ in .ok }
    ) -> EngineDesk.Course {
        desk.request(pool: pool, answer)
    }

    @Test("a request is served by its pool's keys alone, each pool by its own strategy")
    func isolation() {
        var desk = desk()
        #expect((0..<4).flatMap { _ in keys(&desk, .first).keys } == [1, 1, 1, 1])
        #expect((0..<4).flatMap { _ in keys(&desk, Self.paid).keys } == [3, 4, 3, 4])
        #expect(keys(&desk, Self.lonely).keys == [5])
        let course = keys(&desk, Self.lonely) { _ in .status(429, retryAfter: "60") }
        #expect(course.keys == [5] && course.refusal?.retryAfterMilliseconds == 60_000)
        #expect(keys(&desk, Self.lonely).refusal?.code == .allKeysResting)
    }

    @Test("the fallback is part of the same plan: nothing restarts, and the pool is back by itself")
    func fallback() {
        var desk = desk()
        let course = keys(&desk, .first) { $0 < 3 ? .status(429, retryAfter: "60") : .ok }
        #expect(course.keys == [1, 2, 3] && course.isServed)
        #expect(keys(&desk, .first).keys == [4])
        desk.wait(seconds: 60)
        #expect(keys(&desk, .first).keys == [2])
        let failing = keys(&desk, .first) { _ in .status(502) }
        #expect(failing.keys == [2, 1, 3])
    }

    @Test("a broken key of the pool has its trial although the fallback serves")
    func trial() throws {
        var desk = desk()
        desk.apply(.remove(KeyID(1)))
        desk.apply(.pool(PoolRecord(id: .first, strategy: .roundRobin, fallback: Self.paid)))
        desk.apply(.update(EngineDesk.record(4) { $0.pool = .first }, trigger: "pool"))
        for _ in 0..<12 where desk.state(2) != .broken {
            keys(&desk, .first) { $0 == 2 ? .status(502) : .ok }
        }
        #expect(desk.state(2) == .broken)
        desk.apply(.update(EngineDesk.record(4) { $0.pool = Self.paid }, trigger: "pool"))
        desk.wait(seconds: 60)
        #expect(keys(&desk, .first).choices == [.trial])
        #expect(desk.state(2) == .usable)
    }

    @Test("a long rest of the pool's only key is looked into while the fallback could serve")
    func proof() {
        var desk = desk()
        desk.apply(.remove(KeyID(1)))
        keys(&desk, .first) { $0 == 2 ? .status(429, retryAfter: "864000") : .ok }
        #expect(keys(&desk, .first).keys != [2])
        desk.wait(seconds: 600)
        #expect(keys(&desk, .first).choices == [.proof])
        #expect(keys(&desk, .first).keys == [2])
    }

    @Test("the floor is each pool's own")
    func floor() {
        var desk = desk()
        desk.apply(.pool(PoolRecord(id: .first)))
        keys(&desk, .first) { _ in .status(401) }
        #expect(desk.engine.sparedKeys == 1)
        keys(&desk, Self.paid) { _ in .status(401) }
        #expect(desk.engine.sparedKeys == 2)
        desk.apply(.pool(PoolRecord(id: Self.paid, floorShare: 0)))
        #expect(desk.engine.sparedKeys == 3)
        #expect(
            desk.engine.floorsReached == [
                FloorReached(pool: .first, spared: 1, out: 1, keys: 2),
                FloorReached(pool: Self.paid, spared: 2, out: 0, keys: 2),
            ])
    }

    @Test(
        "a key moves with what is known of it; a removed pool leaves its keys to the first, its requests to none"
    )
    func moves() {
        var desk = desk()
        keys(&desk, Self.lonely) { _ in .status(429, retryAfter: "60") }
        desk.apply(.removePool(Self.lonely))
        for id in 1...2 { desk.apply(.remove(KeyID(Int64(id)))) }
        #expect(keys(&desk, .first).keys == [3])
        desk.wait(seconds: 60)
        #expect(keys(&desk, .first).keys == [5])
        #expect(keys(&desk, Self.lonely).refusal?.code == .noUpstreamKey)
        desk.apply(.update(EngineDesk.record(5) { $0.pool = Self.paid }, trigger: "pool"))
        #expect(Set((0..<6).flatMap { _ in keys(&desk, Self.paid).keys }) == [3, 4, 5])
    }

    @Test("a circle of fallbacks ends")
    func circle() {
        var desk = desk()
        desk.apply(.pool(PoolRecord(id: Self.paid, fallback: .first)))
        #expect(keys(&desk, Self.paid) { _ in .status(429, retryAfter: "60") }.keys == [3, 4, 1, 2])
    }
}
