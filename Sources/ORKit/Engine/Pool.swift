/// All keys, indexed for every question that the engine asks: who may serve
/// next, who wakes next, who shares an account.
///
/// A key is *open* when nothing but a rest of single models keeps it from
/// serving. Open keys lie in `base`, the strategy's order. A model or class
/// that many keys rest for gets an order of its own (`Pool+Views.swift`).
/// `refresh` is the one place where indexes follow the facts.
struct Pool: Sendable {
    private let provider: String
    private(set) var strategy: Strategy
    var slots = SegmentedArray<KeySlot>()
    private var vacant: [Int] = []
    private var places = KeyPlaces()
    private(set) var accounts: [String: [Int]] = [:]

    var base: Order
    var views: [ModelView] = []
    /// How many keys rest for a model or class, as last looked at.
    var restingCounts: [String: Int] = [:]
    /// Next moment at which a key may change by itself.
    private(set) var wakes = IndexedHeap()
    /// Broken keys whose trial is due.
    private(set) var trials = IndexedHeap()
    /// Suspect keys by the time of their next check.
    private(set) var suspects = IndexedHeap()
    /// Keys kept out by a guess, the latest first; those that the floor
    /// spares, the earliest first; and those of them that could serve.
    private(set) var guessedOut = IndexedHeap()
    private(set) var spared = IndexedHeap()
    private(set) var lastResort = IndexedHeap()
    /// Open keys with a long stated rest for some model, and keys with one
    /// that `GET /key` can tell about, by when to look.
    private(set) var proofs = IndexedHeap()
    private(set) var reports = IndexedHeap()
    private var proofTimes: (first: Int64, longest: Int64)
    /// Confirmed dead ones.
    private(set) var deadOut = 0
    /// Open ones, whether or not they are full.
    private var openKeys = 0
    /// Enabled, and of the provider that is served.
    private(set) var inService = 0
    /// Thousandths.
    var floorShare: Int
    private var tally: [Int]
    private var dirty: [Int32] = []
    private var dirtyTaken = 0
    /// The key that `sticky` stays on.
    var current: Int?
    /// Rises when any key's condition changes; what was computed about the
    /// whole pool is valid for one value.
    private(set) var generation: Int64 = 0
    private var lastStamp: Int64 = 0

    init(_ settings: EngineSettings) {
        provider = settings.provider
        strategy = settings.strategy
        floorShare = settings.floorShare
        proofTimes = (settings.firstProof, settings.longestProof)
        base = Order(settings.strategy)
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
        slot.stamp = initialStamp(slot)
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
        refresh(place, at: now)
        return place
    }

