import Testing

@testable import ORKit

/// Whose a key is, learnt from what the upstream says (ruling 48).
@Suite("The account behind a key")
struct AccountTests {
    private static func empty(_ account: String) -> String {
        #"{"error":{"code":402,"message":"Insufficient credits"},"user_id":"\#(account)"}"#
    }

    private func accounts(_ desk: EngineDesk) -> [String] {
        desk.effects.compactMap { effect in
            if case .keepAccount(let key, let account, _) = effect { "\(key.raw) \(account)" } else { nil }
        }
    }

    @Test("an answer that names the account is at once about all its keys")
    func learnt() throws {
        var desk = EngineDesk(keys: 3)
        #expect(desk.request { $0 == 1 ? .status(402, Self.empty("user_a")) : .ok }.keys == [1, 2])
        #expect(accounts(desk) == ["1 user_a"])
        #expect(desk.state(2) == .usable)
        desk.effects += desk.engine.learn(account: "user_a", of: KeyID(2), at: desk.now)
        #expect(desk.state(2) == .exhausted && desk.state(3) == .usable)
        #expect(accounts(desk) == ["1 user_a", "2 user_a"])
        #expect(desk.request().keys == [3])
    }

    @Test("within one request a second key of the account is not tried")
    func once() {
        var desk = EngineDesk(keys: 3) { $0.account = $0.id.raw == 2 ? "user_a" : nil }
        #expect(desk.request { $0 == 3 ? .ok : .status(402, Self.empty("user_a")) }.keys == [1, 3])
    }

    @Test("what an operator said stays, and so does what was learnt first")
    func first() {
        var desk = EngineDesk(keys: 2) { $0.account = $0.id.raw == 1 ? "core" : nil }
        desk.request { _ in .status(402, Self.empty("user_a")) }
        desk.effects += desk.engine.learn(account: "user_b", of: KeyID(2), at: desk.now)
        #expect(accounts(desk) == ["2 user_a"])
    }

    @Test("what was known of the key alone is known to its account, once it is known")
    func joined() throws {
        var desk = EngineDesk(keys: 2)
        let bare = #"{"error":{"code":402,"message":"Insufficient credits"}}"#
        desk.request { $0 == 1 ? .status(402, bare) : .ok }
        for key in 1...2 {
            desk.effects += desk.engine.learn(account: "user_a", of: KeyID(Int64(key)), at: desk.now)
        }
        #expect(desk.state(1) == .exhausted && desk.state(2) == .exhausted)
        #expect(desk.engine.learn(account: "user_a", of: KeyID(9), at: desk.now).isEmpty)
    }

    @Test("a late answer to a secret that was replaced says nothing about whose the new one is")
    func replaced() throws {
        var desk = EngineDesk(keys: 1)
        let old = try desk.lease()
        let new = EngineDesk.record(1) { $0.secret = Secret("another".utf8) }
        desk.apply(.update(new, trigger: "rotate"))
        refuse(old, &desk)
        #expect(accounts(desk) == [])
        desk.apply(.reset(KeyID(1), trigger: "reset"))
        refuse(try desk.lease(), &desk)
        #expect(accounts(desk) == ["1 user_a"])
    }

    @Test("what rested for the old secret's account does not spread to the account of the new one")
    func replacedAccount() throws {
        var desk = EngineDesk(keys: 2) { $0.account = $0.id.raw == 2 ? "user_b" : nil }
        let bare = #"{"error":{"code":402,"message":"Insufficient credits"}}"#
        desk.request { $0 == 1 ? .status(402, bare) : .ok }
        #expect(desk.state(1) == .exhausted)
        let new = EngineDesk.record(1) {
            $0.secret = Secret("another".utf8)
            $0.account = "user_b"
        }
        desk.apply(.update(new, trigger: "rotate"))
        #expect(desk.state(1) == .usable && desk.state(2) == .usable)
        desk.request { _ in .status(402, Self.empty("user_b")) }
        #expect(desk.state(1) == .exhausted && desk.state(2) == .exhausted)
        let same = EngineDesk.record(1) {
            $0.secret = Secret("a third".utf8)
            $0.account = "user_b"
        }
        desk.apply(.update(same, trigger: "rotate"))
        #expect(desk.state(1) == .exhausted)
    }

    /// The lease's answer is that `user_a` has no credit.
    private func refuse(_ lease: Lease, _ desk: inout EngineDesk) {
        let answer = UpstreamAnswer(status: 402, body: Array(Self.empty("user_a").utf8))
        desk.hear(lease, Classifier.classify(answer, at: desk.now))
    }

    @Test("a report about a key that rests for nothing keeps nothing")
    func idleReport() {
        var desk = EngineDesk(keys: 2) { $0.account = "a" }
        #expect(desk.engine.reported(KeyID(1), KeyReport(hasKeyLimitLeft: true), at: desk.now).isEmpty)
        #expect(desk.engine.reported(KeyID(1), nil, at: desk.now).isEmpty)
    }
}
