import Testing

@testable import ORKit

@Suite("Attempt allowance")
struct AllowanceTests {
    @Test("rotations have no number: every account is tried once, and only once")
    func rotations() {
        var desk = EngineDesk(keys: 12) { $0.account = "a\(($0.id.raw + 1) / 2)" }
        let course = desk.request { _ in .status(402) }
        // The guard calls it an incident at the third account.
        #expect(course.keys == [1, 3, 5])
        desk = EngineDesk(keys: 12) { $0.account = "a\(($0.id.raw + 1) / 2)" }
        let timed = desk.request { _ in .status(429, EngineDesk.freeDaily) }
        #expect(timed.keys == [1, 3, 5, 7, 9, 11])
    }

    @Test("an account gets one try, also after a refusal of the key alone [ruling 9]")
    func oncePerAccount() {
        var desk = EngineDesk(keys: 4) { $0.account = $0.id.raw < 4 ? "a" : "b" }
        #expect(desk.request { _ in .status(403, EngineDesk.keyLimit) }.keys == [1, 4])
    }

    @Test("what may cost twice goes to another key of the account, but to none of a refused one")
    func retriesWithinAccounts() {
        var desk = EngineDesk(keys: 3) { $0.account = "a" }
        #expect(desk.request { _ in .status(502) }.keys == [1, 2, 3])
        desk = EngineDesk(keys: 4) { $0.account = $0.id.raw < 3 ? "a" : "b" }
        let course = desk.request { $0 == 1 ? .status(403, EngineDesk.keyLimit) : .status(502) }
        #expect(course.keys == [1, 3, 4, 4])
    }

    @Test("a bare limit is tried on two other accounts, not on the whole pool [ruling 8]")
    func bare() {
        var desk = EngineDesk(keys: 8)
        #expect(desk.request { _ in .status(429) }.keys == [1, 2, 3])
    }

    @Test("retries are two, whatever was rotated before")
    func retries() {
        var desk = EngineDesk(keys: 8)
        let course = desk.request { $0 <= 3 ? .status(429, retryAfter: "900") : .status(502) }
        #expect(course.keys == [1, 2, 3, 4, 5, 6])
    }

    @Test("a short stated wait is waited out when nobody else can serve, twice at most")
    func waits() {
        var desk = EngineDesk(keys: 1)
        let course = desk.request { _ in .status(429, retryAfter: "3") }
        #expect(course.keys == [1, 1, 1] && course.pauses == [3000, 3000])
        #expect(course.refusal?.status == 429 && course.refusal?.retryAfterMilliseconds == 3000)
        desk.wait(seconds: 3)
        var answers = 0
        let second = desk.request { _ in
            answers += 1
            return answers == 1 ? .status(429, retryAfter: "2") : .ok
        }
        #expect(second.isServed && second.choices == [.onlyOne, .sameAgain])
        desk.wait(seconds: 10)
        #expect(desk.request { _ in .status(429, retryAfter: "11") }.keys == [1])
    }

    @Test("another key comes before a wait")
    func noWait() {
        var desk = EngineDesk(keys: 2)
        #expect(desk.request { $0 == 1 ? .status(429, retryAfter: "1") : .ok }.keys == [1, 2])
    }

    @Test("a provider's limit is waited out on the same key; another would hear the same")
    func providerLimit() {
        var desk = EngineDesk(keys: 3)
        var answers = 0
        let course = desk.request { _ in
            answers += 1
            return answers == 1 ? .status(429, EngineDesk.upstreamLimit, retryAfter: "4") : .ok
        }
        #expect(course.keys == [1, 1] && course.pauses == [4000] && course.isServed)
    }

    @Test("nothing begins after the deadline, and no wait crosses it")
    func deadline() throws {
        var desk = EngineDesk(keys: 2)
        let ask = Ask(client: .anonymous, model: EngineDesk.model)
        for (left, isTried) in [(Int64(1), true), (0, false), (-5, false)] {
            var allowance = Allowance(deadline: desk.now.monotonic + left)
            let lease = try desk.lease()
            let next = desk.engine.heard(
                lease, desk.verdict(502), ask: ask, allowance: &allowance, replayable: true, at: desk.now,
                using: &desk.rng, effects: &desk.effects)
            if case .again(let other, _) = next {
                #expect(isTried)
                desk.end(other, .abandoned)
            } else {
                #expect(!isTried)
            }
        }
        var single = EngineDesk(keys: 1)
        var allowance = Allowance(deadline: single.now.monotonic + 2_000_000_000)
        let next = single.engine.heard(
            try single.lease(), single.verdict(429, retryAfter: "2"), ask: ask, allowance: &allowance,
            replayable: true, at: single.now, using: &single.rng, effects: &single.effects)
        guard case .refuse(let refusal) = next else {
            Issue.record("waits beyond its deadline")
            return
        }
        #expect(refusal.retryAfterMilliseconds == 2000)
    }
}
