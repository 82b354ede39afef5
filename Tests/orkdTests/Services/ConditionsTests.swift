import ORKit
import Testing

@testable import orkd

@Suite("conditions")
struct ConditionsTests {
    private let conditions = Conditions()
    private let clock = HandClock()

    private func codes() -> [ErrorCode] { conditions.visible(at: clock.now).map(\.code) }

    @Test("a condition keeps its beginning while it holds, whatever is said about it")
    func beginning() {
        conditions.raise(Condition(.storageUnavailable), at: clock.now)
        let since = conditions.visible(at: clock.now).first?.since
        clock.advance(milliseconds: 5000)
        conditions.raise(Condition(.storageUnavailable, text: "still"), at: clock.now)
        #expect(conditions.visible(at: clock.now).first?.since == since)
        #expect(conditions.visible(at: clock.now).first?.text == "still")
        conditions.clear(.storageUnavailable)
        #expect(codes().isEmpty)
    }

    @Test("a condition whose cause is listed too is hidden")
    func causes() {
        conditions.report(.journalBehind, true, at: clock.now)
        #expect(codes() == [.journalBehind])
        conditions.report(.storageUnavailable, true, at: clock.now)
        #expect(codes() == [.storageUnavailable])
        conditions.report(.storageUnavailable, false, at: clock.now)
        #expect(codes() == [.journalBehind])
    }

    @Test("what may pass by itself shows only after a while")
    func timeToVisible() {
        conditions.raise(Condition(.upstreamUnreachable), at: clock.now)
        #expect(codes().isEmpty)
        clock.advance(milliseconds: 3000)
        #expect(codes() == [.upstreamUnreachable])
    }

    @Test("derived ones are replaced as a whole and keep their beginning while they last")
    func derived() {
        conditions.derive([Condition(.noClient), Condition(.openMode)], at: clock.now)
        let since = conditions.visible(at: clock.now).first { $0.code == .noClient }?.since
        clock.advance(milliseconds: 1000)
        conditions.derive([Condition(.noClient)], at: clock.now)
        #expect(conditions.visible(at: clock.now).count == 1)
        #expect(conditions.visible(at: clock.now).first?.since == since)
        conditions.derive([], at: clock.now)
        #expect(codes().isEmpty)
    }

    @Test("errors come first, and hints can be pasted")
    func presentation() {
        conditions.derive([Condition(.noClient), Condition(.noUpstreamKey)], at: clock.now)
        #expect(codes() == [.noUpstreamKey, .noClient])
        #expect(
            conditions.visible(at: clock.now).map(\.hint) == [
                "orkctl keys add NAME", "orkctl clients add NAME",
            ])
    }

    @Test("the pool's condition tells an empty pool from one that rests")
    func pool() {
        #expect(Condition.pool(nil, byState: [.usable: 1]) == nil)
        let empty = Condition.pool(Refusal(code: .noUpstreamKey), byState: [:])
        #expect(empty?.text == "the pool is empty: every request gets 503")
        let resting = Condition.pool(
            Refusal(code: .allKeysResting, retryAfterMilliseconds: 40_200),
            byState: [.resting: 2, .disabled: 1])
        #expect(resting?.code == .allKeysResting)
        #expect(resting?.text == "none of 3 keys is usable: 2 resting, 1 disabled; the first is back in 41s")
    }

    @Test("a pool without credit says that free models are all it serves")
    func freeOnly() {
        let free = Condition.pool(nil, byState: [.exhausted: 2, .disabled: 1])
        #expect(free?.code == .accountCreditsOut)
        #expect(
            free?.text
                == "free models only: none of 3 keys has credit for paid ones: 2 exhausted, 1 disabled")
        #expect(Condition.pool(nil, byState: [.usable: 1, .exhausted: 2]) == nil)
    }

    @Test("clients: none, none usable, and open mode")
    func clients() {
        #expect(Condition.clients(noneOf: 0, isOpen: false)?.code == .noClient)
        #expect(Condition.clients(noneOf: 2, isOpen: false)?.text.contains("all 2") == true)
        #expect(Condition.clients(noneOf: nil, isOpen: false) == nil)
        #expect(Condition.clients(noneOf: 0, isOpen: true)?.code == .openMode)
    }
}
