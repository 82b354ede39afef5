import Testing

@testable import ORKit

/// What a record keeps of the keys that a decision had to choose among.
@Suite("Census of candidates")
struct CensusTests {
    private static let other = PoolID(7)

    private func ask(_ model: String? = EngineDesk.model, _ pool: PoolID = .first) -> Ask {
        Ask(client: .anonymous, model: model, pool: pool)
    }

    private func counts(_ census: Census) -> [Census.Part: UInt32] {
        Dictionary(uniqueKeysWithValues: Census.Part.allCases.map { ($0, census[$0]) }).filter {
            $0.value > 0
        }
    }

    @Test("each class is what it says")
    func classes() throws {
        var desk = EngineDesk(keys: 0, strategy: .roundRobin)
        desk.apply(.pool(PoolRecord(id: Self.other)))
        let records = (1...8).map { id in
            EngineDesk.record(id) {
                $0.maxInFlight = 1
                $0.pool = id == 8 ? Self.other : .first
            }
        }
        desk.apply(.add(records))
        #expect(counts(desk.engine.census(for: ask())) == [.usable: 7, .elsewhere: 1])
        #expect(desk.engine.census(for: ask()).isPlain)
        desk.apply(.update(EngineDesk.record(1) { $0.enabled = false }, trigger: "disable"))
        let full = try desk.lease()
        desk.request("v/n") { $0 == 3 ? .status(403, EngineDesk.keyLimit) : .ok }
        desk.request("v/n") { $0 == 5 ? .status(429, retryAfter: "600") : .ok }
        #expect(
            counts(desk.engine.census(for: ask())) == [
                .usable: 4, .full: 1, .exhausted: 1, .disabled: 1, .elsewhere: 1,
            ])
        #expect(
            counts(desk.engine.census(for: ask("v/n"))) == [
                .usable: 3, .modelResting: 1, .full: 1, .exhausted: 1, .disabled: 1, .elsewhere: 1,
            ])
        desk.end(full)
        desk.apply(.pool(PoolRecord(id: .first, fallback: Self.other)))
        #expect(counts(desk.engine.census(for: ask())) == [.usable: 6, .exhausted: 1, .disabled: 1])
        #expect(counts(desk.engine.census(for: ask(nil, Self.other))) == [.usable: 1, .elsewhere: 7])
        // Of a pool that is gone, none.
        desk.apply(.removePool(Self.other))
        #expect(counts(desk.engine.census(for: ask(nil, Self.other))) == [.elsewhere: 8])
        desk.apply(.remove(KeyID(3)))
        #expect(counts(desk.engine.census(for: ask())) == [.usable: 6, .disabled: 1])
    }

    @Test("whatever happens to the pools, the figures that are kept are what counting every key gives")
    func kept() throws {
        let answers: [EngineDesk.Reply] = [
            .ok, .status(429, retryAfter: "30"), .status(401), .status(502), .status(402),
            .status(403, EngineDesk.keyLimit), .status(429, EngineDesk.upstreamLimit, retryAfter: "5"),
        ]
        var seen: Set<Census.Part> = []
        for seed in 0..<20 as Range<UInt64> {
            var chance = SeededGenerator(seed: seed)
            var desk = EngineDesk(keys: 0, strategy: .lru)
            desk.apply(.pool(PoolRecord(id: Self.other)))
            desk.apply(.add((1...12).map { Self.record($0, $0 % 3 == 0 ? Self.other : .first) }))
            for _ in 0..<80 {
                let id = Int.random(in: 1...12, using: &chance)
                switch Int.random(in: 0..<12, using: &chance) {
                case 0: desk.apply(.remove(KeyID(Int64(id))))
                case 1: desk.apply(.add([Self.record(id, Bool.random(using: &chance) ? Self.other : .first)]))
                case 2:
                    let isEnabled = Bool.random(using: &chance)
                    desk.apply(.update(Self.record(id, .first) { $0.enabled = isEnabled }, trigger: "set"))
                case 3: desk.apply(.reset(KeyID(Int64(id)), trigger: "reset"))
                case 4: desk.wait(seconds: Double([1, 31, 700].randomElement(using: &chance) ?? 1))
                case 5: _ = try? desk.lease()
                case 6: desk.apply(.strategy(Strategy.allCases.randomElement(using: &chance) ?? .lru))
                default:
                    let answer = answers.randomElement(using: &chance) ?? .ok
                    desk.request(pool: Bool.random(using: &chance) ? Self.other : .first) {
                        $0 == id ? answer : .ok
                    }
                }
                desk.tick()
                for pool in [PoolID.first, Self.other] {
                    let census = desk.engine.census(for: ask(nil, pool))
                    let told = whole(desk, ask(nil, pool))
                    #expect(
                        census.usable + census.full == told[.usable, default: 0] + told[.full, default: 0])
                    #expect(census.resting == told[.resting, default: 0])
                    #expect(census.exhausted == told[.exhausted, default: 0])
                    #expect(census.invalid == told[.invalid, default: 0])
                    #expect(census.disabled == told[.disabled, default: 0])
                    let doubted = [.suspect, .broken, .spared].reduce(0) { $0 + told[$1, default: 0] }
                    #expect(census.suspect + census.broken == doubted)
                    let here = Census.Part.allCases.filter { $0 != .elsewhere }.reduce(0) { $0 + census[$1] }
                    #expect(Int(here + census.elsewhere) == desk.engine.count)
                    seen.formUnion(counts(census).keys)
                }
            }
        }
        #expect(
            seen.isSuperset(of: [.usable, .full, .resting, .exhausted, .suspect, .disabled, .elsewhere]),
            "\(seen)")
    }

    private static func record(
        _ id: Int, _ pool: PoolID, _ change: (inout KeyRecord) -> Void = { _ in }
    ) -> KeyRecord {
        EngineDesk.record(id) {
            $0.pool = pool
            $0.maxInFlight = id % 4
            if id == 11 { $0.facts.rests = [resting] }
            change(&$0)
        }
    }

    /// Of the whole key, whatever the model.
    private static let resting = Rest(
        scope: .key, model: nil, cause: .rateLimited,
        until: EngineDesk(keys: 0).now.wall.advanced(byMilliseconds: 600_000),
        since: EngineDesk(keys: 0).now.wall, stated: true, guesses: 0, rule: "test", evidence: "")

    private func whole(_ desk: EngineDesk, _ ask: Ask) -> [Candidacy: UInt32] {
        var rehearsal = desk.engine.rehearse(ask, at: desk.now, using: desk.rng)
        while desk.engine.count(&rehearsal, places: .max) {}
        return (rehearsal.groups.first?.candidates ?? [:]).mapValues { UInt32($0) }
    }
}
