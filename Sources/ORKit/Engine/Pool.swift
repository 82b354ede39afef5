/// All keys, whatever pool they are in, and what is asked about all of them:
/// who wakes next, who is to be checked, who shares an account. Who may serve
/// next is a matter of each pool's `Roster`.
///
/// `refresh` is the one place where indexes follow the facts.
struct Pool: Sendable {
    private let provider: String
    private(set) var strategy: Strategy
    var slots = SegmentedArray<KeySlot>()
    private var vacant: [Int] = []
    private var places = KeyPlaces()
    private(set) var accounts: [String: [Int]] = [:]

    /// At least one.
    var rosters: [Roster]
    /// For each of them, those that may serve its requests, in order.
    private var plans: [[Int]] = [[0]]
    /// Next moment at which a key may change by itself.
    private(set) var wakes = IndexedHeap()
    /// Suspect keys by the time of their next check.
    private(set) var suspects = IndexedHeap()
    /// Keys with a long stated rest that `GET /key` can tell about, by when to
    /// ask.
    private(set) var reports = IndexedHeap()
    var rounds: ReportRounds
    private let proofTimes: (first: Int64, longest: Int64)
    private var isAnyOverspent = false
    /// By place, of keys that have a quota.
    var meters = Meters()
    var dirtyMeters: [Int32] = []
    private var tally: [Int]
    private var dirty: [Int32] = []
    private var dirtyTaken = 0
    /// Rises when any key's condition changes; what was computed about the
    /// whole pool is valid for one value.
    private(set) var generation: Int64 = 0

    init(_ settings: EngineSettings) {
        provider = settings.provider
        strategy = settings.strategy
        proofTimes = (settings.firstProof, settings.longestProof)
        rounds = ReportRounds(every: settings.reportEvery)
        rosters = [Roster(PoolRecord(id: .first), settings, strategy: settings.strategy)]
        tally = Array(repeating: 0, count: KeyState.allCases.count)
    }

    var count: Int { places.count }

    func slot(of key: KeyID) -> Int? { places[key] }

    /// The place of a lease's key, if that key is still the one there.
    @inline(__always)
    func slot(of lease: Lease) -> Int? {
        guard lease.slot >= 0, lease.slot < slots.count, slots[lease.slot].live,
            slots[lease.slot].id == lease.key,
            slots[lease.slot].born <= lease.ticket
        else { return nil }
        return lease.slot
    }

    mutating func insert(_ record: KeyRecord, born: Int64, at now: WallTime) -> Int {
        var slot = KeySlot(record, served: record.provider == provider, born: born)
        let roster = rosterPlace(record.pool)
        slot.pool = rosters[roster].record.id
        slot.stamp = rosters[roster].initialStamp(slot)
        let place: Int
        if let free = vacant.popLast() {
            place = free
            slots[place] = slot
        } else {
            place = slots.count
            slots.append(slot)
        }
        places[record.id] = place
        if let account = record.account { accounts[account, default: []].append(place) }
        tally[slot.state.index] += 1
        rounds.follow(place, slot, told: record.toldAt, at: now)
        refresh(place, at: now)
        return place
    }

    mutating func remove(_ place: Int, at now: WallTime) {
        let roster = rosterPlace(slots[place].pool)
        rosters[roster].dismiss(place, in: &slots)
        wakes.remove(place)
        suspects.remove(place)
        reports.remove(place)
        rounds.leave(place)
        tally[slots[place].state.index] -= 1
        leaveAccount(place)
        places[slots[place].id] = nil
        slots[place].live = false
        slots[place].secret = Secret([])
        slots[place].facts = KeyFacts()
        slots[place].runs = []
        meters[place] = nil
        vacant.append(place)
        generation += 1
        keepFloor(of: roster, at: now)
    }

    mutating func moveAccount(_ place: Int, to account: String?) {
        leaveAccount(place)
        slots[place].account = account
        if let account { accounts[account, default: []].append(place) }
    }

    private mutating func leaveAccount(_ place: Int) {
        guard let account = slots[place].account else { return }
        accounts[account]?.removeAll { $0 == place }
        if accounts[account]?.isEmpty ?? false { accounts[account] = nil }
    }

    /// Makes every index agree with the key's facts at this moment.
    ///
    /// - Returns: the state before and the condition now.
    @discardableResult
    mutating func refresh(_ place: Int, at now: WallTime) -> (before: KeyState, now: KeyCondition) {
        let answer = reindex(place, at: now)
        keepFloor(place, at: now)
        return answer
    }

