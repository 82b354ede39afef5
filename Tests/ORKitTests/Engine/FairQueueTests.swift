import Testing

@testable import ORKit

@Suite("Fair queue")
struct FairQueueTests {
    private var now = Now(monotonic: 1_000_000_000, wall: WallTime(milliseconds: 1_795_270_803_120))
    private static let far: Int64 = .max

    private func ask(_ client: Int64, _ model: String = "v/m") -> Ask {
        Ask(client: ClientID(client), model: model)
    }

    private func enter(
        _ queue: inout FairQueue, _ client: Int64, _ model: String = "v/m", cost: Int = 1, weight: Int = 1,
        deadline: Int64 = far, at now: Now? = nil
    ) throws -> FairQueue.Waiter {
        let entry = queue.enter(
            ask(client, model), cost: cost, weight: weight, deadline: deadline, at: now ?? self.now)
        guard case .waits(let waiter, _) = entry else { throw Refused(entry: entry) }
        return waiter
    }

    private struct Refused: Error { let entry: FairQueue.Entry }

    /// All that the queue lets go, one served after the other.
    private func drain(
        _ queue: inout FairQueue, limit: Int = .max, where canServe: (Ask) -> Bool = { _ in true }
    )
        -> [FairQueue.Waiter]
    {
        var order: [FairQueue.Waiter] = []
        while order.count < limit {
            let released = queue.letGo(at: now, where: canServe)
            guard !released.isEmpty else { break }
            order += released
            for waiter in released { queue.served(waiter) }
        }
        return order
    }

    @Test("clients take turns, whoever came first and with however many")
    func turns() throws {
        var queue = FairQueue()
        let loud = try (0..<6).map { _ in try enter(&queue, 1) }
        let quiet = try (0..<2).map { _ in try enter(&queue, 2) }
        #expect(drain(&queue) == [loud[0], quiet[0], loud[1], quiet[1]] + loud[2...])
        #expect(queue.isEmpty)
    }

    @Test("a dear request waits more rounds, a heavier client has more turns")
    func costAndWeight() throws {
        var queue = FairQueue()
        let dear = try enter(&queue, 1, cost: 3)
        let cheap = try (0..<4).map { _ in try enter(&queue, 2) }
        #expect(drain(&queue) == [cheap[0], cheap[1], dear, cheap[2], cheap[3]])
        let heavy = try (0..<4).map { _ in try enter(&queue, 1, weight: 2) }
        let light = try (0..<2).map { _ in try enter(&queue, 2) }
        #expect(drain(&queue) == [heavy[0], heavy[1], light[0], heavy[2], heavy[3], light[1]])
    }

    @Test("nobody waits behind a request whose model still rests")
    func otherModels() throws {
        var queue = FairQueue()
        let stuck = try enter(&queue, 1, "v/resting")
        let behind = try enter(&queue, 1, "v/m")
        let other = try enter(&queue, 2, "v/m")
        #expect(drain(&queue) { $0.model == "v/m" } == [behind, other])
        #expect(queue.count == 1)
        #expect(drain(&queue) == [stuck])
    }

