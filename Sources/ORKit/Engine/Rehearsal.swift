/// What the pool would do with a request at one moment, and what keeps its
/// keys from it: made by `Engine.rehearse`, then filled by `Engine.count`.
public struct Rehearsal: Sendable {
    /// The keys of one pool of the plan.
    public struct Group: Sendable {
        public let pool: PoolID
        public let strategy: Strategy
        /// What would choose instead: the request's own, or the pool's.
        public let objective: Objective?
        /// Classes without a key are left out.
        public fileprivate(set) var candidates: [Candidacy: Int] = [:]

        public var count: Int { candidates.values.reduce(0, +) }
    }

    /// Of a key that chance would choose: its weight, and that of all keys
    /// among which the draw would be.
    public struct Odds: Sendable, Hashable {
        public let weight: Int
        public fileprivate(set) var of: Int
    }

    let ask: Ask
    let now: WallTime
    public var model: String? { ask.model }
    /// The key that would serve, and why; nil: none would.
    public let key: KeyID?
    public let choice: Choice?
    /// Of the key that would serve.
    public let pool: PoolID?
    /// Nil: chance has no part in it.
    public fileprivate(set) var odds: Odds?
    /// What stands before every key at present, with what proved it.
    public let gate: (refusal: Refusal, verdict: Verdict)?
    /// The pools that would be asked, in order.
    public fileprivate(set) var groups: [Group]

    private let rank: Int
    private var survey = Outlook.Survey()
    private var next = 0

    /// What the caller would be told when no key serves; right once all keys
    /// have been counted.
    public var refusal: Refusal? {
        guard key == nil else { return nil }
        return gate?.refusal ?? Refusal(Outlook(survey), at: now)
    }
}

extension Rehearsal {
    fileprivate init(_ engine: Engine, _ ask: Ask, _ next: (place: Int, choice: Choice)?, at now: WallTime) {
        self.ask = ask
        self.now = now
        let pool = engine.pool
        groups = pool.plan(ask.pool).map {
            Group(
                pool: pool.rosters[$0].record.id, strategy: pool.rosters[$0].strategy,
                objective: ask.objective ?? pool.rosters[$0].record.objective)
        }
        choice = next?.choice
        if let place = next?.place {
            key = pool.slots[place].id
            self.pool = pool.slots[place].pool
            rank = pool.slots[place].rank
            let roster = pool.rosters[pool.rosterPlace(pool.slots[place].pool)]
            odds =
                next?.choice.isDrawn == true
                ? Odds(weight: roster.oddsWeight(pool.slots[place]), of: 0) : nil
            gate = nil
        } else {
            (key, self.pool, rank, odds) = (nil, nil, 0, nil)
            gate = engine.gates.obstacle(ask, at: now).map { (Refusal($0, at: now), $0.verdict) }
        }
    }

    /// Counts the keys of so many places.
    ///
    /// - Returns: false when there are no more.
    fileprivate mutating func count(_ pool: Pool, places: Int) -> Bool {
        let restClass = ask.restClass
        let end = min(pool.slots.count, next + max(places, 0))
        for place in next..<max(next, end) where pool.slots[place].live {
            guard let group = groups.firstIndex(where: { $0.pool == pool.slots[place].pool }) else {
                continue
            }
            var candidacy = pool.slots[place].candidacy(for: ask.model, class: restClass, at: now)
            if pool.overspent(pool.slots[place].pool) != nil, candidacy.isNearer(than: .exhausted) {
                candidacy = .exhausted
            }
            groups[group].candidates[candidacy, default: 0] += 1
            pool.add(place, to: &survey, for: ask.model, class: restClass, at: now)
            if odds != nil, candidacy == .usable || candidacy == .scarce, pool.slots[place].pool == self.pool,
                pool.slots[place].rank == rank
            {
                let roster = pool.rosterPlace(pool.slots[place].pool)
                odds?.of += pool.rosters[roster].oddsWeight(pool.slots[place])
            }
        }
        next = max(next, end)
        return next < pool.slots.count
    }
}

extension Engine {
    /// What `begin` would do. It is done with a copy: nothing is leased, woken,
    /// drawn or remembered, and the next request is served as if nobody had
    /// asked. Where chance chooses for a model that many keys have begun to
    /// rest for, and no request has asked since, the draw may turn out
    /// otherwise. No key is counted yet.
    public func rehearse(_ ask: Ask, at now: Now, using rng: some RandomNumberGenerator) -> Rehearsal {
        var (copy, rng) = (self, rng)
        // An order of its own would be made for nothing; in the common one the first that fits is the same.
        for roster in copy.pool.rosters.indices { copy.pool.rosters[roster].mayAddViews = false }
        copy.wake(at: now.wall, limit: Self.wakesPerDecision)
        let next = copy.nextChoice(ask, attempt: 1, tried: [], avoiding: [], at: now.wall, using: &rng)
        return Rehearsal(copy, ask, next, at: now.wall)
    }

    /// Counts so many more keys of a rehearsal, so that whoever holds a lock
    /// holds it for a moment only. Keys that come meanwhile are counted as
    /// they are; all are looked at as of the rehearsal's moment.
    ///
    /// - Returns: false when all have been counted.
    public func count(_ rehearsal: inout Rehearsal, places: Int) -> Bool {
        rehearsal.count(pool, places: places)
    }
}

extension Roster {
    /// Evenly by `random`, else by what the strategy draws by.
    fileprivate func oddsWeight(_ slot: KeySlot) -> Int { strategy == .random ? 1 : drawnWeight(slot) }
}

extension Choice {
    /// Chance had a part in it.
    var isDrawn: Bool { [.weighted, .random, .health].contains(self) }
}
