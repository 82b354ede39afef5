// Engine tests: what a verdict is, what it does to a pool, which key comes next, told as single stories.
// Here: one file per subject, the desk they share, samples of real answers; random histories in PoolSimulation.
// Not here: sockets, clocks, the store. Imports Testing and ORKit.

import Testing

@testable import ORKit

/// An engine on a desk: the clock is moved by hand, chance comes from a seed,
/// and what the engine wants done is collected.
struct EngineDesk {
    var engine: Engine
    var rng = SeededGenerator(seed: 1)
    var now = Now(monotonic: 0, wall: WallTime(rfc3339: "2026-11-21T12:00:00Z")!)
    var effects: [Effect] = []

    static let model = "v/m"

    init(
        keys count: Int, strategy: Strategy = .sticky, settings: EngineSettings = EngineSettings(),
        _ change: (inout KeyRecord) -> Void = { _ in }
    ) {
        var settings = settings
        settings.strategy = strategy
        engine = Engine(settings: settings)
        guard count > 0 else { return }
        effects = engine.apply(.add((1...count).map { Self.record($0, change) }), at: now)
    }

    static func record(_ id: Int, _ change: (inout KeyRecord) -> Void = { _ in }) -> KeyRecord {
        var record = KeyRecord(
            id: KeyID(Int64(id)), secret: Secret("key-\(id)".utf8), provider: "openrouter", account: nil,
            weight: 1,
            enabled: true, facts: KeyFacts())
        change(&record)
        return record
    }

    mutating func wait(seconds: Double) {
        now.monotonic += Int64(seconds * 1e9)
        now.wall = now.wall.advanced(byMilliseconds: Int64(seconds * 1000))
    }

    /// What became of a request, and the keys it was tried on, in order.
    struct Course {
        var keys: [Int] = []
        var choices: [Choice] = []
        var pauses: [Int64] = []
        var refusal: Refusal?
        var isServed: Bool { refusal == nil }
    }

    /// What an upstream answers.
    enum Reply {
        case ok
        case status(Int, String = "", retryAfter: String? = nil)
        case transport(TransportFailure)
        case heard(Heard)
    }

    /// One request from begin to end; `answer` is asked once per attempt.
    @discardableResult
    mutating func request(
        _ model: String? = EngineDesk.model, replayable: Bool = true, pool: PoolID = .first,
        _ answer: (Int) -> Reply = { _ in .ok }
    ) -> Course {
        var course = Course()
        let ask = Ask(client: .anonymous, model: model, replayable: replayable, pool: pool)
        var allowance = Allowance()
        guard case .lease(var lease) = begin(ask, &course) else { return course }
        while true {
            course.keys.append(Int(lease.key.raw))
            course.choices.append(lease.choice)
            let next = engine.heard(
                lease, verdict(answer(Int(lease.key.raw)), model), ask: ask, allowance: &allowance,
                replayable: replayable, at: now,
                using: &rng, effects: &effects)
            switch next {
            case .relay:
                engine.end(
                    lease, Outcome(end: .complete, usage: nil, headMilliseconds: 10), at: now,
                    effects: &effects)
                return course
            case .again(let other, let pause):
                course.pauses.append(pause)
                wait(seconds: Double(pause) / 1000)
                lease = other
            case .refuse(let refusal):
                course.refusal = refusal
                return course
            }
        }
    }

    private mutating func begin(_ ask: Ask, _ course: inout Course) -> Begin {
        let begin = engine.begin(ask, at: now, using: &rng)
        if case .refuse(let refusal) = begin { course.refusal = refusal }
        return begin
    }

    mutating func lease(_ model: String? = EngineDesk.model) throws -> Lease {
        guard
            case .lease(let lease) = engine.begin(Ask(client: .anonymous, model: model), at: now, using: &rng)
        else {
            throw Refused()
        }
        return lease
    }

    struct Refused: Error {}

    /// What a lease heard, of a request that is not sent again.
    mutating func hear(_ lease: Lease, _ verdict: Verdict) {
        var allowance = Allowance()
        _ = engine.heard(
            lease, verdict, ask: Ask(client: .anonymous, model: lease.model), allowance: &allowance,
            replayable: false, at: now, using: &rng, effects: &effects)
    }

    mutating func end(
        _ lease: Lease, _ end: Outcome.End = .complete, usage: Usage? = nil, head: Double? = nil,
        listed: Money? = nil
    ) {
        var outcome = Outcome(end: end, usage: usage, headMilliseconds: head)
        outcome.listed = listed
        engine.end(lease, outcome, at: now, effects: &effects)
    }

    mutating func apply(_ change: PoolChange) { effects += engine.apply(change, at: now) }

    @discardableResult
    mutating func tick() -> WallTime? { engine.tick(at: now, effects: &effects) }

    func state(_ key: Int) -> KeyState? { engine.standing(of: KeyID(Int64(key)), at: now)?.state }

    func facts(_ key: Int) throws -> KeyFacts {
        try #require(engine.standing(of: KeyID(Int64(key)), at: now)).facts
    }

    /// Seconds until the key's only rest ends.
    func restLeft(_ key: Int) throws -> Double {
        let rest = try #require(try facts(key).rests.first)
        return Double(try #require(rest.untilMilliseconds) - now.wall.milliseconds) / 1000
    }

    var transitions: [Transition] {
        effects.compactMap { if case .transition(let transition) = $0 { transition } else { nil } }
    }

    var kept: [KeyID] { effects.compactMap { if case .keepFacts(let key, _) = $0 { key } else { nil } } }

    /// Verdicts of real answers.
    func verdict(_ status: Int, _ body: String = "", retryAfter: String? = nil, model: String? = model)
        -> Verdict
    {
        Classifier.classify(
            UpstreamAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8), model: model),
            at: now)
    }

    private func verdict(_ reply: Reply, _ model: String?) -> Verdict {
        switch reply {
        case .ok: .ok
        case .status(let status, let body, let retryAfter):
            verdict(status, body, retryAfter: retryAfter, model: model)
        case .transport(let failure): Classifier.classify(transport: failure)
        case .heard(let heard): Classifier.classify(heard, at: now)
        }
    }

    static let keyLimit = #"{"error":{"code":403,"message":"Key limit exceeded (total limit)."}}"#
    static let upstreamLimit =
        #"{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"P"}}}"#
    static let freeDaily =
        #"{"error":{"code":429,"message":"x","metadata":{"limit_source":"openrouter_free_tier_daily"}}}"#
}