    @discardableResult
    private mutating func reindex(_ place: Int, at now: WallTime) -> (before: KeyState, now: KeyCondition) {
        generation += 1
        let before = slots[place].state
        let condition = slots[place].condition(at: now)
        let id = slots[place].id.raw
        let roster = rosterPlace(slots[place].pool)
        rosters[roster].admit(place, condition, in: &slots, at: now)
        slots[place].state = condition.state
        tally[before.index] -= 1
        tally[condition.state.index] += 1
        if let due = nextChange(place, condition, at: now) {
            wakes.set(place, stamp: due, id: id)
        } else {
            wakes.remove(place)
        }
        if let due = condition.checkDue {
            suspects.set(place, stamp: due, id: id)
        } else {
            suspects.remove(place)
        }
        if let due = reportDue(slots[place], at: now) {
            reports.set(place, stamp: due, id: id)
        } else {
            reports.remove(place)
        }
        return (before, condition)
    }

    private func reportDue(_ slot: KeySlot, at now: WallTime) -> Int64? {
        guard !slot.facts.rests.isEmpty, slot.enabled, slot.served, slot.facts.invalidSince == nil else {
            return nil
        }
        var due: Int64?
        for rest in slot.facts.rests where rest.isTold && rest.isActive(at: now) {
            guard let time = rest.proofDue(proofTimes.first, atMost: proofTimes.longest) else { continue }
            due = min(due ?? time, time)
        }
        return due
    }

    /// Brings what a guess keeps out back to what the floor allows.
    private mutating func keepFloor(_ place: Int, at now: WallTime) {
        let roster = rosterPlace(slots[place].pool)
        keepFloor(of: roster, at: now)
    }

    private mutating func keepFloor(of roster: Int, at now: WallTime) {
        while let (place, isSpared) = rosters[roster].misplaced {
            slots[place].isSpared = isSpared
            reindex(place, at: now)
        }
    }

    // What happens to a key, told to its roster

    @inline(__always)
    mutating func leased(_ place: Int, isAside: Bool, at now: WallTime) {
        markDirty(place)
        rosters[rosterPlace(slots[place].pool)].leased(place, isAside: isAside, in: &slots, at: now)
    }

    @inline(__always)
    mutating func returned(_ place: Int) {
        rosters[rosterPlace(slots[place].pool)].returned(place, in: &slots)
    }

    @inline(__always)
    mutating func used(_ place: Int, at now: WallTime) {
        rosters[rosterPlace(slots[place].pool)].used(place, in: &slots, at: now)
    }

    @inline(__always)
    mutating func judged(_ place: Int, isGood: Bool) {
        rosters[rosterPlace(slots[place].pool)].judged(place, isGood: isGood, in: &slots)
    }

    mutating func putLast(_ place: Int, at now: WallTime) {
        rosters[rosterPlace(slots[place].pool)].putLast(place, in: &slots, at: now)
    }

    /// Whether the key may serve requests of that pool at this moment, as the
    /// last resort at least. It may have been moved since it was leased.
    func mayServe(_ place: Int, _ pool: PoolID) -> Bool {
        let own = rosterPlace(slots[place].pool)
        return rosters[own].overspent == nil && plan(pool).contains(own)
            && (rosters[own].base.contains(place) || rosters[own].lastResort.contains(place))
    }

    // Pools

    /// The roster of a pool; of one that is not known, the first.
    @inline(__always)
    func rosterPlace(_ pool: PoolID) -> Int {
        if rosters[0].record.id == pool { return 0 }
        return rosters.firstIndex { $0.record.id == pool } ?? 0
    }

    /// The rosters that may serve a request of that pool, in order. None
    /// serves one of a pool that is gone: other pools' keys are not for it.
    func plan(_ pool: PoolID) -> [Int] {
        let place = rosterPlace(pool)
        return rosters[place].record.id == pool ? plans[place] : []
    }

    /// Those of the plan whose keys may serve.
    func openPlan(_ pool: PoolID) -> [Int] {
        let plan = plan(pool)
        return isAnyOverspent ? plan.filter { rosters[$0].overspent == nil } : plan
    }

    func overspent(_ pool: PoolID) -> Overspent? {
        isAnyOverspent ? rosters[rosterPlace(pool)].overspent : nil
    }

    /// - Returns: whether anything changed.
    mutating func setOverspent(_ overspent: Overspent?, of pool: PoolID) -> Bool {
        guard let place = rosters.firstIndex(where: { $0.record.id == pool }),
            rosters[place].overspent != overspent
        else { return false }
        rosters[place].overspent = overspent
        isAnyOverspent = rosters.contains { $0.overspent != nil }
        generation += 1
        return true
    }

    private mutating func planAll() { plans = rosters.indices.map(planned) }

    private func planned(_ roster: Int) -> [Int] {
        var plan = [roster]
        while let next = rosters[plan[plan.count - 1]].record.fallback {
            let place = rosterPlace(next)
            // A circle, or a pool that is gone.
            if plan.contains(place) || rosters[place].record.id != next { break }
            plan.append(place)
        }
        return plan
    }

