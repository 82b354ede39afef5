// Waiting: requests that no key can serve at the moment and that may wait instead of being refused.
// Here: the queue, its bounds, the order in which it lets go (ruling 15).
// Not here: who may wait (policy), what a waiter holds (nothing), timers. Imports nothing.

/// Requests that wait for a key: bounded, fair between clients, let go a few
/// at a time.
///
/// A waiter holds no lease and no reservation. Fairness is deficit round robin
/// over clients by cost; within a client first come, first served. A deadline
/// only drops, it gives no precedence.
public struct FairQueue: Sendable {
    /// Names one waiter; never used again.
    public struct Waiter: Hashable, Sendable {
        package let raw: Int64
    }

    /// The answer to `enter`.
    public enum Entry: Sendable, Hashable {
        /// Place in the order if nobody else came, from 1.
        case waits(Waiter, position: Int)
        /// The queue is full, or the deadline would pass first.
        case refused(position: Int, expectedMilliseconds: Int64?)
    }

    public struct Settings: Sendable, Hashable {
        public var capacity = 1000
        /// No client fills the queue alone.
        public var perClient = 100
        /// What a client may spend in one round; at least the usual cost.
        public var quantum = 1
        /// Let go at once, and not yet heard of: after a failure 1, doubled
        /// by every one that was served.
        public var longestBatch = 256
        /// The same before anything is known.
        public var firstBatch = 8
        /// Milliseconds after which one that was let go counts as served: who
        /// is refused hears so at once, a good answer takes its time.
        public var patience: Int64 = 1000

        public init() {}
    }

    private struct Waiting: Sendable {
        let id: Waiter
        let ask: Ask
        let cost: Int
        let deadline: Int64
        let since: Int64

        var wish: (Waiter, Ask, cost: Int) { (id, ask, cost) }
    }

    /// What the same keys can serve: of two requests of one kind both can be
    /// served, or neither.
    struct Kind: Hashable, Sendable {
        private let pool: PoolID
        private let model: String?

        init(_ ask: Ask) { (pool, model) = (ask.pool, ask.model) }
    }

    private struct Line: Sendable {
        let client: ClientID
        var weight: Int
        var deficit = 0
        var waiting: [Waiting] = []

        /// The first that something can serve, and what.
        func first<Choice>(choosing choose: (Ask) -> Choice?) -> (place: Int, choice: Choice)? {
            for (place, one) in waiting.enumerated() {
                if let choice = choose(one.ask) { return (place, choice) }
            }
            return nil
        }
    }

    /// No request is counted dearer than so many quanta: the round goes on.
    private static let dearest = 64
    /// How long an empty queue remembers its pace, nanoseconds.
    private static let paceLife: Int64 = 1_000_000_000

    public var settings: Settings
    /// Clients with waiters, in the order of the round.
    private var lines: [Line] = []
    /// Where the round stands.
    private var turn = 0
    public private(set) var count = 0
    /// How many of each kind wait.
    private var kinds: [Kind: Int] = [:]
    private var nextID: Int64 = 1
    /// Let go and not heard of yet, and when, monotonic nanoseconds.
    private var outstanding: [Waiter: Int64] = [:]
    private var batch: Int
    /// Exponentially weighted, milliseconds between two that were let go.
    private var pace: Double?
    private var lastRelease: Int64?

    public init(_ settings: Settings = Settings()) {
        self.settings = settings
        batch = settings.firstBatch
    }

    public var isEmpty: Bool { count == 0 }

    /// Whether somebody waits for the same: whoever comes now comes behind.
    func holds(like ask: Ask) -> Bool { kinds[Kind(ask)] != nil }

    /// - Parameters:
    ///   - cost: in the unit of the quantum, for example 1 or a number of
    ///     tokens; one that costs more waits more rounds.
    ///   - weight: rounds' worth of this client.
    ///   - deadline: monotonic nanoseconds.
    public mutating func enter(
        _ ask: Ask, cost: Int = 1, weight: Int = 1, deadline: Int64, at now: Now
    ) -> Entry {
        let line = lines.firstIndex { $0.client == ask.client }
        let position = position(behind: line.map { lines[$0].waiting.count } ?? 0, of: ask.client)
        let expected = expectedWait(position)
        let left = deadline.subtractingReportingOverflow(now.monotonic)
        let isLate = !left.overflow && left.partialValue <= 0
        let isHopeless =
            expected.map { !left.overflow && $0 > max(0, left.partialValue) / 1_000_000 } ?? false
        guard count < settings.capacity, line.map({ lines[$0].waiting.count < settings.perClient }) ?? true,
            !isLate, !isHopeless
        else { return .refused(position: position, expectedMilliseconds: expected) }
        if isEmpty { forgetOldPace(at: now) }
        let id = Waiter(raw: nextID)
        nextID += 1
        count += 1
        kinds[Kind(ask), default: 0] += 1
        let waiting = Waiting(
            id: id, ask: ask, cost: min(max(1, cost), Self.dearest * settings.quantum), deadline: deadline,
            since: now.monotonic)
        if let line {
            lines[line].waiting.append(waiting)
            lines[line].weight = max(1, weight)
        } else {
            // A newcomer comes last in the round that runs.
            lines.insert(Line(client: ask.client, weight: max(1, weight), waiting: [waiting]), at: turn)
            turn += 1
            if turn == lines.count { turn = 0 }
        }
        return .waits(id, position: position)
    }

