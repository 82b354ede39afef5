import ORKit

/// A pool of 100,000 keys in some state, and requests to it.
struct Course {
    struct Times {
        var selection: Sample
        var all: Sample
        /// Of the yardstick, beside each request.
        var yardstick: Sample
        var refused: Int
    }

    /// Nanoseconds.
    struct Sample {
        let median: Int
        let high: Int

        init(_ values: [Int]) {
            let sorted = values.sorted()
            median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            high = sorted.isEmpty ? 0 : sorted[sorted.count * 99 / 100]
        }
    }

    let name: String
    var strategy = Strategy.lru
    var model = Course.model
    /// Milliseconds after the keys were loaded at which requests begin.
    var delay: Int64 = 0
    var hasAffinity = false
    /// Of each request.
    var objective: Objective?
    /// Of the pool.
    var poolObjective: Objective?
    var rests: @Sendable (Int) -> [Rest] = { _ in [] }

    private static let keys = 100_000
    private static let requests = 100_000
    private static let model = "openai/gpt-5.1-mini"
    private static let start = WallTime(milliseconds: 1_795_270_803_120)

    static let all: [Course] =
        Strategy.allCases.map { strategy in
            Course(name: "half rest, \(strategy.rawValue)", strategy: strategy) {
                $0 % 2 == 0 ? [rest(.key, nil, 86_400)] : []
            }
        } + [
            Course(name: "all free, affinity", hasAffinity: true),
            Course(name: "half rest, affinity", hasAffinity: true) {
                $0 % 2 == 0 ? [rest(.key, nil, 86_400)] : []
            },
            Course(name: "all free, objective of the request", objective: Objective(.latency)),
            Course(name: "half rest, weighted objective of the pool", poolObjective: everything) {
                $0 % 2 == 0 ? [rest(.key, nil, 86_400)] : []
            },
            Course(name: "one free") { $0 != 77_777 ? [rest(.key, nil, 86_400)] : [] },
            Course(name: "half rest for the model") {
                $0 % 2 == 0 ? [rest(.modelAtKey, model, 86_400)] : []
            },
            Course(name: "half rest for another model", model: "x/y") {
                $0 % 2 == 0 ? [rest(.modelAtKey, model, 86_400)] : []
            },
            Course(name: "one free for the model") {
                $0 != 77_777 ? [rest(.modelAtKey, model, 86_400)] : []
            },
            Course(name: "50,000 due at one instant", delay: 1000) {
                $0 % 2 == 0 ? [rest(.key, nil, 1)] : []
            },
            Course(name: "all rest") { _ in [rest(.key, nil, 86_400)] },
        ]

    /// All aims at once: the dearest.
    private static let everything = Objective(
        thousandths: Dictionary(uniqueKeysWithValues: Objective.Aim.allCases.map { ($0, 200) }))

    private static func rest(_ scope: FailureScope, _ model: String?, _ seconds: Int64) -> Rest {
        Rest(
            scope: scope, model: model, cause: .keyLimit,
            until: start.advanced(byMilliseconds: seconds * 1000),
            since: start, stated: true, guesses: 0, rule: "bench", evidence: "")
    }

    func run() -> Times {
        var engine = loaded()
        var rng = SeededGenerator(seed: 1)
        var effects: [Effect] = []
        var usage = Usage()
        usage.prompt = 10
        usage.completion = 20
        let clock = ContinuousClock()
        var selections: [Int] = []
        var wholes: [Int] = []
        var yardstick = Yardstick()
        var lengths: [Int] = []
        var refused = 0
        for i in 0..<Self.requests {
            let wall = Self.start.advanced(byMilliseconds: delay + Int64(i / 100))
            let now = Now(monotonic: Int64(i) * 1000, wall: wall)
            let ask = Ask(
                client: ClientID(1), model: model, affinity: hasAffinity ? UInt64(i % 5000) : nil,
                objective: objective)
            let start = clock.now
            let begin = engine.begin(ask, at: now, using: &rng)
            let middle = clock.now
            if case .lease(let lease) = begin {
                var allowance = Allowance()
                _ = engine.heard(
                    lease, .ok, ask: ask, allowance: &allowance, replayable: true, at: now, using: &rng,
                    effects: &effects)
                engine.end(
                    lease, Outcome(end: .complete, usage: usage, headMilliseconds: 50), at: now,
                    effects: &effects)
            } else {
                refused += 1
            }
            let end = clock.now
            selections.append(Self.nanoseconds(start.duration(to: middle)))
            wholes.append(Self.nanoseconds(start.duration(to: end)))
            effects.removeAll(keepingCapacity: true)
            let reference = clock.now
            yardstick.use()
            lengths.append(Self.nanoseconds(reference.duration(to: clock.now)))
        }
        // Whoever is never asked for the sum need not compute it.
        precondition(yardstick.sum != 0)
        return Times(
            selection: Sample(selections), all: Sample(wholes), yardstick: Sample(lengths), refused: refused)
    }

    private func loaded() -> Engine {
        var settings = EngineSettings()
        settings.strategy = strategy
        var engine = Engine(settings: settings)
        let records = (1...Self.keys).map { id in
            var facts = KeyFacts()
            facts.rests = rests(id)
            return KeyRecord(
                id: KeyID(Int64(id)), secret: Secret("sk-or-v1-\(id)".utf8), provider: "openrouter",
                account: "account-\(id / 20)", weight: id % 10 + 1, enabled: true, facts: facts)
        }
        let now = Now(monotonic: 0, wall: Self.start)
        _ = engine.apply(.pool(PoolRecord(id: .first, objective: poolObjective)), at: now)
        _ = engine.apply(.add(records), at: now)
        return engine
    }

    private static func nanoseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }
}
