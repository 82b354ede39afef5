import Testing

@testable import ORKit

@Suite("Rejected keys")
struct SuspicionTests {
    private func suspected(keys: Int = 2) -> EngineDesk {
        var desk = EngineDesk(keys: keys)
        desk.request { $0 == 1 ? .status(401) : .ok }
        return desk
    }

    @Test("a 401 makes the key suspect, the request goes on with another")
    func suspect() throws {
        var desk = EngineDesk(keys: 2)
        let course = desk.request { $0 == 1 ? .status(401) : .ok }
        #expect(course.keys == [1, 2] && course.isServed)
        #expect(desk.state(1) == .suspect)
        #expect(desk.engine.suspects(at: desk.now) == [KeyID(1)])
        #expect(desk.kept == [KeyID(1)])
        desk.wait(seconds: 1_000_000)
        #expect(desk.request().keys == [2])
    }

    @Test("a check that succeeds brings the key back; alarms in a row wait longer for their check")
    func falseAlarm() {
        var desk = suspected()
        for wait in [60, 120] as [Double] {
            desk.effects += desk.engine.checked(KeyID(1), valid: true, at: desk.now)
            #expect(desk.state(1) == .usable)
            desk.apply(.strategy(.roundRobin))
            desk.request { $0 == 1 ? .status(401) : .ok }
            #expect(desk.engine.suspects(at: desk.now) == [])
            desk.wait(seconds: wait)
            #expect(desk.engine.suspects(at: desk.now) == [KeyID(1)])
        }
        desk.effects += desk.engine.checked(KeyID(1), valid: true, at: desk.now)
        desk.apply(.strategy(.roundRobin))
        #expect(desk.request().keys == [1])
        desk.apply(.strategy(.roundRobin))
        desk.request { $0 == 1 ? .status(401) : .ok }
        #expect(desk.engine.suspects(at: desk.now) == [KeyID(1)])
    }

    @Test("two rejected checks ten minutes apart, with a success of another key between, make it invalid")
    func invalid() {
        var desk = suspected()
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        #expect(desk.state(1) == .suspect && desk.engine.suspects(at: desk.now) == [])
        desk.wait(seconds: 300)
        desk.request()
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        #expect(desk.state(1) == .suspect)
        desk.wait(seconds: 600)
        #expect(desk.engine.suspects(at: desk.now) == [KeyID(1)])
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        #expect(desk.state(1) == .invalid)
        #expect(desk.transitions.last?.trigger == "rejected-twice")
        #expect(desk.engine.suspects(at: desk.now) == [])
        desk.wait(seconds: 10_000_000)
        #expect(desk.request().keys == [2])
    }

    @Test("an answer that began before the first check proves nothing, nor does a listing [ruling 12]")
    func oldSuccess() throws {
        var desk = suspected()
        let old = try desk.lease()
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        desk.wait(seconds: 300)
        desk.end(old)
        desk.request(nil)
        desk.wait(seconds: 300)
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        #expect(desk.state(1) == .suspect)
        desk.request()
        desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
        #expect(desk.state(1) == .invalid)
    }

    @Test("without a success of another credential nothing is ever proved")
    func incident() {
        var desk = suspected(keys: 1)
        for _ in 0..<10 {
            desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
            desk.wait(seconds: 700)
        }
        #expect(desk.state(1) == .suspect)
        #expect(desk.request { _ in .status(401) }.refusal == Refusal(code: .keyRejected))
        // The only key is never taken out, and proves itself by serving.
        #expect(desk.request().choices == [.lastResort])
        #expect(desk.state(1) == .usable)
    }

    @Test("a check that could not be made is due again soon, and later as the suspicion grows old")
    func postponed() {
        var desk = suspected()
        desk.engine.postponeCheck(KeyID(1), at: desk.now)
        #expect(desk.engine.suspects(at: desk.now) == [])
        #expect(desk.tick() == desk.now.wall.advanced(byMilliseconds: 5000))
        desk.wait(seconds: 400)
        #expect(desk.engine.suspects(at: desk.now) == [KeyID(1)])
        desk.engine.postponeCheck(KeyID(1), at: desk.now)
        #expect(desk.tick() == desk.now.wall.advanced(byMilliseconds: 50_000))
    }

    @Test("an invalid key comes back by a check that succeeds or by a reset")
    func back() {
        for byCheck in [true, false] {
            var desk = suspected()
            desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
            desk.wait(seconds: 600)
            desk.request()
            desk.wait(seconds: 1)
            desk.effects += desk.engine.checked(KeyID(1), valid: false, at: desk.now)
            #expect(desk.state(1) == .invalid)
            if byCheck {
                desk.effects += desk.engine.checked(KeyID(1), valid: true, at: desk.now)
            } else {
                desk.apply(.reset(KeyID(1), trigger: "reset"))
            }
            #expect(desk.state(1) == .usable)
        }
    }

    @Test("all keys rejected: 503, never the upstream's 401")
    func allRejected() {
        var desk = EngineDesk(keys: 3)
        let course = desk.request { _ in .status(401) }
        #expect(course.keys == [1, 2, 3] && course.refusal == Refusal(code: .keyRejected))
    }
}
