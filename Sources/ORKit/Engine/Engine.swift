/// The pool of keys and every decision about it: the facade that the daemon
/// holds behind one mutex.
///
/// Pure: time and chance are arguments, wishes to the outside are effects.
/// One request is `begin`, then `heard` for each answer until it says `relay`
/// or `refuse`, then `end` for what was relayed.
public struct Engine: Sendable {
    public private(set) var settings: EngineSettings
    var pool: Pool
    var witnesses = Witnesses()
    /// Keys with a failure run; while there are none, successes are no news.
    var openRuns = 0
    /// Orders leases and events; rises only.
    var sequence: Int64 = 0
    var trialsRunning = 0
    /// Tickets of relayed answers that prove nothing, such as a 400.
    private var plainRelays: Set<Int64> = []
    /// Effects of wake-ups in `begin`, handed over at the next occasion.
    var owed: [Effect] = []
    var credentials = RecentSuccesses()
    var outlooks = OutlookCache()
    var gates = Gates()
    var bursts = Bursts()
    /// Ticket of the request that looks for a sign of life; one at a time.
    var proof: Int64?
    var queue = FairQueue()

    /// Wake-ups done in one decision (ruling 16) besides the one that may be
    /// kept for the key that serves; the others wait for the next.
    static let wakesPerDecision = 31
    private static let wakesPerTick = 256

    public init(settings: EngineSettings) {
        self.settings = settings
        pool = Pool(settings)
        queue.settings = settings.queue
    }

    public var strategy: Strategy { pool.strategy }

    /// Takes over bounds that an operator changed; what rests already keeps
    /// its end. Provider and strategy stay: a strategy has a change of its
    /// own, `PoolChange.strategy`.
    public mutating func adopt(_ other: EngineSettings, at now: Now) {
        let (provider, strategy) = (settings.provider, settings.strategy)
        if other.reportEvery != settings.reportEvery {
            pool.setReports(every: other.reportEvery, at: now.wall)
        }
        settings = other
        settings.provider = provider
        settings.strategy = strategy
        pool.setFloor(settings.floorShare, at: now.wall)
        queue.settings = settings.queue
    }

    /// Whether some pool leads a conversation back to its key: all strategies
    /// but `sticky` do (ruling 16), unless an objective takes their place.
    public var leadsConversations: Bool {
        pool.rosters.indices.contains {
            pool.rosters[$0].strategy != .sticky && pool.rosters[$0].record.objective == nil
        }
    }

    /// Whether some pool chooses by what keys cost, so that it has to be learnt.
    public var weighsCost: Bool {
        pool.rosters.indices.contains { pool.rosters[$0].record.objective?[.cost] ?? 0 > 0 }
    }

    /// Keys held, whatever their state.
    public var count: Int { pool.count }

    /// Chooses a key for a request's first attempt, or says why there is none
    /// and when the first will be back.
    public mutating func begin(
        _ ask: Ask, at now: Now, using rng: inout some RandomNumberGenerator
    ) -> Begin {
        wake(at: now.wall, limit: Self.wakesPerDecision)
        // Nobody overtakes those who wait for the same.
        if queue.isEmpty || !queue.holds(like: ask),
            let lease = nextLease(ask, attempt: 1, tried: [], avoiding: [], at: now.wall, using: &rng)
        {
            return .lease(lease)
        }
        return .refuse(refusal(for: ask, at: now.wall))
    }

    /// The answer's verdict. A good or request-scoped one is relayed and the
    /// lease stays until `end`. Any other marks what it proves, gives the
    /// lease back, and says what the request does next.
    ///
    /// - Parameter replayable: whether the request can be sent once more: its
    ///   body is still here and no byte of an answer has reached the caller.
    public mutating func heard(
        _ lease: Lease, _ verdict: Verdict, ask: Ask, allowance: inout Allowance, replayable: Bool,
        at now: Now,
        using rng: inout some RandomNumberGenerator, effects: inout [Effect]
    ) -> Next {
        handOver(&effects)
        if verdict.remedy == .relay {
            if verdict.cause == .ok {
                noteGood(lease, ask)
            } else {
                plainRelays.insert(lease.ticket)
                if !gates.isIdle { gates.answered(lease.ticket) }
            }
            return .relay
        }
        if let account = verdict.account, let place = pool.slot(of: lease),
            lease.ticket > pool.slots[place].secretSince
        {
            learn(account, place, at: now.wall, effects: &effects)
        }
        let promotion = promotion(of: lease, verdict, at: now.wall)
        noteShared(lease, verdict, at: now.wall)
        let place = giveBack(lease)
        if let place {
            // In an incident nothing is guessed about keys; what is stated holds.
            if promotion == nil || (verdict.cause != .rejected && isStated(verdict, at: now.wall)) {
                mark(place, lease, verdict, at: now.wall, effects: &effects)
            }
            allowance.note(lease.key, of: pool.slots[place].account, verdict)
        } else {
            allowance.note(lease.key, of: nil, verdict)
        }
        if allowance.deadline == nil {
            let (end, overflow) = now.monotonic.addingReportingOverflow(settings.longestRequest * 1_000_000)
            allowance.deadline = overflow ? .max : end
        }
        wake(at: now.wall, limit: Self.wakesPerDecision)
        let next =
            if let promotion {
                another(
                    behind: promotion, after: lease, verdict, ask, allowance, replayable: replayable, at: now,
                    using: &rng)
            } else if replayable {
                another(after: lease, at: place, verdict, ask, &allowance, at: now, using: &rng)
            } else {
                Next?.none
            }
        if let next { return next }
        var refusal = refusal(after: verdict, ask, at: now.wall)
        refusal.mayWait = replayable && verdict.remedy == .rotate && mayWait(ask, refusal)
        return .refuse(refusal)
    }

