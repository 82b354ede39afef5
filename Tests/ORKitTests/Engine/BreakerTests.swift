import Testing

@testable import ORKit

@Suite("Failures and the breaker")
struct BreakerTests {
    /// Key 1 fails with 500, all others succeed; key 1 is tried first.
    private func failing(_ times: Int, on desk: inout EngineDesk) {
        for _ in 0..<times {
            desk.apply(.strategy(.roundRobin))
            desk.request { $0 == 1 ? .status(500) : .ok }
        }
    }

    @Test(
        "a 500 counts as a failure, moves to the next key at once and leaves lastUsed alone [RT-04, RT-07, RT-09]"
    )
    func failureCounts() throws {
        var desk = EngineDesk(keys: 2)
        let course = desk.request { $0 == 1 ? .status(500) : .ok }
        #expect(course.keys == [1, 2] && course.pauses == [0])
        let failed = try desk.facts(1)
        #expect(
            (failed.counters.attempts, failed.counters.failures, failed.counters.consecutiveFailures) == (
                1, 1, 1
            ))
        #expect(failed.lastUsedAt == nil && failed.lastError == "500" && failed.lastErrorAt == desk.now.wall)
        #expect(try desk.facts(2).lastUsedAt == desk.now.wall)
    }

    @Test(
        "five failures in a row while another key succeeds break the key; four, a success and four do not [RT-08]"
    )
    func fiveInARow() throws {
        var desk = EngineDesk(keys: 2)
        failing(4, on: &desk)
        desk.apply(.strategy(.roundRobin))
        #expect(desk.request().keys == [1])
        failing(4, on: &desk)
        #expect(desk.state(1) == .usable)
        failing(1, on: &desk)
        #expect(desk.state(1) == .broken)
        #expect(try desk.facts(1).counters.consecutiveFailures == 5)
        #expect(desk.kept == [KeyID(1)])
        #expect(desk.transitions.map(\.trigger) == ["five-failures"])
        #expect(desk.transitions[0].evidence?.contains("while key 2 succeeded") == true)
        #expect(desk.transitions[0].until == desk.now.wall.advanced(byMilliseconds: 60_000))
        #expect(desk.request().keys == [2])
    }

    @Test("a key that is the only witness is never broken, nor when all fail alike")
    func noEvidence() throws {
        var settings = EngineSettings()
        settings.failuresToClose = .max
        var desk = EngineDesk(keys: 1, settings: settings)
        for _ in 0..<20 { desk.request { _ in .status(500) } }
        #expect(desk.state(1) == .usable)
        #expect(try desk.facts(1).counters.consecutiveFailures == 60)
        desk = EngineDesk(keys: 3, settings: settings)
        for _ in 0..<20 { desk.request { _ in .status(502) } }
        #expect((1...3).allSatisfy { desk.state($0) == .usable })
    }

    @Test("success on another model is no evidence")
    func otherModel() {
        var desk = EngineDesk(keys: 2, strategy: .roundRobin)
        for _ in 0..<10 {
            desk.apply(.strategy(.roundRobin))
            desk.request("a/a") { _ in .status(500) }
            desk.request("b/b")
            desk.request("b/b")
        }
        #expect(desk.state(1) == .usable && desk.state(2) == .usable)
    }

    @Test("failures that were in flight together count once")
    func together() throws {
        var desk = EngineDesk(keys: 2)
        let leases = try (0..<10).map { _ in try desk.lease() }
        #expect(Set(leases.map(\.key.raw)) == [1])
        for lease in leases { desk.end(lease, .broken(desk.verdict(500))) }
        #expect(desk.state(1) == .usable)
        #expect(try desk.facts(1).counters.failures == 10)
    }

    @Test("pages of the edge are shown on the key and never held against it")
    func edge() {
        var desk = EngineDesk(keys: 2)
        for _ in 0..<10 {
            desk.apply(.strategy(.roundRobin))
            desk.request { $0 == 1 ? .status(502, "<html>") : .ok }
        }
        #expect(desk.state(1) == .usable)
    }

    @Test("a broken key gets one trial after 60 s; success closes, failure doubles the wait [RT-12]")
    func trial() throws {
        var desk = EngineDesk(keys: 2)
        failing(5, on: &desk)
        desk.wait(seconds: 59)
        #expect(desk.request().keys == [2])
        var wait = 1.0
        for next in [120, 240, 480, 960, 1920, 3600, 3600] as [Double] {
            desk.wait(seconds: wait)
            let course = desk.request { $0 == 1 ? .status(500) : .ok }
            #expect(course.keys == [1, 2] && course.choices.first == .trial)
            #expect(desk.state(1) == .broken)
            #expect(
                try #require(desk.engine.standing(of: KeyID(1), at: desk.now)?.until).milliseconds(
                    since: desk.now.wall) == Int64(next * 1000))
            wait = next
        }
        desk.wait(seconds: wait)
        #expect(desk.request().choices == [.trial])
        #expect(desk.state(1) == .usable)
        #expect(try desk.facts(1).brokenSince == nil && desk.facts(1).rests.isEmpty)
        #expect(desk.transitions.last?.trigger == "trial-succeeded")
        #expect(desk.kept.last == KeyID(1))
    }

    @Test("one trial at a time, and never with a request that cannot be sent twice")
    func oneTrial() throws {
        var desk = EngineDesk(keys: 2)
        failing(5, on: &desk)
        desk.wait(seconds: 60)
        #expect(desk.request(replayable: false).keys == [2])
        let trial = try desk.lease()
        #expect(trial.choice == .trial && trial.key == KeyID(1))
        #expect(try desk.lease().key == KeyID(2))
        desk.end(trial, .abandoned)
        #expect(desk.state(1) == .broken)
        #expect(try desk.lease().choice == .trial)
    }

    @Test("a broken key whose trial is due serves when there is no other, whatever the request")
    func lastResort() {
        var desk = EngineDesk(keys: 3)
        failing(5, on: &desk)
        for id in 2...3 {
            desk.apply(.update(EngineDesk.record(id) { $0.enabled = false }, trigger: "disable"))
        }
        desk.wait(seconds: 60)
        #expect(desk.request(replayable: false).choices == [.trial])
        #expect(desk.state(1) == .usable)
    }

    @Test("reset closes the breaker and keeps the totals [RT-13]")
    func reset() throws {
        var desk = EngineDesk(keys: 2)
        failing(5, on: &desk)
        desk.apply(.reset(KeyID(1), trigger: "reset"))
        #expect(desk.state(1) == .usable)
        let facts = try desk.facts(1)
        #expect(
            facts.counters.failures == 5 && facts.counters.consecutiveFailures == 0 && facts.rests.isEmpty)
        #expect(desk.transitions.last?.trigger == "reset")
    }
}
