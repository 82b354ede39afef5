import Testing

@testable import ORKit

/// What `orkctl explain --dry-run` tells, held against what then happens.
@Suite("Rehearsals")
struct RehearsalTests {
    private static let paid = PoolID(7)

    private static func ask(_ pool: PoolID = .first, _ model: String? = EngineDesk.model) -> Ask {
        Ask(client: .anonymous, model: model, pool: pool)
    }

    private func whole(_ desk: EngineDesk, _ ask: Ask = ask()) -> Rehearsal {
        var rehearsal = desk.engine.rehearse(ask, at: desk.now, using: desk.rng)
        while desk.engine.count(&rehearsal, places: 2) {}
        return rehearsal
    }

    /// Twelve keys in two pools and four accounts; the first falls back to the
    /// other.
    private func desk(_ strategy: Strategy) -> EngineDesk {
        var desk = EngineDesk(keys: 0, strategy: strategy)
        desk.apply(.pool(PoolRecord(id: Self.paid)))
        desk.apply(.pool(PoolRecord(id: .first, fallback: Self.paid)))
        desk.apply(
            .add(
                (1...12).map { id in
                    EngineDesk.record(id) {
                        $0.pool = id <= 7 ? .first : Self.paid
                        $0.account = id % 5 == 0 ? nil : "account-\(id % 4)"
                        $0.weight = id
                        $0.priority = id % 6 == 0 ? 1 : 0
                        $0.maxInFlight = id % 3
                    }
                }))
        return desk
    }

    /// Something that happens to the pool.
    private func shake(_ desk: inout EngineDesk, _ chance: inout SeededGenerator) {
        let answers: [EngineDesk.Reply] = [
            .ok, .ok, .status(429, retryAfter: "30"), .status(429), .status(401), .status(502),
            .status(403, EngineDesk.keyLimit), .status(429, EngineDesk.freeDaily),
            .status(429, EngineDesk.upstreamLimit, retryAfter: "5"),
        ]
        let models = [EngineDesk.model, "v/n", "v/o:free", nil]
        switch Int.random(in: 0..<10, using: &chance) {
        case 0: desk.wait(seconds: Double([1, 31, 700].randomElement(using: &chance) ?? 1))
        case 1:
            let id = Int.random(in: 1...12, using: &chance)
            desk.apply(.reset(KeyID(Int64(id)), trigger: "reset"))
        case 2: _ = try? desk.lease(models.randomElement(using: &chance) ?? nil)
        default:
            let answer = answers.randomElement(using: &chance) ?? .ok
            let bad = Int.random(in: 1...12, using: &chance)
            desk.request(models.randomElement(using: &chance) ?? nil) { $0 == bad || bad > 8 ? answer : .ok }
        }
    }

    @Test(
        "the next request takes the key and hears the words that were told, whatever has happened",
        arguments: Strategy.allCases)
    func truth(strategy: Strategy) {
        var (served, refused) = (0, 0)
        for seed in 0..<12 as Range<UInt64> {
            var desk = desk(strategy)
            var chance = SeededGenerator(seed: seed)
            for _ in 0..<50 {
                shake(&desk, &chance)
                var ask = Self.ask([.first, Self.paid].randomElement(using: &chance) ?? .first)
                if seed % 3 == 0 { ask.objective = Objective(.fairness) }
                let told = whole(desk, ask)
                switch desk.engine.begin(ask, at: desk.now, using: &desk.rng) {
                case .lease(let lease):
                    #expect(told.key == lease.key && told.choice == lease.choice && told.refusal == nil)
                    served += 1
                    desk.end(lease, .abandoned)
                case .refuse(let refusal):
                    #expect(told.key == nil && told.refusal == refusal)
                    refused += 1
                }
            }
        }
        #expect(served > 250 && refused > 10, "\(served) served, \(refused) refused")
    }

    @Test("asking changes nothing: no state, no counter, no chance, no order", arguments: Strategy.allCases)
    func untouched(strategy: Strategy) {
        var desk = desk(strategy)
        var chance = SeededGenerator(seed: 5)
        for _ in 0..<12 {
            shake(&desk, &chance)
            let before = picture(desk)
            _ = whole(desk)
            _ = whole(desk, Self.ask(Self.paid, nil))
            #expect(picture(desk) == before)
        }
        // That the picture would show it.
        let before = picture(desk)
        _ = desk.engine.begin(Self.ask(), at: desk.now, using: &desk.rng)
        #expect(picture(desk) != before)
    }

    private func picture(_ desk: EngineDesk) -> String {
        var text = ""
        dump(desk.engine, to: &text)
        dump(desk.rng, to: &text)
        return text
    }

