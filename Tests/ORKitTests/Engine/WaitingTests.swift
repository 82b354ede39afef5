import Testing

@testable import ORKit

@Suite("waiting for a key")
struct WaitingTests {
    /// Keys that serve one request each.
    private func desk(keys: Int = 1, wait: Int64 = 60_000) -> EngineDesk {
        var settings = EngineSettings()
        settings.longestQueueWait = wait
        return EngineDesk(keys: keys, settings: settings) { $0.maxInFlight = 1 }
    }

    private func ask(_ client: Int64 = 1, _ model: String = EngineDesk.model) -> Ask {
        Ask(client: ClientID(client), model: model)
    }

    private func lease(_ desk: inout EngineDesk, _ ask: Ask) throws -> Lease {
        guard case .lease(let lease) = desk.engine.begin(ask, at: desk.now, using: &desk.rng) else {
            throw DidNotGet()
        }
        return lease
    }

    private func refusal(_ desk: inout EngineDesk, _ ask: Ask) -> Refusal? {
        guard case .refuse(let refusal) = desk.engine.begin(ask, at: desk.now, using: &desk.rng) else {
            return nil
        }
        return refusal
    }

    private func enter(_ desk: inout EngineDesk, _ ask: Ask) throws -> FairQueue.Waiter {
        let entry = desk.engine.enter(ask, begun: desk.now.monotonic, at: desk.now)
        guard case .waits(let waiter, _) = entry else { throw DidNotGet() }
        return waiter
    }

    private func end(_ desk: inout EngineDesk, _ lease: Lease) {
        desk.engine.end(
            lease, Outcome(end: .complete, usage: nil, headMilliseconds: nil), at: desk.now,
            effects: &desk.effects)
    }

    private struct DidNotGet: Error {}

    @Test(
        "a full key is worth waiting for, a rest only if it ends in time, and what an operator must do never")
    func hope() throws {
        var full = desk()
        let lease = try lease(&full, ask())
        #expect(refusal(&full, ask())?.mayWait == true)
        end(&full, lease)

        for (seconds, isHope) in [(59, true), (61, false)] {
            var resting = desk()
            resting.request { _ in .status(429, retryAfter: "\(seconds)") }
            #expect(refusal(&resting, ask())?.mayWait == isHope, "\(seconds)")
        }
        var empty = desk(keys: 0)
        #expect(refusal(&empty, ask())?.mayWait == false)
        var asBefore = desk(wait: 0)
        _ = try self.lease(&asBefore, ask())
        #expect(refusal(&asBefore, ask())?.mayWait == false)
    }

    @Test("who waits gets the key that is given back, and nobody overtakes who wants the same")
    func order() throws {
        var desk = desk()
        let first = try lease(&desk, ask())
        let waiter = try enter(&desk, ask(2))
        #expect(desk.engine.letGo(at: desk.now, using: &desk.rng).isEmpty)
        end(&desk, first)
        #expect(refusal(&desk, ask(3))?.mayWait == true)
        let given = desk.engine.letGo(at: desk.now, using: &desk.rng)
        #expect(given.map(\.waiter) == [waiter] && given.map(\.lease.key.raw) == [1])
        #expect(desk.engine.waiting == 0)
        end(&desk, try #require(given.first).lease)
        _ = try lease(&desk, ask(3))
    }

    @Test("who wants another model does not stand behind those whose model rests")
    func otherModel() throws {
        var desk = desk(keys: 2)
        desk.request("v/resting") { _ in
            .status(429, #"{"error":{"message":"x","metadata":{"provider_name":"p"}}}"#)
        }
        _ = try enter(&desk, ask(1, "v/waited-for"))
        let other = try lease(&desk, ask(2, "v/m"))
        end(&desk, other)
    }

    @Test("two keys given back serve two of three, one each; the third goes on waiting")
    func oneEach() throws {
        var desk = desk(keys: 2)
        let leases = try [lease(&desk, ask()), lease(&desk, ask())]
        let waiters = try (1...3).map { try enter(&desk, ask(Int64($0))) }
        for lease in leases { end(&desk, lease) }
        let given = desk.engine.letGo(at: desk.now, using: &desk.rng)
        #expect(given.map(\.waiter) == Array(waiters[..<2]) && Set(given.map(\.lease.key)).count == 2)
        #expect(desk.engine.waiting == 1)
        for (waiter, lease) in given {
            desk.engine.note(waiter, wasServed: true)
            end(&desk, lease)
        }
        let last = desk.engine.letGo(at: desk.now, using: &desk.rng)
        #expect(last.map(\.waiter) == [waiters[2]])
        for (_, lease) in last { end(&desk, lease) }
        let idle = (1...2).allSatisfy { desk.engine.standing(of: KeyID($0), at: desk.now)?.inFlight == 0 }
        #expect(idle)
    }

    @Test("when a rest is over eight try at first; after one of them is refused, one at a time")
    func noHerd() throws {
        var settings = EngineSettings()
        settings.longestQueueWait = 60_000
        var desk = EngineDesk(keys: 1, settings: settings)
        desk.request { _ in .status(429, retryAfter: "20") }
        for _ in 0..<30 { _ = try enter(&desk, ask()) }
        #expect(desk.engine.letGo(at: desk.now, using: &desk.rng).isEmpty)
        desk.wait(seconds: 20)
        let first = desk.engine.letGo(at: desk.now, using: &desk.rng)
        #expect(first.count == 8)
        for (waiter, lease) in first {
            end(&desk, lease)
            desk.engine.note(waiter, wasServed: false)
        }
        #expect(desk.engine.letGo(at: desk.now, using: &desk.rng).count == 1)
    }

    @Test("after its time a waiter is dropped, and told what a newcomer is told")
    func deadline() throws {
        var desk = desk()
        _ = try lease(&desk, ask())
        let waiter = try enter(&desk, ask())
        desk.wait(seconds: 59.999)
        #expect(desk.engine.expire(at: desk.now).isEmpty)
        desk.wait(seconds: 0.001)
        #expect(desk.engine.expire(at: desk.now) == [waiter])
        #expect(desk.engine.refusal(for: ask(), at: desk.now.wall).code == .allKeysResting)
    }
}
