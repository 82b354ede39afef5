// PoolSimulation: random histories of a pool, judged by a second, simpler model of it.
// Here: the driver (History), the model (Oracle), what upstreams say, mutants, campaigns of many seeds.
// Not here: single stories with a known end (ORKitTests/Engine). Imports ORKit.

import ORKit

/// One random history of a pool, from one seed.
package struct History {
    enum Fate: CaseIterable { case healthy, moody, sick, dead }

    struct Flight {
        var lease: Lease
        var ask: Ask
        var allowance = Allowance()
        var isRelayed = false
        var isPlain = false
        /// How many leases had begun, this one included, and when.
        var serial = 0
        var begun: Int64 = 0
        var tried: [KeyID] = []
        var refusedAccounts: Set<String> = []
        var retries = 0
        var bareLimits = 0
        var waits = 0
        var deadline: Int64?
        /// It had to wait, and the queue has not heard yet how it went.
        var waiter: FairQueue.Waiter?
        var letGoAt: Int64 = 0
    }

    let seed: UInt64
    /// Whether `story` is kept.
    let isTold: Bool
    package private(set) var story: [String] = []
    /// One key is sick among healthy ones, on one model, and nobody interferes:
    /// the history in which breakers work.
    let isCalm: Bool
    /// All keys are well, and then something that they share fails for a
    /// while: the history in which incidents are told from bad keys.
    let isStorm: Bool
    /// A calm one in which the sick key says the same for hours.
    var isStubborn: Bool { seed % 8 == 4 }
    /// A storm that outlives what is remembered of an incident.
    var isLong: Bool { seed % 16 == 9 }
    /// A storm over keys of which nobody knows the account.
    var isHomeless: Bool { seed % 16 == 13 }
    /// Some requests and pools have an objective.
    var isChoosy: Bool { seed % 5 == 2 }
    var storm: Storm?
    var isWild: Bool { !isCalm && !isStorm }
    /// Requests may wait for a key.
    let isPatient: Bool
    var rng: SeededGenerator
    var engine: Engine
    var oracle: Oracle
    var now = Now(monotonic: 0, wall: History.start)
    var effects: [Effect] = []
    var disk = KeyTable<KeyRecord>()
    var fates = KeyTable<Fate>()
    var flights: [Flight] = []
    var guests: [Guest] = []
    /// The last that was let go was refused at once.
    var isQueueSlow = false
    var nextKey: Int64 = 1
    /// But for the first, which nobody has to define.
    var pools: [PoolRecord] = []
    /// What happened how often: rules, transitions, guards.
    package private(set) var counts: [String: Int] = [:]
    /// A digest of all decisions.
    package private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    /// The first thing that must not be.
    package private(set) var violation: String?

    static let models: [String?] = ["v/a", "v/b", "v/c:free", nil]
    /// Saturday 2026-11-21, 14:20:03.120 UTC.
    static let start = WallTime(milliseconds: 1_795_270_803_120)

    package init(seed: UInt64, fault: Oracle.Fault = .none, mutant: Mutant? = nil, isTold: Bool = false) {
        self.isTold = isTold
        self.seed = seed
        isCalm = seed % 4 == 0
        isStorm = seed % 4 == 1
        isPatient = !isCalm && !isStorm && seed % 3 == 0
        rng = SeededGenerator(seed: seed)
        var settings = EngineSettings()
        if isPatient {
            (settings.longestQueueWait, settings.queue) = (Self.longestQueueWait, Self.queue)
        }
        mutant?.change(&settings)
        settings.strategy = Strategy.allCases[Int(seed % UInt64(Strategy.allCases.count))]
        engine = Engine(settings: settings)
        oracle = Oracle(fault: fault)
        if isWild {
            // One that falls back to the first, and one with nothing behind it.
            pools = [
                PoolRecord(id: PoolID(1), strategy: .lru, fallback: .first),
                PoolRecord(id: PoolID(2), objective: isChoosy ? Objective(.fairness) : nil, floorShare: 250),
            ]
            makePools()
        }
        for _ in 0..<chance(isStorm ? 4...8 : 1...8) { addKey() }
    }

    /// Runs so many events and then the end, in which everything is well.
    package mutating func run(events: Int) {
        for event in 0..<events where violation == nil {
            if isStorm { weather(event, of: events) } else { step() }
            check(event)
        }
        if violation == nil { finish() }
    }

    mutating func step() {
        wait(Int64(chance(0...200)))
        if isStubborn, chance(0...3) == 0 { wait([61_000, 600_000, 1_200_000, 1_900_000][chance(0...3)]) }
        switch chance(0...(isCalm ? 91 : 99)) {
        case 0..<32: begin()
        case 32..<66: answer()
        case 66..<82: end()
        case 82..<89 where !isStubborn:
            wait([1000, 55_000, 61_000, 600_000, 3_600_001, 86_400_000, 33 * 86_400_000][skewed(7)])
        case 82..<92: tick()
        case 92: checkSuspects()
        case 93: askForReports()
        case 94..<99: operate()
        default: restart()
        }
        if isPatient, chance(0...3) > 0 { letGo() }
        if isPatient, chance(0...99) == 0 { loseGuest() }
    }

    // Answers

    mutating func answer() {
        let open = flights.indices.filter { !flights[$0].isRelayed }
        guard let place = open.randomElement(using: &rng) else { return }
        answer(at: place)
    }

    mutating func answer(at place: Int) {
        var flight = flights[place]
        let lease = flight.lease
        let verdict = verdict(for: lease)
        note("rule \(verdict.rule)")
        tell(
            "key \(lease.key.raw) on \(lease.model ?? "no model"): \(verdict.rule) (\(verdict.fingerprint)), \(verdict.cause.name) of \(verdict.scope.rawValue)"
        )
        if lease.choice == .trial, verdict.cause == .upstreamError { note("trial-failed") }
        let replayable = flight.ask.replayable
        let next = engine.heard(
            lease, verdict, ask: flight.ask, allowance: &flight.allowance, replayable: replayable, at: now,
            using: &rng,
            effects: &effects)
        if case .relay = next {
            record(-1, 0)
            if verdict.remedy != .relay { fail("relayed \(verdict.rule)") }
            if verdict.cause == .ok {
                oracle.shared.good(lease.model, serial: flight.serial)
            } else {
                oracle.shared.answered(serial: flight.serial)
            }
            noteQueue(&flight, wasServed: true)
            flight.isRelayed = true
            flight.isPlain = verdict.cause != .ok
            flights[place] = flight
            return
        }
        if verdict.remedy == .relay { fail("did not relay \(verdict.rule)") }
        giveBack(lease)
        let account = oracle.keys[lease.key]?.account
        oracle.heard(
            verdict, from: lease.key, lease.model, isTrial: lease.choice == .trial, serial: flight.serial,
            at: wall)
        flights.remove(at: place)
        use(verdict, account, of: &flight)
        switch next {
        case .relay: break
        case .again(let other, let pause): again(other, pause, after: flight, verdict)
        case .refuse(let refusal):
            noteQueue(&flight, wasServed: false)
            refused(refusal, after: flight, verdict)
        }
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
            let verdict = Utterance.truncation.verdict(at: now)
            end = .broken(verdict)
            oracle.heard(
                verdict, from: lease.key, lease.model, isTrial: isTrial, serial: flight.serial, isHead: false,
                at: wall)
        default:
            if !flight.isPlain, oracle.keys[lease.key] != nil {
                oracle.succeeded(lease.key, lease.model, lease.choice, begun: flight.begun)
            }
        }
        engine.end(lease, Outcome(end: end, usage: nil, headMilliseconds: 5), at: now, effects: &effects)
    }

    mutating func verdict(for lease: Lease) -> Verdict {
        if let storm, let said = storm.verdict(for: lease, at: now) {
            let isNews = oracle.surelyServes(lease.key, lease.model, at: wall)
            if isNews, let account = oracle.keys[lease.key]?.account {
                var storm = storm
                storm.hit(account, at: wall)
                self.storm = storm
            }
            return said
        }
        switch fates[lease.key] ?? .healthy {
        case .healthy where isCalm || isStorm || chance(0...9) > 0: return .ok
        case .sick where isStubborn:
            return [Utterance.serverError, .bareLimit, .longLimit][Int(seed / 8 % 3)].verdict(at: now)
        case .sick where chance(0...19) > 0: return Utterance.serverError.verdict(at: now)
        case .dead: return Utterance.rejection.verdict(at: now)
        default: break
        }
        if chance(0...9) < 4 { return .ok }
        return Utterance.all[chance(0...Utterance.all.count - 1)].verdict(at: now)
    }

    var wall: Int64 { now.wall.milliseconds }

    mutating func chance(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &rng) }

    /// Below `count`; small numbers more often.
    mutating func skewed(_ count: Int) -> Int { min(chance(0...count - 1), chance(0...count - 1)) }

    /// How much time passed in it.
    package var milliseconds: Int64 { now.wall.milliseconds(since: Self.start) }

    mutating func note(_ what: String) { counts[what, default: 0] += 1 }

    /// One line of the story; not even made unless somebody wants it.
    mutating func tell(_ line: @autoclosure () -> String) {
        if isTold { story.append("\(milliseconds) ms: \(line())") }
    }

    mutating func record(_ a: Int64, _ b: Int64) {
        for word in [a, b] { trace = (trace ^ UInt64(bitPattern: word)) &* 0x100_0000_01B3 }
    }

    mutating func fail(_ what: String) {
        if violation == nil {
            violation = what
            tell(what)
        }
    }
}