    @Test("every key of the plan is in one class, whatever has happened, in pieces of any size")
    func sums() {
        var desk = desk(.sticky)
        var chance = SeededGenerator(seed: 9)
        var seen: Set<Candidacy> = []
        for _ in 0..<200 {
            shake(&desk, &chance)
            let told = whole(desk)
            #expect(told.groups.map(\.pool) == [.first, Self.paid])
            #expect(told.groups.map(\.count) == [7, 5])
            var atOnce = desk.engine.rehearse(Self.ask(), at: desk.now, using: desk.rng)
            #expect(!desk.engine.count(&atOnce, places: .max))
            #expect(atOnce.groups.map(\.candidates) == told.groups.map(\.candidates))
            seen.formUnion(told.groups.flatMap(\.candidates.keys))
        }
        #expect(whole(desk, Self.ask(Self.paid)).groups.map(\.count) == [5])
        #expect(whole(desk, Self.ask(PoolID(99))).groups.isEmpty)
        let wanted: Set<Candidacy> = [.usable, .full, .modelResting, .exhausted, .suspect]
        #expect(seen.isSuperset(of: wanted), "\(seen)")
    }

    @Test("each class is what it says")
    func classes() throws {
        var desk = EngineDesk(keys: 9) { $0.maxInFlight = 1 }
        func now() -> [Candidacy: Int] { whole(desk).groups.first?.candidates ?? [:] }
        #expect(now() == [.usable: 9])
        let lease = try desk.lease()
        #expect(now() == [.usable: 8, .full: 1])
        desk.end(lease)
        desk.apply(.update(EngineDesk.record(1) { $0.enabled = false }, trigger: "disable"))
        desk.apply(.update(EngineDesk.record(2) { $0.provider = "other" }, trigger: "set"))
        desk.request { $0 == 3 ? .status(403, EngineDesk.keyLimit) : .ok }
        desk.request { $0 == 4 ? .status(429, retryAfter: "600") : .ok }
        desk.request { $0 == 5 ? .status(401) : .ok }
        #expect(
            now() == [.disabled: 1, .invalid: 1, .exhausted: 1, .modelResting: 1, .suspect: 1, .usable: 4])
        #expect(whole(desk, Self.ask(.first, "v/n")).groups.first?.candidates[.modelResting] == nil)
        desk.wait(seconds: 600)
        #expect(now()[.modelResting] == nil)
    }

    @Test("a broken key's trial, and what only the floor keeps in, are foreseen")
    func doubted() {
        var desk = EngineDesk(keys: 3, strategy: .roundRobin)
        for _ in 0..<30 where desk.state(1) != .broken { desk.request { $0 == 1 ? .status(502) : .ok } }
        #expect(whole(desk).groups.first?.candidates == [.broken: 1, .usable: 2])
        desk.wait(seconds: 60)
        let trial = whole(desk)
        #expect(trial.key == KeyID(1) && trial.choice == .trial)
        #expect(desk.request().choices == [.trial])
        var dark = EngineDesk(keys: 2)
        for _ in 0..<2 { dark.request { _ in .status(401) } }
        let last = whole(dark)
        #expect(last.groups.first?.candidates == [.suspect: 1, .spared: 1] && last.choice == .lastResort)
        #expect(dark.request().choices == [.lastResort])
    }

    @Test("behind a closed gate it names the gate's words; with nobody left, when the first key is back")
    func refusals() {
        var desk = EngineDesk(keys: 2)
        desk.request { _ in .status(429, retryAfter: "90") }
        let resting = whole(desk)
        #expect(resting.key == nil && resting.gate == nil)
        #expect(
            resting.refusal == Refusal(code: .allKeysResting, retryAfterMilliseconds: 90_000, status: 429))
        var dark = EngineDesk(keys: 2)
        for _ in 0..<5 { dark.request { _ in .transport(.refused) } }
        let closed = whole(dark)
        #expect(closed.gate?.verdict.scope == .network && closed.refusal?.code == .upstreamUnreachable)
        #expect(closed.groups.first?.candidates == [.usable: 2])
    }

    @Test("where chance chooses, the odds are the key's weight among those that could be drawn")
    func odds() {
        var desk = EngineDesk(keys: 0, strategy: .weighted)
        desk.apply(.add((1...4).map { id in EngineDesk.record(id) { $0.weight = id } }))
        desk.apply(.update(EngineDesk.record(4) { $0.enabled = false }, trigger: "disable"))
        let told = whole(desk)
        #expect(told.odds == Rehearsal.Odds(weight: Int(told.key?.raw ?? 0), of: 6))
        desk.apply(.strategy(.random))
        #expect(whole(desk).odds == Rehearsal.Odds(weight: 1, of: 3))
        desk.apply(.strategy(.lru))
        #expect(whole(desk).odds == nil)
    }
}