    /// Gives back a relayed lease and counts how it went.
    public mutating func end(_ lease: Lease, _ outcome: Outcome, at now: Now, effects: inout [Effect]) {
        handOver(&effects)
        let isPlain = !plainRelays.isEmpty && plainRelays.remove(lease.ticket) != nil
        if let place = giveBack(lease) {
            if let usage = outcome.usage {
                pool.slots[place].facts.counters.add(usage)
                if pool.slots[place].isMetered {
                    meterTokens(place, usage.total, at: now.wall, effects: &effects)
                }
            }
            switch outcome.end {
            case .complete where !isPlain: succeed(place, lease, outcome, at: now.wall, effects: &effects)
            case .broken(let verdict):
                if verdict.scope != .request { noteBreak(place) }
                mark(place, lease, verdict, at: now.wall, effects: &effects)
            case .complete, .abandoned: break
            }
        }
    }

    /// A change from outside: an operator's, or the load at start.
    public mutating func apply(_ change: PoolChange, at now: Now) -> [Effect] {
        var effects: [Effect] = []
        handOver(&effects)
        switch change {
        case .add(let records): for record in records { add(record, at: now.wall, effects: &effects) }
        case .update(let record, let trigger): update(record, trigger, at: now.wall, effects: &effects)
        case .remove(let key): remove(key, at: now.wall, effects: &effects)
        case .reset(let key, let trigger): reset(key, trigger, at: now.wall, effects: &effects)
        case .restore(let key, let facts, let trigger):
            restore(key, facts, trigger, at: now.wall, effects: &effects)
        case .undo(let key, let mark, let trigger):
            undo(mark, of: key, trigger, at: now.wall, effects: &effects)
        case .giveUp(let key, let evidence, let trigger):
            giveUp(key, trigger, because: evidence, at: now.wall, effects: &effects)
        case .strategy(let strategy): pool.serve(strategy, at: now.wall)
        case .pool(let record): pool.define(record, settings, at: now.wall)
        case .removePool(let id): pool.dissolve(id, at: now.wall)
        }
        return effects
    }

    /// Brings back what is due, without traffic, a bounded number at a time.
    ///
    /// - Returns: when to call again at the latest: `now` if more is due; nil
    ///   if nothing is waiting.
    public mutating func tick(at now: Now, effects: inout [Effect]) -> WallTime? {
        wake(at: now.wall, limit: Self.wakesPerTick)
        handOver(&effects)
        var next = pool.wakes.minimum?.stamp
        if let check = pool.suspects.minimum?.stamp, check > now.wall.milliseconds {
            next = min(next ?? check, check)
        }
        return next.map { WallTime(milliseconds: max($0, now.wall.milliseconds)) }
    }

    /// Facts changed since they were last taken, at most `limit` keys: for a
    /// lazy flush. What must not wait comes as `Effect.keepFacts`.
    public mutating func takeDirty(limit: Int) -> [(KeyID, KeyFacts)] { pool.takeDirty(limit: limit) }

    /// Suspect keys whose check by `GET /key` is due. They stay due until
    /// `checked` or `postponeCheck`.
    public func suspects(at now: Now, limit: Int = .max) -> [KeyID] {
        pool.suspects.slots(upTo: now.wall.milliseconds, most: limit).map { pool.slots[$0].id }.sorted()
    }

    /// The key as it stands at this moment, also if nothing has woken it yet.
    public func standing(of key: KeyID, at now: Now) -> KeyStanding? {
        guard let place = pool.slot(of: key) else { return nil }
        let condition = pool.slots[place].condition(at: now.wall)
        let meter = pool.meters[place]
        return KeyStanding(
            id: key, state: condition.state, until: condition.until, because: condition.because,
            evidence: condition.evidence, inFlight: pool.slots[place].inFlight,
            facts: pool.slots[place].facts,
            quota: meter?.quota, use: meter?.use)
    }

    /// How many keys are in each state at this moment; every state is present.
    public func tally(at now: Now) -> [KeyState: Int] { pool.tally(at: now.wall) }

    /// Takes the lease out of the books.
    ///
    /// - Returns: the key's place; nil when it was removed meanwhile.
    private mutating func giveBack(_ lease: Lease) -> Int? {
        if lease.choice == .trial { trialsRunning = max(0, trialsRunning - 1) }
        if !gates.closed.isEmpty { gates.leave(lease.ticket) }
        if proof == lease.ticket { proof = nil }
        guard let place = pool.slot(of: lease) else { return nil }
        pool.returned(place)
        if lease.choice == .trial { pool.slots[place].isTrialRunning = false }
        pool.markDirty(place)
        return place
    }

    /// Comes before what a decision adds itself: of two facts about one key
    /// the later must be the one that stays.
    mutating func handOver(_ effects: inout [Effect]) {
        guard !owed.isEmpty else { return }
        effects += owed
        owed.removeAll(keepingCapacity: true)
    }
}

extension KeyCounters {
    fileprivate mutating func add(_ usage: Usage) {
        promptTokens = promptTokens.addingClamped(usage.prompt)
        completionTokens = completionTokens.addingClamped(usage.completion)
        costPico = costPico.addingClamped(usage.cost?.pico ?? 0)
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