    /// Lets go of waiters whose request could be served now, each at most
    /// once, in the order of the round. Whoever is let go asks for a key again
    /// and then says `served`, or comes back by `enter`.
    ///
    /// - Parameters:
    ///   - choose: what would serve a request now; nil: nothing, and it goes on
    ///     waiting.
    ///   - grant: gives a waiter what was chosen for it last.
    public mutating func release<Choice>(
        at now: Now, choosing choose: (Ask) -> Choice?, granting grant: (Waiter, Ask, Choice) -> Void
    ) {
        trustSilent(at: now)
        var idle = 0
        while outstanding.count < min(batch, settings.longestBatch), !lines.isEmpty, idle < lines.count {
            if turn >= lines.count { turn = 0 }
            guard let (place, choice) = lines[turn].first(choosing: choose) else {
                // Who cannot be served now saves nothing up either.
                idle += 1
                turn += 1
                continue
            }
            let (id, ask, cost) = lines[turn].waiting[place].wish
            if lines[turn].deficit < cost {
                lines[turn].deficit += settings.quantum * lines[turn].weight
                if lines[turn].deficit < cost {
                    // A turn was had, and something saved.
                    idle = 0
                    turn += 1
                    continue
                }
            }
            grant(id, ask, choice)
            lines[turn].deficit -= cost
            lines[turn].waiting.remove(at: place)
            forget(ask)
            outstanding[id] = now.monotonic
            notePace(at: now)
            idle = 0
            let isOver = lines[turn].waiting.isEmpty
            if isOver {
                lines.remove(at: turn)
            } else if lines[turn].deficit < (lines[turn].waiting.first?.cost ?? 1) {
                turn += 1
            }
        }
    }

    /// One that was let go was served: more may follow.
    public mutating func served(_ waiter: Waiter) {
        guard outstanding.removeValue(forKey: waiter) != nil else { return }
        batch = min(batch * 2, settings.longestBatch)
    }

    /// One that was let go was refused, or left: slowly again.
    public mutating func unserved(_ waiter: Waiter) {
        guard outstanding.removeValue(forKey: waiter) != nil else { return }
        batch = 1
    }

    private mutating func trustSilent(at now: Now) {
        for (waiter, since) in outstanding {
            let (age, isFar) = now.monotonic.subtractingReportingOverflow(since)
            if isFar || age >= settings.patience * 1_000_000 { served(waiter) }
        }
    }

    /// The caller has gone.
    ///
    /// - Returns: whether it was waiting.
    @discardableResult
    public mutating func leave(_ waiter: Waiter) -> Bool {
        for line in lines.indices {
            guard let place = lines[line].waiting.firstIndex(where: { $0.id == waiter }) else { continue }
            remove(place, of: line)
            return true
        }
        return false
    }

    /// Drops those whose deadline has passed; they are answered as refused.
    public mutating func expire(at now: Now) -> [Waiter] {
        var gone: [Waiter] = []
        for line in lines.indices.reversed() {
            for place in lines[line].waiting.indices.reversed()
            where lines[line].waiting[place].deadline <= now.monotonic {
                gone.append(lines[line].waiting[place].id)
                remove(place, of: line)
            }
        }
        return gone
    }

    /// When the next deadline passes, monotonic nanoseconds.
    public var nextDeadline: Int64? { lines.lazy.flatMap(\.waiting).map(\.deadline).min() }

    /// How long somebody in that position will wait, as far as the pace of
    /// late tells.
    public func expectedWait(_ position: Int) -> Int64? {
        pace.map { Int64(min($0 * Double(position), 9e15)) }
    }

    /// Everybody gets as many turns as this client until its next one.
    private func position(behind mine: Int, of client: ClientID) -> Int {
        lines.reduce(mine + 1) { sum, line in
            line.client == client ? sum : sum + min(line.waiting.count, mine + 1)
        }
    }

    private mutating func forget(_ ask: Ask) {
        count -= 1
        let kind = Kind(ask)
        let left = (kinds[kind] ?? 1) - 1
        kinds[kind] = left > 0 ? left : nil
    }

    private mutating func notePace(at now: Now) {
        if let last = lastRelease {
            let gap = Double(max(0, now.monotonic.subtractingReportingOverflow(last).partialValue)) / 1e6
            pace = pace.map { $0 + 0.1 * (gap - $0) } ?? gap
        }
        lastRelease = now.monotonic
    }

    /// Nobody was let go because nobody waited: that says nothing of how long
    /// one waits.
    private mutating func forgetOldPace(at now: Now) {
        guard let last = lastRelease else { return }
        let (idle, isFar) = now.monotonic.subtractingReportingOverflow(last)
        guard isFar || idle > Self.paceLife else { return }
        pace = nil
        lastRelease = nil
    }

    private mutating func remove(_ place: Int, of line: Int) {
        forget(lines[line].waiting.remove(at: place).ask)
        guard lines[line].waiting.isEmpty else { return }
        lines.remove(at: line)
        if turn > line { turn -= 1 }
        if turn >= lines.count { turn = 0 }
    }
}
