import Testing

@testable import ORKit

/// One model on all keys of an account (lessons.md D3: a provider's own
/// credential, and money that does not afford a request).
@Suite("One model on an account")
struct ModelAtAccountTests {
    private static let unaffordable =
        #"{"error":{"code":402,"message":"You requested up to 9 tokens, but can only afford 4. https://openrouter.ai/settings/credits"}}"#

    /// Keys 1 and 2 of one account, 3 of another; the first has heard that the
    /// model is not affordable.
    private func desk() -> EngineDesk {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw < 3 ? "a" : "b" }
        let course = desk.request { $0 == 1 ? .status(402, Self.unaffordable) : .ok }
        #expect(course.keys == [1, 3] && course.isServed)
        return desk
    }

    private func rested(_ desk: EngineDesk, _ key: Int) throws -> [String] {
        try desk.facts(key).rests.filter { $0.isActive(at: desk.now.wall) }.map {
            "\($0.scope.rawValue) \($0.model ?? "")"
        }
    }

    @Test("it rests on every key of the account, and on no other; other models do not")
    func scope() throws {
        var desk = desk()
        #expect(try rested(desk, 1) == ["model@account v/m"])
        #expect(try rested(desk, 2) == ["model@account v/m"])
        #expect(try rested(desk, 3) == [])
        #expect(desk.state(1) == .usable && desk.state(2) == .usable)
        desk.apply(.remove(KeyID(3)))
        #expect(
            desk.request().refusal
                == Refusal(code: .accountCreditsOut, retryAfterMilliseconds: 60_000, status: 503))
        #expect(desk.request("v/other").isServed)
    }

    @Test("a key that joins the account knows of it, one that leaves forgets it")
    func joining() throws {
        var desk = desk()
        desk.apply(.update(EngineDesk.record(3) { $0.account = "a" }, trigger: "account"))
        #expect(try rested(desk, 3) == ["model@account v/m"])
        desk.apply(.update(EngineDesk.record(2) { $0.account = "b" }, trigger: "account"))
        #expect(try rested(desk, 2) == [])
    }

    @Test("when it is over, a success forgets it on every key of the account, and so does a reset")
    func over() throws {
        var desk = desk()
        desk.wait(seconds: 61)
        desk.apply(.remove(KeyID(3)))
        #expect(desk.request().isServed)
        #expect(try desk.facts(1).rests.isEmpty && desk.facts(2).rests.isEmpty)
        desk = self.desk()
        desk.apply(.reset(KeyID(2), trigger: "reset"))
        #expect(try rested(desk, 1) == [] && rested(desk, 2) == [])
    }

    @Test("a verdict about the request alone leaves nothing on a key")
    func request() throws {
        var desk = EngineDesk(keys: 1)
        #expect(desk.request { _ in .status(700) }.refusal == Refusal(code: .upstreamProtocol, status: 502))
        let facts = try desk.facts(1)
        #expect(facts.counters.failures == 0 && facts.lastError == nil && facts.rests.isEmpty)
    }
}
