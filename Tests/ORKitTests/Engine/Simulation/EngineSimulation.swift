@testable import ORKit

/// One random history of a pool, from one seed.
struct EngineSimulation {
    enum Fate: CaseIterable { case healthy, moody, sick, dead }

    struct Flight {
        var lease: Lease
        var ask: Ask
        var allowance = Allowance()
        var isRelayed = false
        var isPlain = false
    }

    let seed: UInt64
    /// One key is sick among healthy ones, on one model, and nobody interferes:
    /// the history in which breakers work.
    let isCalm: Bool
    var rng: SeededGenerator
    var engine: Engine
    var oracle: EngineOracle
    var now = Now(monotonic: 0, wall: ErrorSample.now.wall)
    var effects: [Effect] = []
    var disk: [KeyID: KeyRecord] = [:]
    var fates: [KeyID: Fate] = [:]
    var flights: [Flight] = []
    var nextKey: Int64 = 1
    /// What happened how often: rules, transitions, guards.
    private(set) var counts: [String: Int] = [:]
    /// A digest of all decisions.
    private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    /// The first thing that must not be.
    private(set) var violation: String?

    static let models: [String?] = ["v/a", "v/b", "v/c:free", nil]
    static let answers = ErrorSample.answers

    init(seed: UInt64, fault: EngineOracle.Fault = .none, guessedRest: Int64 = 60_000) {
        self.seed = seed
        isCalm = seed % 4 == 0
        rng = SeededGenerator(seed: seed)
        var settings = EngineSettings()
        settings.guessedRest = guessedRest
        settings.strategy = Strategy.allCases[Int(seed % UInt64(Strategy.allCases.count))]
        engine = Engine(settings: settings)
        oracle = EngineOracle(fault: fault)
        for _ in 0..<chance(1...8) { addKey() }
    }

    /// Runs so many events and then the end, in which everything is well.
    mutating func run(events: Int) {
        for event in 0..<events where violation == nil {
            step()
            check(event)
        }
        if violation == nil { finish() }
    }

    mutating func step() {
        wait(Int64(chance(0...200)))
        switch chance(0...(isCalm ? 91 : 99)) {
        case 0..<32: begin()
        case 32..<66: answer()
        case 66..<82: end()
        case 82..<89:
            wait([1000, 55_000, 61_000, 600_000, 3_600_001, 86_400_000, 33 * 86_400_000][skewed(7)])
        case 89..<92: tick()
        case 92..<94: checkSuspects()
        case 94..<99: operate()
        default: restart()
        }
    }

    // Requests

    mutating func begin() {
        let model = Self.models[isCalm ? 0 : chance(0...3)]
        let ask = Ask(client: .anonymous, model: model, replayable: chance(0...9) > 0)
        switch engine.begin(ask, at: now, using: &rng) {
        case .lease(let lease):
            take(lease, attempt: 1)
            flights.append(Flight(lease: lease, ask: ask))
        case .refuse(let refusal):
            note("refused-\(refusal.status)")
            note(refusal.code.rawValue)
            if let key = oracle.keys.keys.first(where: { oracle.surelyServes($0, model, at: wall) }) {
                fail("refused \(refusal.code.rawValue) although key \(key.raw) could serve")
            }
            if let wait = refusal.retryAfterMilliseconds, wait < 1 { fail("retry after \(wait)") }
        }
    }

    mutating func take(_ lease: Lease, attempt: Int) {
        record(lease.key.raw, Int64(lease.choice.rawValue))
        note("lease-\(lease.choice.name)")
        if lease.attempt != attempt { fail("attempt \(lease.attempt) instead of \(attempt)") }
        let isTrial = lease.choice == .trial
        if let objection = oracle.objection(to: lease.key, for: lease.model, isTrial: isTrial, at: wall) {
            fail("leased key \(lease.key.raw), which \(objection)")
        }
        oracle.keys[lease.key]?.inFlight += 1
        if isTrial { oracle.keys[lease.key]?.trialsRunning += 1 }
    }

    mutating func giveBack(_ lease: Lease) {
        oracle.keys[lease.key]?.inFlight -= 1
        if lease.choice == .trial { oracle.keys[lease.key]?.trialsRunning -= 1 }
    }

    mutating func answer() {
        let open = flights.indices.filter { !flights[$0].isRelayed }
        guard let place = open.randomElement(using: &rng) else { return }
        var flight = flights[place]
        let lease = flight.lease
        let verdict = verdict(for: lease)
        note("rule \(verdict.rule)")
        if lease.choice == .trial, verdict.cause == .upstreamError { note("trial-failed") }
        let replayable = flight.ask.replayable
        let next = engine.heard(
            lease, verdict, ask: flight.ask, allowance: &flight.allowance, replayable: replayable, at: now,
            using: &rng,
            effects: &effects)
        if case .relay = next {
            record(-1, 0)
            if verdict.remedy != .relay { fail("relayed \(verdict.rule)") }
            flight.isRelayed = true
            flight.isPlain = verdict.cause != .ok
            flights[place] = flight
            return
        }
        if verdict.remedy == .relay { fail("did not relay \(verdict.rule)") }
        giveBack(lease)
        oracle.heard(verdict, from: lease.key, lease.model, isTrial: lease.choice == .trial, at: wall)
        flights.remove(at: place)
        switch next {
        case .relay: break
        case .again(let other, let pause): again(other, pause, after: flight, verdict)
        case .refuse(let refusal): refused(refusal, after: flight, verdict)
        }
    }