    mutating func remove(_ place: Int, at now: WallTime) {
        withdraw(place)
        base.remove(place)
        for i in views.indices { views[i].order.remove(place) }
        wakes.remove(place)
        trials.remove(place)
        suspects.remove(place)
        guessedOut.remove(place)
        spared.remove(place)
        lastResort.remove(place)
        proofs.remove(place)
        reports.remove(place)
        recount(place, isIn: false, isDead: false)
        openKeys -= slots[place].isOpen ? 1 : 0
        slots[place].isOpen = false
        tally[slots[place].state.index] -= 1
        leaveAccount(place)
        places[slots[place].id] = nil
        slots[place].live = false
        slots[place].secret = Secret([])
        slots[place].facts = KeyFacts()
        slots[place].runs = []
        vacant.append(place)
        if current == place { current = nil }
        generation += 1
        keepFloor(at: now)
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

    mutating func serve(_ strategy: Strategy, at now: WallTime) {
        self.strategy = strategy
        base = Order(strategy)
        views = []
        current = nil
        for place in slots.indices where slots[place].live {
            slots[place].stamp = initialStamp(slots[place])
            refresh(place, at: now)
        }
    }

    /// Makes every index agree with the key's facts at this moment.
    ///
    /// - Returns: the state before and the condition now.
    @discardableResult
    mutating func refresh(_ place: Int, at now: WallTime) -> (before: KeyState, now: KeyCondition) {
        let answer = reindex(place, at: now)
        keepFloor(at: now)
        return answer
    }

    @discardableResult
    private mutating func reindex(_ place: Int, at now: WallTime) -> (before: KeyState, now: KeyCondition) {
        generation += 1
        let before = slots[place].state
        let condition = slots[place].condition(at: now)
        let id = slots[place].id.raw
        slots[place].state = condition.state
        tally[before.index] -= 1
        tally[condition.state.index] += 1
        withdraw(place)
        deposit(place, at: now)
        openKeys += (condition.isOpen ? 1 : 0) - (slots[place].isOpen ? 1 : 0)
        slots[place].isOpen = condition.isOpen
        if condition.isOpen, !slots[place].isFull { enter(place) } else { leave(place) }
        if let due = condition.nextChange {
            wakes.set(place, stamp: due, id: id)
        } else {
            wakes.remove(place)
        }
        if condition.isTrialDue { trials.set(place, stamp: 0, id: id) } else { trials.remove(place) }
        if let due = condition.checkDue {
            suspects.set(place, stamp: due, id: id)
        } else {
            suspects.remove(place)
        }
        doubt(place, condition)
        lookAhead(place, condition, at: now)
        return (before, condition)
    }

    /// The indexes of signs of life.
    private mutating func lookAhead(_ place: Int, _ condition: KeyCondition, at now: WallTime) {
        var (proof, report): (Int64?, Int64?)
        if !slots[place].facts.rests.isEmpty, slots[place].enabled, slots[place].served {
            for rest in slots[place].facts.rests where rest.isActive(at: now) {
                guard let due = rest.proofDue(proofTimes.first, atMost: proofTimes.longest) else { continue }
                if rest.scope == .modelAtKey {
                    if condition.isOpen { proof = min(proof ?? due, due) }
                } else if rest.isTold {
                    report = min(report ?? due, due)
                }
            }
        }
        let id = slots[place].id.raw
        if let proof { proofs.set(place, stamp: proof, id: id) } else { proofs.remove(place) }
        if let report { reports.set(place, stamp: report, id: id) } else { reports.remove(place) }
    }

    /// An open key that rests for exactly this model, and may show that it
    /// need not.
    func proof(for ask: Ask, at now: WallTime) -> Int? {
        let restClass = ask.restClass
        return proofs.first(upTo: now.milliseconds, looking: 8) { place in
            guard !slots[place].isFull else { return false }
            let covering = slots[place].facts.rests.filter {
                $0.isActive(at: now) && $0.covers(ask.model, class: restClass)
            }
            return !covering.isEmpty
                && covering.allSatisfy { rest in
                    rest.scope == .modelAtKey
                        && rest.proofDue(proofTimes.first, atMost: proofTimes.longest)
                            .map { $0 <= now.milliseconds } ?? false
                }
        }
    }

    /// The indexes of the floor.
    private mutating func doubt(_ place: Int, _ condition: KeyCondition) {
        let slot = slots[place]
        let isIn = slot.enabled && slot.served
        recount(place, isIn: isIn, isDead: isIn && slot.facts.invalidSince != nil)
        guard condition.isGuessedOut else {
            guard slot.isSpared || guessedOut.contains(place) else { return }
            slots[place].isSpared = false
            guessedOut.remove(place)
            spared.remove(place)
            lastResort.remove(place)
            return
        }
        let since = (slot.facts.brokenSince ?? slot.facts.suspectSince)?.milliseconds ?? 0
        let id = slot.id.raw
        if slot.isSpared {
            guessedOut.remove(place)
            spared.set(place, stamp: since, id: id)
        } else {
            spared.remove(place)
            guessedOut.set(place, stamp: since == .min ? .max : -since, id: -id)
        }
        if slot.isSpared, condition.isLastResort {
            if !lastResort.contains(place) { lastResort.set(place, stamp: slot.stamp, id: id) }
        } else {
            lastResort.remove(place)
        }
    }

    private mutating func recount(_ place: Int, isIn: Bool, isDead: Bool) {
        inService += (isIn ? 1 : 0) - (slots[place].isCounted ? 1 : 0)
        deadOut += (isDead ? 1 : 0) - (slots[place].isCountedDead ? 1 : 0)
        slots[place].isCounted = isIn
        slots[place].isCountedDead = isDead
    }

    /// Brings the keys that a guess keeps out back to what the floor allows:
    /// the latest are spared first. Confirmed dead ones count, and stay out.
    private mutating func keepFloor(at now: WallTime) {
        while guessedOut.count + deadOut > allowedOut, let latest = guessedOut.minimum {
            slots[Int(latest.slot)].isSpared = true
            reindex(Int(latest.slot), at: now)
        }
        while guessedOut.count + deadOut < allowedOut, let earliest = spared.minimum {
            slots[Int(earliest.slot)].isSpared = false
            reindex(Int(earliest.slot), at: now)
        }
    }

    /// How many keys automation may keep out.
    private var allowedOut: Int {
        let (product, overflow) = inService.multipliedReportingOverflow(by: floorShare)
        return max(0, min(overflow ? inService : product / 1000, inService - 1))
    }

    private mutating func enter(_ place: Int) {
        let (stamp, id, weight) = (slots[place].stamp, slots[place].id.raw, drawnWeight(place))
        let priority = slots[place].priority
        base.set(place, stamp: stamp, id: id, weight: weight, priority: priority)
        for i in views.indices {
            if slots[place].restingModels.contains(where: { views[i].excludes($0) }) {
                views[i].order.remove(place)
            } else {
                views[i].order.set(place, stamp: stamp, id: id, weight: weight, priority: priority)
            }
        }
    }

    private mutating func leave(_ place: Int) {
        base.remove(place)
        for i in views.indices { views[i].order.remove(place) }
        // A key that is only full has not lost those who stay on it.
        if current == place, !slots[place].isOpen { current = nil }
    }

    func drawnWeight(_ place: Int) -> Int {
        strategy == .health ? slots[place].healthyWeight : slots[place].weight
    }

    /// A lease was given back.
    @inline(__always)
    mutating func returned(_ place: Int) {
        let wasFull = slots[place].isFull
        slots[place].inFlight = max(0, slots[place].inFlight - 1)
        if wasFull, !slots[place].isFull, slots[place].isOpen { enter(place) }
    }

    /// How an answer went, for those who draw by health.
    mutating func judged(_ place: Int, isGood: Bool) {
        let health = slots[place].health
        slots[place].health = isGood ? health + (1007 - health) / 8 : health - (health + 7) / 8
        guard strategy == .health, slots[place].isOpen else { return }
        base.reweigh(place, drawnWeight(place))
        for i in views.indices { views[i].order.reweigh(place, drawnWeight(place)) }
    }

    /// Moves the key in the strategy's order.
    @inline(__always)
    private mutating func restamp(_ place: Int, _ stamp: Int64) {
        slots[place].stamp = stamp
        let id = slots[place].id.raw
        base.restamp(place, stamp, id: id)
        for i in views.indices { views[i].order.restamp(place, stamp, id: id) }
    }

    /// The key was leased.
    @inline(__always)
    mutating func leased(_ place: Int, at now: WallTime) {
        slots[place].facts.counters.attempts += 1
        slots[place].inFlight += 1
        markDirty(place)
        defer { if slots[place].isFull { leave(place) } }
        if slots[place].isSpared {
            guard lastResort.contains(place) else { return }
            lastResort.set(place, stamp: nextStamp(at: now), id: slots[place].id.raw)
            return
        }
        switch strategy {
        case .sticky:
            let isStayedOn = current.map { $0 != place && slots[$0].isOpen && slots[$0].isFull } ?? false
            if slots[place].isOpen, !isStayedOn { current = place }
        case .lru, .roundRobin: restamp(place, nextStamp(at: now))
        case .leastUsed: restamp(place, slots[place].facts.counters.attempts)
        case .weighted, .random, .health: break
        }
    }

    /// The key is the last to be chosen for now.
    mutating func putLast(_ place: Int, at now: WallTime) {
        if current == place { current = nil }
        if strategy != .leastUsed { restamp(place, nextStamp(at: now)) }
    }

    /// The key succeeded.
    @inline(__always)
    mutating func used(_ place: Int, at now: WallTime) {
        slots[place].facts.lastUsedAt = now
        if strategy == .sticky || strategy == .lru { restamp(place, nextStamp(at: now)) }
    }

    /// Milliseconds with room for 4,096 places in each, never twice the same.
    private mutating func nextStamp(at now: WallTime) -> Int64 {
        lastStamp = max(lastStamp + 1, Self.stamp(now))
        return lastStamp
    }

    private static func stamp(_ time: WallTime) -> Int64 { min(max(time.milliseconds, 0), 1 << 50) << 12 }

    private mutating func initialStamp(_ slot: KeySlot) -> Int64 {
        switch strategy {
        case .sticky, .lru:
            let stamp = slot.facts.lastUsedAt.map(Self.stamp) ?? 0
            lastStamp = max(lastStamp, stamp)
            return stamp
        case .leastUsed: return slot.facts.counters.attempts
        case .roundRobin, .weighted, .random, .health: return 0
        }
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
        if openKeys > 0 { return true }
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
