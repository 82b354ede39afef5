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

    mutating func remove(_ place: Int) {
        withdraw(place)
        base.remove(place)
        for i in views.indices { views[i].order.remove(place) }
        wakes.remove(place)
        trials.remove(place)
        suspects.remove(place)
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
        generation += 1
        let before = slots[place].state
        let condition = slots[place].condition(at: now)
        let id = slots[place].id.raw
        slots[place].state = condition.state
        tally[before.index] -= 1
        tally[condition.state.index] += 1
        withdraw(place)
        deposit(place, at: now)
        if condition.isOpen { enter(place) } else { leave(place) }
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
        return (before, condition)
    }

    private mutating func enter(_ place: Int) {
        let (stamp, id, weight) = (slots[place].stamp, slots[place].id.raw, slots[place].weight)
        base.set(place, stamp: stamp, id: id, weight: weight)
        for i in views.indices {
            if slots[place].restingModels.contains(where: { views[i].excludes($0) }) {
                views[i].order.remove(place)
            } else {
                views[i].order.set(place, stamp: stamp, id: id, weight: weight)
            }
        }
    }

    private mutating func leave(_ place: Int) {
        base.remove(place)
        for i in views.indices { views[i].order.remove(place) }
        if current == place { current = nil }
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
        switch strategy {
        case .sticky: current = base.contains(place) ? place : current
        case .lru, .roundRobin: restamp(place, nextStamp(at: now))
        case .leastUsed: restamp(place, slots[place].facts.counters.attempts)
        case .weighted, .random: break
        }
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
        case .roundRobin, .weighted, .random: return 0
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
        if base.count > 0 { return true }
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
