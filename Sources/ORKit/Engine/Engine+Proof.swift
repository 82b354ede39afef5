/// Signs of life before the stated end of a long rest (ruling 14): `GET /key`
/// where it can tell; else one caller's request at a time, for a rest of one
/// model alone, when another key could serve it and it can be sent once more.
extension Engine {
    func dueProof(_ ask: Ask, in roster: Int, attempt: Int, at now: WallTime) -> Int? {
        guard attempt == 1, ask.replayable, proof == nil, !pool.rosters[roster].proofs.isEmpty,
            ask.model != nil
        else { return nil }
        return pool.rosters[roster].proof(for: ask, in: pool.slots, at: now)
    }

    mutating func beginProof(_ place: Int, _ ask: Ask, at now: WallTime) {
        proof = sequence
        let restClass = ask.restClass
        for i in pool.slots[place].facts.rests.indices
        where pool.slots[place].facts.rests[i].scope == .modelAtKey
            && pool.slots[place].facts.rests[i].covers(ask.model, class: restClass)
        {
            pool.slots[place].facts.rests[i].noteProof(at: now)
        }
        pool.refresh(place, at: now)
        owed.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
    }

    /// It served: what was stated is over.
    mutating func endProof(_ place: Int, _ lease: Lease, at now: WallTime, effects: inout [Effect]) {
        let restClass = Ask(client: .anonymous, model: lease.model).restClass
        pool.slots[place].facts.rests.removeAll {
            $0.scope == .modelAtKey && $0.covers(lease.model, class: restClass)
        }
        keep(place, trigger: "served", evidence: nil, at: now, effects: &effects)
    }

    /// Keys of which `GET /key` may tell that a long stated rest is over. They
    /// stay due until `reported`.
    public func reportsDue(at now: Now, limit: Int) -> [KeyID] {
        let due = pool.reports.slots(upTo: now.wall.milliseconds, most: limit) { place in
            // What is over may not have been looked at yet.
            pool.slots[place].facts.rests.contains { $0.isTold && $0.isActive(at: now.wall) }
        }
        return due.map { pool.slots[$0].id }.sorted()
    }

    /// Keys whose turn on the schedule has come. They stay due until
    /// `reported`.
    public func roundsDue(at now: Now, limit: Int) -> [KeyID] {
        pool.rounds.due(at: now.wall, limit: limit).map { pool.slots[$0].id }.sorted()
    }

    /// What `GET /key` told, or that it told nothing: nil.
    public mutating func reported(_ key: KeyID, _ report: KeyReport?, at now: Now) -> [Effect] {
        var effects: [Effect] = []
        handOver(&effects)
        guard let place = pool.slot(of: key) else { return effects }
        pool.rounds.asked(place, pool.slots[place], isAnswered: report != nil, at: now.wall)
        for member in members(of: place) {
            let isMeant: (Rest) -> Bool = { $0.isTold && ($0.scope == .account || member == place) }
            guard pool.slots[member].facts.rests.contains(where: isMeant) else { continue }
            pool.slots[member].facts.rests.removeAll { rest in
                guard isMeant(rest) else { return false }
                return rest.scope == .account
                    ? report?.hasFreeRequestsLeft == true : report?.hasKeyLimitLeft == true
            }
            for i in pool.slots[member].facts.rests.indices where isMeant(pool.slots[member].facts.rests[i]) {
                pool.slots[member].facts.rests[i].noteProof(at: now.wall)
            }
            keep(member, trigger: "reported", evidence: nil, at: now.wall, effects: &effects)
        }
        return effects
    }
}

/// What `GET /key` says about limits, as far as rests are concerned.
public struct KeyReport: Sendable, Hashable {
    /// The key's own limit has something left, or it has none. Nil: not told.
    public var hasKeyLimitLeft: Bool?
    /// The account has free requests left today. Nil: not told.
    public var hasFreeRequestsLeft: Bool?

    public init(hasKeyLimitLeft: Bool? = nil, hasFreeRequestsLeft: Bool? = nil) {
        self.hasKeyLimitLeft = hasKeyLimitLeft
        self.hasFreeRequestsLeft = hasFreeRequestsLeft
    }
}
