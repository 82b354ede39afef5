// Roster: the keys of one pool, indexed for choosing among them.
// Here: orders, views, the floor, trials, signs of life, the way from a conversation to its key.
// Not here: the keys themselves and what belongs to all pools (Pool). Imports nothing.

/// The keys of one pool, by what may be chosen: who may serve next, who has a
/// trial due, whom the floor spares.
///
/// A key is *open* when nothing but a rest of single models keeps it from
/// serving. Open keys with room lie in `base`, the strategy's order. A model or
/// class that many keys rest for gets an order of its own
/// (`Roster+Views.swift`).
struct Roster: Sendable {
    typealias Slots = SegmentedArray<KeySlot>

    var record: PoolRecord
    /// The pool's budget is spent: its keys serve nobody.
    var overspent: Overspent?
    private(set) var strategy: Strategy
    let proofTimes: (first: Int64, longest: Int64)

    private(set) var base: Order
    var views: [ModelView] = []
    /// Making one is a walk over all keys.
    var mayAddViews = true
    /// How many keys rest for a model or class, as last looked at.
    var restingCounts: [String: Int] = [:]
    /// Broken keys whose trial is due.
    private(set) var trials = IndexedHeap()
    /// Open keys with a long stated rest for some model, by when to look.
    private(set) var proofs = IndexedHeap()
    /// The key that `sticky` stays on.
    private(set) var current: Int?
    /// Open ones, whether or not they are full.
    private(set) var openKeys = 0
    /// The others, by state.
    private(set) var closed = ClosedKeys()
    private var lastStamp: Int64 = 0
    /// Places that did well for an objective; whoever looks at them checks.
    private(set) var remembered: [Int32] = []

    /// Keys kept out by a guess, the latest first; those that the floor
    /// spares, the earliest first; and those of them that could serve.
    var guessedOut = IndexedHeap()
    var spared = IndexedHeap()
    var lastResort = IndexedHeap()
    /// Confirmed dead ones.
    var deadOut = 0
    /// Enabled, and of the provider that is served.
    var inService = 0
    /// Thousandths.
    var floorShare: Int

    init(_ record: PoolRecord, _ settings: EngineSettings, strategy: Strategy) {
        self.record = record
        self.strategy = record.strategy ?? strategy
        floorShare = record.floorShare ?? settings.floorShare
        proofTimes = (settings.firstProof, settings.longestProof)
        base = Order(self.strategy)
    }

    /// Begins anew with another strategy; every key has to be admitted again.
    mutating func serve(_ strategy: Strategy) {
        self.strategy = strategy
        base = Order(strategy)
        views = []
        current = nil
    }

    /// Makes the indexes agree with what the key's facts amount to.
    mutating func admit(_ place: Int, _ condition: KeyCondition, in slots: inout Slots, at now: WallTime) {
        withdraw(place, in: &slots)
        deposit(place, in: &slots, at: now)
        openKeys += (condition.isOpen ? 1 : 0) - (slots[place].isOpen ? 1 : 0)
        slots[place].isOpen = condition.isOpen
        countClosed(place, as: condition.isOpen ? nil : condition.state, in: &slots)
        if condition.isOpen, !slots[place].isFull { enter(place, in: slots) } else { leave(place, in: slots) }
        let id = slots[place].id.raw
        if condition.isTrialDue { trials.set(place, stamp: 0, id: id) } else { trials.remove(place) }
        doubt(place, condition, in: &slots)
        let proof = condition.isOpen ? proofDue(slots[place], at: now) : nil
        if let proof { proofs.set(place, stamp: proof, id: id) } else { proofs.remove(place) }
    }

    /// The key goes, or moves to another pool.
    mutating func dismiss(_ place: Int, in slots: inout Slots) {
        withdraw(place, in: &slots)
        openKeys -= slots[place].isOpen ? 1 : 0
        slots[place].isOpen = false
        countClosed(place, as: nil, in: &slots)
        leave(place, in: slots)
        trials.remove(place)
        proofs.remove(place)
        guessedOut.remove(place)
        spared.remove(place)
        lastResort.remove(place)
        recount(place, isIn: false, isDead: false, in: &slots)
        slots[place].isSpared = false
    }

    private mutating func countClosed(_ place: Int, as state: KeyState?, in slots: inout Slots) {
        if let counted = slots[place].closedAs { closed.add(counted, -1) }
        if let state { closed.add(state, 1) }
        slots[place].closedAs = state
    }

    private mutating func enter(_ place: Int, in slots: Slots) {
        let (stamp, id, weight) = (slots[place].stamp, slots[place].id.raw, drawnWeight(slots[place]))
        let priority = slots[place].rank
        base.set(place, stamp: stamp, id: id, weight: weight, priority: priority)
        for i in views.indices {
            if slots[place].restingModels.contains(where: { views[i].excludes($0) }) {
                views[i].order.remove(place)
            } else {
                views[i].order.set(place, stamp: stamp, id: id, weight: weight, priority: priority)
            }
        }
    }