    @Test("eight at once at first; after a failure 1, then 2, 8, 128 while they are served")
    func noHerd() throws {
        var queue = FairQueue()
        queue.settings.perClient = 1000
        for _ in 0..<900 { _ = try enter(&queue, 1) }
        let first = queue.letGo(at: now)
        #expect(first.count == 8)
        #expect(queue.letGo(at: now).isEmpty)
        for waiter in first.dropLast() { queue.served(waiter) }
        queue.unserved(try #require(first.last))
        var sizes: [Int] = []
        for _ in 0..<6 {
            let released = queue.letGo(at: now)
            sizes.append(released.count)
            for waiter in released { queue.served(waiter) }
        }
        #expect(sizes == [1, 2, 8, 256, 256, 256])
    }

    @Test("who was let go and is silent for a second was not refused: the next may go")
    func silence() throws {
        var queue = FairQueue()
        for _ in 0..<100 { _ = try enter(&queue, 1) }
        let first = queue.letGo(at: now)
        queue.unserved(first[0])
        var later = now
        later.monotonic += 999_999_999
        #expect(queue.letGo(at: later).isEmpty)
        later.monotonic += 1
        #expect(queue.letGo(at: later).count == 92)
        queue.unserved(first[1])
        #expect(queue.isEmpty)
    }

    @Test("who finds nothing left when its turn comes goes on waiting, in its place")
    func takenMeanwhile() throws {
        var queue = FairQueue()
        let waiters = try (1...4).map { try enter(&queue, Int64($0)) }
        var room = 2
        let released = queue.letGo(at: now) { _ in
            room > 0
        } taking: {
            room -= 1
        }
        #expect(released == Array(waiters[..<2]) && queue.count == 2)
        #expect(drain(&queue) == Array(waiters[2...]))
    }

    @Test("it is bounded, for all and for each, and says where one would have stood")
    func bounded() throws {
        var queue = FairQueue()
        queue.settings.capacity = 3
        queue.settings.perClient = 2
        _ = try enter(&queue, 1)
        _ = try enter(&queue, 1)
        #expect(
            queue.enter(ask(1), deadline: Self.far, at: now)
                == .refused(position: 3, expectedMilliseconds: nil))
        guard case .waits(_, let position) = queue.enter(ask(2), deadline: Self.far, at: now) else {
            Issue.record("refused")
            return
        }
        #expect(position == 2)
        #expect(
            queue.enter(ask(3), deadline: Self.far, at: now)
                == .refused(position: 3, expectedMilliseconds: nil))
    }

    @Test("a deadline drops and gives no precedence; whoever leaves is forgotten")
    func deadlines() throws {
        var queue = FairQueue()
        let patient = try enter(&queue, 1)
        let hasty = try enter(&queue, 2, deadline: now.monotonic + 5_000_000)
        let gone = try enter(&queue, 3)
        let (left, again) = (queue.leave(gone), queue.leave(gone))
        #expect(left && !again)
        #expect(queue.nextDeadline == now.monotonic + 5_000_000)
        var later = now
        later.monotonic += 4_999_999
        #expect(queue.expire(at: later).isEmpty)
        later.monotonic += 1
        #expect(queue.expire(at: later) == [hasty])
        #expect(drain(&queue) == [patient])
        #expect(queue.isEmpty && queue.nextDeadline == nil)
        #expect(
            queue.enter(ask(1), deadline: later.monotonic, at: later)
                == .refused(position: 1, expectedMilliseconds: nil))
    }

    @Test("the pace of late says how long one will wait, and that it would be too long")
    func pace() throws {
        var queue = FairQueue()
        var clock = now
        for _ in 0..<40 {
            _ = try enter(&queue, 1, at: clock)
            for waiter in queue.letGo(at: clock) { queue.served(waiter) }
            clock.monotonic += 100_000_000
        }
        #expect(queue.expectedWait(1) == 100 && queue.expectedWait(7) == 700)
        _ = try enter(&queue, 1, at: clock)
        #expect(
            queue.enter(ask(2), deadline: clock.monotonic + 150_000_000, at: clock)
                == .refused(position: 2, expectedMilliseconds: 200))
        #expect(drain(&queue).count == 1)
        clock.monotonic += 3_600_000_000_000
        _ = try enter(&queue, 1, at: clock)
        #expect(queue.expectedWait(1) == nil)
    }

    @Test("in random use nobody is lost or let go twice, bounds hold, and backlogged clients get the same")
    func random() {
        for seed in 1...200 as ClosedRange<UInt64> {
            var rng = SeededGenerator(seed: seed)
            var queue = FairQueue()
            queue.settings.capacity = 60
            queue.settings.perClient = 20
            var clock = now
            var waiting: [FairQueue.Waiter: ClientID] = [:]
            var out: [FairQueue.Waiter] = []
            for _ in 0..<400 {
                clock.monotonic += Int64.random(in: 0...3_000_000, using: &rng)
                switch Int.random(in: 0...9, using: &rng) {
                case 0..<5:
                    let client = ClientID(Int64.random(in: 1...4, using: &rng))
                    let wait = Int64.random(in: 1_000_000...400_000_000, using: &rng)
                    let entry = queue.enter(
                        Ask(client: client, model: "v/m"), deadline: clock.monotonic + wait, at: clock)
                    if case .waits(let waiter, let position) = entry {
                        #expect(waiting.updateValue(client, forKey: waiter) == nil && position >= 1)
                    }
                case 5..<8:
                    for waiter in queue.letGo(at: clock) {
                        #expect(waiting.removeValue(forKey: waiter) != nil)
                        out.append(waiter)
                    }
                case 8 where !out.isEmpty:
                    let waiter = out.remove(at: Int.random(in: out.indices, using: &rng))
                    if Bool.random(using: &rng) { queue.served(waiter) } else { queue.unserved(waiter) }
                case 8:
                    if let waiter = waiting.keys.min(by: { $0.raw < $1.raw }) {
                        let left = queue.leave(waiter)
                        #expect(left)
                        waiting[waiter] = nil
                    }
                default:
                    for waiter in queue.expire(at: clock) {
                        #expect(waiting.removeValue(forKey: waiter) != nil)
                    }
                }
                #expect(queue.count == waiting.count && queue.count <= 60)
                #expect((1...4).allSatisfy { id in waiting.values.count { $0.raw == id } <= 20 })
            }
            for waiter in out { queue.served(waiter) }
            share(&queue, waiting)
        }
    }

    /// Until one of them has nobody left, no two clients are more than one
    /// turn apart.
    private func share(_ queue: inout FairQueue, _ waiting: [FairQueue.Waiter: ClientID]) {
        queue.settings.longestBatch = 1
        var left = Dictionary(grouping: waiting.values) { $0 }.mapValues(\.count)
        let clients = Set(left.keys)
        var turns: [ClientID: Int] = [:]
        while let waiter = drain(&queue, limit: 1).first, let client = waiting[waiter] {
            turns[client, default: 0] += 1
            left[client, default: 0] -= 1
            let counts = clients.map { turns[$0, default: 0] }
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(turns)")
            if left[client] == 0 { return }
        }
        #expect(waiting.isEmpty)
    }
}

extension FairQueue {
    /// Those that are let go when whatever `canServe` says is served.
    fileprivate mutating func letGo(
        at now: Now, where canServe: (Ask) -> Bool = { _ in true }, taking take: () -> Void = {}
    ) -> [Waiter] {
        var gone: [Waiter] = []
        release(at: now) {
            canServe($0) ? () : nil
        } granting: { waiter, _, _ in
            take()
            gone.append(waiter)
        }
        return gone
    }
}
