/// Why no key can serve a request, taken over the whole pool, and when the
/// first will be back.
struct Outlook: Sendable {
    var code: ErrorCode
    var status: Int
    var earliest: WallTime?

    /// What was seen of the keys so far.
    struct Survey: Sendable {
        fileprivate var causes: Set<Cause> = []
        fileprivate var isAnyInvalid = false
        fileprivate var isAnyFree = false
        fileprivate var soonest: Int64?
    }

    init(_ pool: Pool, for ask: Ask, at now: WallTime) {
        var survey = Survey()
        let restClass = ask.restClass
        let pools = pool.plan(ask.pool).map { pool.rosters[$0].record.id }
        for place in pool.slots.indices
        where pool.slots[place].live && pools.contains(pool.slots[place].pool) {
            pool.add(place, to: &survey, for: ask.model, class: restClass, at: now)
        }
        self.init(survey)
    }

    init(_ survey: Survey) {
        let causes = survey.causes
        earliest = survey.soonest.map(WallTime.init(milliseconds:))
        code =
            causes.isEmpty && survey.isAnyFree
            ? .allKeysResting : Self.code(causes, isAnyInvalid: survey.isAnyInvalid)
        status = causes == [.rateLimited] ? 429 : 503
    }

    private static let spendings: Set<Cause> = [
        .creditsOut, .keyLimit, .inFlightBudget, .quotaSpent, .budgetSpent,
    ]

    /// What operators bound, as opposed to the upstream.
    private static let ours: Set<Cause> = [.quotaSpent, .budgetSpent]

    /// One cause gives its own word; a mixture says only that all rest.
    private static func code(_ causes: Set<Cause>, isAnyInvalid: Bool) -> ErrorCode {
        switch causes {
        case []: isAnyInvalid ? .keyRejected : .noUpstreamKey
        case [.creditsOut], [.inFlightBudget], [.creditsOut, .inFlightBudget]: .accountCreditsOut
        case [.keyLimit]: .keyLimitReached
        case [.creditsOut, .keyLimit], [.creditsOut, .keyLimit, .inFlightBudget]: .allKeysExhausted
        case [.rejected]: .keyRejected
        case let some where !some.isDisjoint(with: Self.ours) && some.isSubset(of: Self.spendings):
            .allKeysExhausted
        default: .allKeysResting
        }
    }
}

extension Pool {
    /// A key of a pool whose budget is spent serves nobody, whatever else is
    /// known of it.
    @inline(__always)
    func add(
        _ place: Int, to survey: inout Outlook.Survey, for model: String?, class restClass: String?,
        at now: WallTime
    ) {
        guard let overspent = overspent(slots[place].pool), slots[place].enabled, slots[place].served else {
            return slots[place].add(to: &survey, for: model, class: restClass, at: now)
        }
        survey.causes.insert(.budgetSpent)
        if let until = overspent.until?.milliseconds { survey.soonest = min(survey.soonest ?? until, until) }
    }
}

extension KeySlot {
    @inline(__always)
    fileprivate func add(
        to survey: inout Outlook.Survey, for model: String?, class restClass: String?, at now: WallTime
    ) {
        guard enabled, served else { return }
        if facts.invalidSince != nil {
            survey.isAnyInvalid = true
        } else if let hindrance = hindrance(for: model, class: restClass, at: now) {
            survey.causes.insert(hindrance.cause)
            if let until = hindrance.until?.milliseconds {
                survey.soonest = min(survey.soonest ?? until, until)
            }
        } else {
            survey.isAnyFree = true
        }
    }
}

/// Outlooks by model or class, valid while no key changes: with a whole pool
/// at rest, a refusal costs no walk over it. In a large pool, where a walk is
/// dear and keys change all the time, an outlook may be a second old.
struct OutlookCache: Sendable {
    private struct Entry: Sendable {
        var outlook: Outlook
        var generation: Int64
        var made: WallTime
    }

    private var known: [String: Entry] = [:]
    private static let capacity = 64
    private static let largePool = 1000

    mutating func outlook(
        _ name: String, of pool: Pool, at now: WallTime, else make: () -> Outlook
    ) -> Outlook {
        if let entry = known[name], entry.outlook.earliest.map({ $0 > now }) ?? true {
            let age = now.milliseconds(since: entry.made)
            let isYoung = pool.count > Self.largePool && (0..<1000).contains(age)
            if entry.generation == pool.generation || isYoung { return entry.outlook }
        }
        if known.count >= Self.capacity { known.removeAll() }
        let outlook = make()
        known[name] = Entry(outlook: outlook, generation: pool.generation, made: now)
        return outlook
    }
}

extension Refusal {
    init(_ outlook: Outlook, at now: WallTime) {
        self.init(
            code: outlook.code,
            retryAfterMilliseconds: outlook.earliest.map { max(1, $0.milliseconds(since: now)) },
            status: outlook.status)
    }
}

extension Engine {
    mutating func outlook(for ask: Ask, at now: WallTime) -> Refusal {
        let model = ask.model ?? Rest.noModel
        let isNamed = pool.rosters.contains { $0.restingCounts[model] != nil }
        let name = "\(ask.pool.raw) " + (isNamed ? model : ask.restClass ?? Rest.noModel)
        let pool = pool
        let outlook = outlooks.outlook(name, of: pool, at: now) { Outlook(pool, for: ask, at: now) }
        return Refusal(outlook, at: now)
    }

    /// The last word of a request that was tried: what stands in the way of
    /// the whole pool if nothing is left, else what the last answer said.
    mutating func refusal(after verdict: Verdict, _ ask: Ask, at now: WallTime) -> Refusal {
        if let obstacle = obstacle(for: ask, at: now) { return obstacle }
        let scopes: [FailureScope] = [.key, .modelAtKey, .modelAtAccount, .account]
        let isPoolMatter = verdict.remedy == .rotate && scopes.contains(verdict.scope)
        if isPoolMatter, !isAnyKeyFree(for: ask, at: now) { return outlook(for: ask, at: now) }
        return Refusal(verdict, at: now)
    }

    private mutating func isAnyKeyFree(for ask: Ask, at now: WallTime) -> Bool {
        func fits(_ place: Int) -> Bool { !pool.slots[place].rests(for: ask, at: now) }
        return pool.openPlan(ask.pool).contains { roster in
            guard let view = pool.order(for: ask, in: roster) else {
                return pool.rosters[roster].base.has(fits)
            }
            return pool.rosters[roster].views[view].order.has(fits)
        }
    }
}
