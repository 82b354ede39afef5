import Testing

@testable import ORKit

/// What a spent budget of a key or a pool does to the choice of keys.
@Suite("Keys and pools whose budget is spent")
struct EngineBudgetTests {
    private static let spent = Overspent(
        text: "9.00 of 9.00 USD spent", until: WallTime(rfc3339: "2026-12-01T00:00:00Z"))

    @Test(
        "such a key serves nobody, shows why, and comes back when it is said to", arguments: Strategy.allCases
    )
    func key(strategy: Strategy) throws {
        var desk = EngineDesk(keys: 2, strategy: strategy)
        desk.effects += desk.engine.setOverspent(Self.spent, of: KeyID(1), at: desk.now)
        for _ in 0..<20 { #expect(desk.request().keys == [2]) }
        let standing = try #require(desk.engine.standing(of: KeyID(1), at: desk.now))
        #expect(standing.state == .exhausted && standing.because == .budgetSpent)
        #expect(standing.evidence == "budget-spent: 9.00 of 9.00 USD spent")
        desk.effects += desk.engine.setOverspent(Self.spent, of: KeyID(2), at: desk.now)
        let refusal = try #require(desk.request().refusal)
        #expect(refusal.code == .allKeysExhausted && refusal.status == 503)
        #expect(refusal.retryAfterMilliseconds ?? 0 > 0)
        desk.effects += desk.engine.setOverspent(nil, of: KeyID(1), at: desk.now)
        #expect(desk.request().keys == [1])
        #expect(desk.transitions.map(\.trigger) == ["budget-spent", "budget-spent", "budget-reset"])
        #expect(desk.engine.setOverspent(nil, of: KeyID(1), at: desk.now).isEmpty)
    }

    @Test("it is given no trial and no word of an operator, and keeps what else was learnt of it")
    func others() throws {
        var desk = EngineDesk(keys: 1)
        desk.request { _ in .status(401, "") }
        desk.effects += desk.engine.setOverspent(Self.spent, of: KeyID(1), at: desk.now)
        desk.apply(.reset(KeyID(1), trigger: "reset"))
        #expect(desk.state(1) == .exhausted && desk.request().refusal?.code == .allKeysExhausted)
        desk.effects += desk.engine.setOverspent(nil, of: KeyID(1), at: desk.now)
        #expect(desk.request().keys == [1])
    }

    @Test("the keys of such a pool serve nobody, not even as a fallback; the plan goes on behind it")
    func pool() throws {
        let paid = PoolID(2)
        var desk = EngineDesk(keys: 2) { if $0.id.raw == 2 { $0.pool = PoolID(2) } }
        desk.apply(.pool(PoolRecord(id: paid)))
        desk.apply(.pool(PoolRecord(id: .first, fallback: paid)))
        desk.apply(.update(EngineDesk.record(2) { $0.pool = paid }, trigger: "set"))
        #expect(desk.request().keys == [1])
        desk.engine.setOverspent(Self.spent, of: .first)
        #expect(desk.request().keys == [2])
        let ask = Ask(client: .anonymous, model: EngineDesk.model)
        var rehearsal = desk.engine.rehearse(ask, at: desk.now, using: desk.rng)
        while desk.engine.count(&rehearsal, places: 8) {}
        #expect(rehearsal.key == KeyID(2))
        #expect(rehearsal.groups.map(\.candidates) == [[.exhausted: 1], [.usable: 1]])
        desk.engine.setOverspent(Self.spent, of: paid)
        let refusal = try #require(desk.request().refusal)
        #expect(refusal.code == .allKeysExhausted && refusal.retryAfterMilliseconds ?? 0 > 0)
        desk.engine.setOverspent(nil, of: .first)
        #expect(desk.request().keys == [1])
        #expect(desk.engine.pool(of: KeyID(2)) == paid && desk.engine.pool(of: KeyID(9)) == nil)
    }
}
