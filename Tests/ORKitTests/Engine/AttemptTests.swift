import Testing

@testable import ORKit

@Suite("Attempts and refusals")
struct AttemptTests {
    @Test("three attempts in all, another key each time, without a pause [RT-21, PX-08]")
    func three() {
        var desk = EngineDesk(keys: 5)
        let course = desk.request { _ in .status(502) }
        #expect(course.keys == [1, 2, 3] && course.pauses == [0, 0])
        #expect(course.refusal == Refusal(code: .upstreamError, status: 502))
    }

    @Test("with no other key the same one is tried again after 1 s and 2 s [RT-19]")
    func backoff() {
        var desk = EngineDesk(keys: 1)
        let course = desk.request { _ in .status(503) }
        #expect(course.keys == [1, 1, 1] && course.pauses == [1000, 2000])
        #expect(course.choices == [.onlyOne, .sameAgain, .sameAgain])
        #expect(course.refusal == Refusal(code: .upstreamError, status: 503))
    }

    @Test("what only another key can cure is not tried on the same one")
    func noOther() {
        var desk = EngineDesk(keys: 1)
        #expect(desk.request { _ in .status(401) }.keys == [1])
    }

    @Test("a request that cannot be sent again has one attempt")
    func notReplayable() {
        var desk = EngineDesk(keys: 3)
        #expect(desk.request(replayable: false) { _ in .status(500) }.keys == [1])
    }

    @Test("the caller's own errors are passed on, not counted, and no success either [RT-18]")
    func callersOwn() throws {
        var desk = EngineDesk(keys: 2)
        for status in [400, 404, 413, 422, 409] {
            #expect(desk.request { _ in .status(status) }.keys == [1])
        }
        let facts = try desk.facts(1)
        #expect((facts.counters.attempts, facts.counters.failures, facts.counters.successes) == (5, 0, 0))
        #expect(facts.lastUsedAt == nil && desk.state(1) == .usable)
    }

    @Test(
        "transport failures are tried on another key and counted once each [RT-17]",
        arguments: [
            (.refused, .upstreamUnreachable, 502), (.slowHead, .upstreamSlow, 504),
            (.dns, .upstreamUnreachable, 502),
            (.truncated, .upstreamTruncated, 502), (.protocolError("x"), .upstreamProtocol, 502),
        ] as [(TransportFailure, ErrorCode, Int)])
    func transport(failure: TransportFailure, code: ErrorCode, status: Int) throws {
        var desk = EngineDesk(keys: 3)
        let course = desk.request { _ in .transport(failure) }
        #expect(course.keys == [1, 2, 3])
        #expect(course.refusal == Refusal(code: code, status: status))
        for key in 1...3 { #expect(try desk.facts(key).counters.failures == 1) }
    }

    @Test(
        "a redirect and a forbidden address are final",
        arguments: [(.redirect, .upstreamRedirect), (.addressRefused, .upstreamAddressRefused)]
            as [(TransportFailure, ErrorCode)])
    func final(failure: TransportFailure, code: ErrorCode) {
        var desk = EngineDesk(keys: 3)
        let course = desk.request { _ in .transport(failure) }
        #expect(course.keys == [1] && course.refusal == Refusal(code: code, status: 502))
    }

    @Test("an empty pool, a disabled one and one of another provider have no upstream key [PX-16]")
    func empty() {
        var desk = EngineDesk(keys: 0)
        #expect(desk.request().refusal == Refusal(code: .noUpstreamKey))
        desk = EngineDesk(keys: 2) { $0.enabled = false }
        #expect(desk.request().refusal == Refusal(code: .noUpstreamKey))
        #expect(desk.state(1) == .disabled)
        desk = EngineDesk(keys: 2) { $0.provider = "anthropic" }
        #expect(desk.request().refusal == Refusal(code: .noUpstreamKey))
        #expect(desk.state(1) == .invalid)
    }

    @Test("mixed causes: all rest, with the earliest return, as 503")
    func mixed() {
        var desk = EngineDesk(keys: 3)
        let course = desk.request {
            $0 == 1 ? .status(429, retryAfter: "300") : $0 == 2 ? .status(402) : .status(401)
        }
        #expect(course.refusal == Refusal(code: .allKeysResting, retryAfterMilliseconds: 60_000, status: 503))
        desk = EngineDesk(keys: 2)
        let money = desk.request { $0 == 1 ? .status(402) : .status(403, EngineDesk.keyLimit) }
        #expect(money.refusal?.code == .allKeysExhausted)
    }

    @Test("a refusal's time shrinks as time passes, though nothing else changes")
    func cachedOutlook() {
        var desk = EngineDesk(keys: 50)
        for _ in 0..<17 { desk.request { _ in .status(429, retryAfter: "100") } }
        #expect(desk.request().refusal?.retryAfterMilliseconds == 100_000)
        desk.wait(seconds: 40)
        #expect(desk.request().refusal?.retryAfterMilliseconds == 60_000)
        desk.wait(seconds: 60)
        #expect(desk.request().isServed)
    }

    @Test("what happens to one request is charged to its own key [RT-20]")
    func attribution() throws {
        var desk = EngineDesk(keys: 2, strategy: .roundRobin)
        let first = try desk.lease()
        let second = try desk.lease()
        desk.end(second, .broken(desk.verdict(429, retryAfter: "9")))
        desk.end(first)
        #expect(try desk.facts(1).rests.isEmpty && desk.facts(1).counters.successes == 1)
        #expect(try desk.restLeft(2) == 9)
    }

    @Test("a caller that leaves proves nothing, what was used is counted")
    func abandoned() throws {
        var desk = EngineDesk(keys: 1)
        var usage = Usage()
        usage.prompt = 10
        usage.completion = .max
        usage.cost = Money(pico: 5)
        desk.end(try desk.lease(), .abandoned, usage: usage)
        desk.end(try desk.lease(), .abandoned, usage: usage)
        let counters = try desk.facts(1).counters
        #expect((counters.attempts, counters.successes, counters.failures) == (2, 0, 0))
        #expect((counters.promptTokens, counters.completionTokens, counters.costPico) == (20, .max, 10))
        #expect(try desk.facts(1).lastUsedAt == nil)
    }

    @Test("latency follows the answers, a fifth of the way each time")
    func latency() throws {
        var desk = EngineDesk(keys: 1)
        desk.end(try desk.lease(), head: 100)
        desk.end(try desk.lease(), head: 200)
        #expect(try desk.facts(1).latency == 120)
    }
}