    mutating func again(_ other: Lease, _ pause: Int64, after flight: Flight, _ verdict: Verdict) {
        record(pause, 1)
        note("again")
        if !flight.ask.replayable || flight.lease.attempt >= 3 || verdict.remedy == .giveUp {
            fail("tried again after \(verdict.rule), attempt \(flight.lease.attempt)")
        }
        let isTried = flight.allowance.tried.contains(other.key)
        if other.choice == .sameAgain {
            if verdict.remedy != .retry || pause != 1000 << Int64(flight.lease.attempt - 1) || !isTried {
                fail("the same key again after \(verdict.rule) and \(pause) ms")
            }
            if let key = untried(flight, verdict) {
                fail("the same key again although key \(key.raw) is free")
            }
        } else if pause != 0 || isTried {
            fail("key \(other.key.raw) again after \(pause) ms")
        }
        take(other, attempt: flight.lease.attempt + 1)
        flights.append(Flight(lease: other, ask: flight.ask, allowance: flight.allowance))
    }

    mutating func refused(_ refusal: Refusal, after flight: Flight, _ verdict: Verdict) {
        record(Int64(refusal.status), 2)
        note("refused-\(refusal.status)")
        note(refusal.code.rawValue)
        if [401, 402].contains(refusal.status) { fail("the caller is blamed with \(refusal.status)") }
        let mayTry = flight.ask.replayable && flight.lease.attempt < 3 && verdict.remedy != .giveUp
        if mayTry, let key = untried(flight, verdict) { fail("gave up although key \(key.raw) is free") }
    }

    /// A key that the request could still be tried on.
    func untried(_ flight: Flight, _ verdict: Verdict) -> KeyID? {
        let isAccountMatter = [.rateLimited, .creditsOut, .inFlightBudget].contains(verdict.cause)
        let avoided = Set(flight.allowance.tried.compactMap { oracle.keys[$0]?.account })
        return oracle.keys.first { id, key in
            !flight.allowance.tried.contains(id) && oracle.surelyServes(id, flight.ask.model, at: wall)
                && !(isAccountMatter && key.account.map(avoided.contains) ?? false)
        }?.key
    }

    mutating func end() {
        let open = flights.indices.filter { flights[$0].isRelayed }
        guard let place = open.randomElement(using: &rng) else { return }
        let flight = flights.remove(at: place)
        end(flight, chance(0...9))
    }

    mutating func end(_ flight: Flight, _ how: Int) {
        let lease = flight.lease
        let isTrial = lease.choice == .trial
        var end = Outcome.End.complete
        giveBack(lease)
        switch how {
        case 0: end = .abandoned
        case 1 where !flight.isPlain:
            let verdict = Classifier.classify(transport: .truncated)
            end = .broken(verdict)
            oracle.heard(verdict, from: lease.key, lease.model, isTrial: isTrial, at: wall)
        default:
            if !flight.isPlain, oracle.keys[lease.key] != nil {
                oracle.succeeded(lease.key, lease.model, isTrial: isTrial, at: wall)
            }
        }
        engine.end(lease, Outcome(end: end, usage: nil, headMilliseconds: 5), at: now, effects: &effects)
    }

    mutating func verdict(for lease: Lease) -> Verdict {
        switch fates[lease.key] ?? .healthy {
        case .healthy where isCalm || chance(0...9) > 0: return .ok
        case .sick where chance(0...19) > 0: return Classifier.classify(UpstreamAnswer(status: 500), at: now)
        case .dead: return Classifier.classify(UpstreamAnswer(status: 401), at: now)
        default: break
        }
        switch chance(0...9) {
        case 0..<4: return .ok
        case 4:
            return Classifier.classify(transport: [.refused, .slowHead, .redirect, .stalled][chance(0...3)])
        case 5:
            let waits = ["0", "-7", "30", "4000", "9999999", "Sat, 21 Nov 2026 18:00:00 GMT"]
            return Classifier.classify(
                UpstreamAnswer(status: 429, retryAfter: waits[chance(0...5)], model: lease.model), at: now)
        default:
            var answer = Self.answers[chance(0...Self.answers.count - 1)]
            answer.model = lease.model
            return Classifier.classify(answer, at: now)
        }
    }

    var wall: Int64 { now.wall.milliseconds }

    mutating func chance(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &rng) }

    /// Below `count`; small numbers more often.
    mutating func skewed(_ count: Int) -> Int { min(chance(0...count - 1), chance(0...count - 1)) }

    mutating func note(_ what: String) { counts[what, default: 0] += 1 }

    mutating func record(_ a: Int64, _ b: Int64) {
        for word in [a, b] { trace = (trace ^ UInt64(bitPattern: word)) &* 0x100_0000_01B3 }
    }

    mutating func fail(_ what: String) {
        if violation == nil { violation = "seed \(seed): \(what)" }
    }
}