    private mutating func leave(_ place: Int, in slots: Slots) {
        base.remove(place)
        for i in views.indices { views[i].order.remove(place) }
        // A key that is only full has not lost those who stay on it.
        if current == place, !slots[place].isOpen { current = nil }
    }

    func drawnWeight(_ slot: KeySlot) -> Int { strategy == .health ? slot.healthyWeight : slot.weight }

    /// A lease was given back.
    @inline(__always)
    mutating func returned(_ place: Int, in slots: inout Slots) {
        let wasFull = slots[place].isFull
        slots[place].inFlight = max(0, slots[place].inFlight - 1)
        if wasFull, !slots[place].isFull, slots[place].isOpen { enter(place, in: slots) }
    }

    /// How an answer went, for those who draw by health.
    @inline(__always)
    mutating func judged(_ place: Int, isGood: Bool, in slots: inout Slots) {
        let health = slots[place].health
        slots[place].health = isGood ? health + (1007 - health) / 8 : health - (health + 7) / 8
        guard strategy == .health, slots[place].isOpen else { return }
        base.reweigh(place, slots[place].healthyWeight)
        for i in views.indices { views[i].order.reweigh(place, slots[place].healthyWeight) }
    }

    /// Moves the key in the strategy's order.
    @inline(__always)
    private mutating func restamp(_ place: Int, _ stamp: Int64, in slots: inout Slots) {
        slots[place].stamp = stamp
        let id = slots[place].id.raw
        base.restamp(place, stamp, id: id)
        for i in views.indices { views[i].order.restamp(place, stamp, id: id) }
    }

    /// The key was leased.
    ///
    /// - Parameter isAside: not by the strategy: nobody stays on it for that.
    @inline(__always)
    mutating func leased(_ place: Int, isAside: Bool, in slots: inout Slots, at now: WallTime) {
        slots[place].facts.counters.attempts += 1
        slots[place].inFlight += 1
        move(place, isAside: isAside, in: &slots, at: now)
        if slots[place].isFull { leave(place, in: slots) }
    }

    @inline(__always)
    private mutating func move(_ place: Int, isAside: Bool, in slots: inout Slots, at now: WallTime) {
        if slots[place].isSpared {
            guard lastResort.contains(place) else { return }
            lastResort.set(place, stamp: nextStamp(at: now), id: slots[place].id.raw)
            return
        }
        switch strategy {
        case .sticky:
            let isStayedOn = current.map { $0 != place && slots[$0].isOpen && slots[$0].isFull } ?? false
            if slots[place].isOpen, !isStayedOn, !isAside { current = place }
        case .lru, .roundRobin: restamp(place, nextStamp(at: now), in: &slots)
        case .leastUsed: restamp(place, slots[place].facts.counters.attempts, in: &slots)
        case .weighted, .random, .health: break
        }
    }

    /// The key is the last to be chosen for now.
    mutating func putLast(_ place: Int, in slots: inout Slots, at now: WallTime) {
        if current == place { current = nil }
        if strategy != .leastUsed { restamp(place, nextStamp(at: now), in: &slots) }
    }

    /// The key succeeded.
    @inline(__always)
    mutating func used(_ place: Int, in slots: inout Slots, at now: WallTime) {
        slots[place].facts.lastUsedAt = now
        if strategy == .sticky || strategy == .lru { restamp(place, nextStamp(at: now), in: &slots) }
    }

    /// - Parameter index: of another place that is forgotten, or one behind the
    ///   last.
    mutating func remember(_ place: Int32, at index: Int) {
        if index < remembered.count { remembered[index] = place } else { remembered.append(place) }
    }

    /// Milliseconds with room for 4,096 places in each, never twice the same.
    private mutating func nextStamp(at now: WallTime) -> Int64 {
        lastStamp = max(lastStamp + 1, Self.stamp(now))
        return lastStamp
    }

    private static func stamp(_ time: WallTime) -> Int64 { min(max(time.milliseconds, 0), 1 << 50) << 12 }

    mutating func initialStamp(_ slot: KeySlot) -> Int64 {
        switch strategy {
        case .sticky, .lru:
            let stamp = slot.facts.lastUsedAt.map(Self.stamp) ?? 0
            lastStamp = max(lastStamp, stamp)
            return stamp
        case .leastUsed: return slot.facts.counters.attempts
        case .roundRobin, .weighted, .random, .health: return 0
        }
    }

    /// When a sign of life may next be looked for on an open key.
    private func proofDue(_ slot: KeySlot, at now: WallTime) -> Int64? {
        guard !slot.facts.rests.isEmpty else { return nil }
        var due: Int64?
        for rest in slot.facts.rests where rest.scope == .modelAtKey && rest.isActive(at: now) {
            guard let time = rest.proofDue(proofTimes.first, atMost: proofTimes.longest) else { continue }
            due = min(due ?? time, time)
        }
        return due
    }

    /// An open key that rests for exactly this model, and may show that it
    /// need not.
    func proof(for ask: Ask, in slots: Slots, at now: WallTime) -> Int? {
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
}