    /// Adds a pool, or changes one.
    mutating func define(_ record: PoolRecord, _ settings: EngineSettings, at now: WallTime) {
        guard let known = rosters.firstIndex(where: { $0.record.id == record.id }) else {
            rosters.append(Roster(record, settings, strategy: strategy))
            planAll()
            return
        }
        rosters[known].record = record
        planAll()
        rosters[known].floorShare = record.floorShare ?? settings.floorShare
        let strategy = record.strategy ?? self.strategy
        if strategy != rosters[known].strategy { serve(strategy, known, at: now) }
        keepFloor(of: known, at: now)
        generation += 1
    }

    /// Removes a pool; its keys go to the first. That one stays.
    mutating func dissolve(_ pool: PoolID, at now: WallTime) {
        guard let known = rosters.firstIndex(where: { $0.record.id == pool }), known > 0 else { return }
        for place in slots.indices where slots[place].live && slots[place].pool == pool {
            move(place, to: rosters[0].record.id, at: now)
        }
        _ = setOverspent(nil, of: pool)
        rosters.remove(at: known)
        planAll()
        generation += 1
    }

    mutating func move(_ place: Int, to pool: PoolID, at now: WallTime) {
        let (old, new) = (rosterPlace(slots[place].pool), rosterPlace(pool))
        guard old != new else { return }
        rosters[old].dismiss(place, in: &slots)
        keepFloor(of: old, at: now)
        slots[place].pool = rosters[new].record.id
        slots[place].stamp = rosters[new].initialStamp(slots[place])
        refresh(place, at: now)
    }

    /// The strategy of all pools that have none of their own.
    mutating func serve(_ strategy: Strategy, at now: WallTime) {
        self.strategy = strategy
        for roster in rosters.indices where rosters[roster].record.strategy == nil {
            serve(strategy, roster, at: now)
        }
    }

    private mutating func serve(_ strategy: Strategy, _ roster: Int, at now: WallTime) {
        rosters[roster].serve(strategy)
        let pool = rosters[roster].record.id
        for place in slots.indices where slots[place].live && slots[place].pool == pool {
            slots[place].stamp = rosters[roster].initialStamp(slots[place])
            refresh(place, at: now)
        }
    }

    /// The floor of all pools that have none of their own.
    mutating func setFloor(_ share: Int, at now: WallTime) {
        for roster in rosters.indices where rosters[roster].record.floorShare == nil {
            rosters[roster].floorShare = share
            keepFloor(of: roster, at: now)
        }
    }

    /// What was last told is not known here: everybody's turn comes within
    /// half of the new interval.
    mutating func setReports(every interval: Int64, at now: WallTime) {
        rounds = ReportRounds(every: interval)
        for place in slots.indices where slots[place].live { rounds.follow(place, slots[place], at: now) }
    }

    @inline(__always)
    mutating func markDirty(_ place: Int) {
        guard !slots[place].isDirty else { return }
        slots[place].isDirty = true
        dirty.append(Int32(place))
    }

    mutating func takeDirty(limit: Int) -> [(KeyID, KeyFacts)] {
        var taken: [(KeyID, KeyFacts)] = []
        while taken.count < limit, dirtyTaken < dirty.count {
            let place = Int(dirty[dirtyTaken])
            dirtyTaken += 1
            guard slots[place].live, slots[place].isDirty else { continue }
            slots[place].isDirty = false
            taken.append((slots[place].id, slots[place].facts))
        }
        if dirtyTaken == dirty.count || dirtyTaken > 65_536 {
            dirty.removeFirst(dirtyTaken)
            dirtyTaken = 0
        }
        return taken
    }

    /// Whether a key may be leased for some model at least, at this moment.
    func isAnyOpen(at now: WallTime) -> Bool {
        // Time alone only opens keys: none in the order has closed meanwhile.
        if rosters.contains(where: { $0.openKeys > 0 }) { return true }
        return wakes.slots(upTo: now.milliseconds).contains { slots[$0].condition(at: now).isOpen }
    }

    /// Keys by state at this moment, whether or not anybody has looked since.
    func tally(at now: WallTime) -> [KeyState: Int] {
        var counts = tally
        for place in wakes.slots(upTo: now.milliseconds) {
            counts[slots[place].state.index] -= 1
            counts[slots[place].condition(at: now).state.index] += 1
        }
        return Dictionary(uniqueKeysWithValues: KeyState.allCases.map { ($0, counts[$0.index]) })
    }
}

extension KeyState {
    fileprivate var index: Int {
        switch self {
        case .usable: 0
        case .resting: 1
        case .exhausted: 2
        case .suspect: 3
        case .broken: 4
        case .invalid: 5
        case .disabled: 6
        }
    }
}
