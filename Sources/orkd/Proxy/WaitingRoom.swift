import NIOConcurrencyHelpers
import NIOCore
import ORKit
import Synchronization

/// The requests of all event loops that wait for a key: how each is reached
/// once the engine has one for it. Who comes next is the engine's matter.
final class WaitingRoom: Sendable {
    /// Called on the loop of the request: with the key that it got, or with
    /// none because its time is over.
    typealias Call = @Sendable (Lease?) -> Void

    private struct Guest {
        let loop: any EventLoop
        let call: Call
    }

    private let box: EngineBox
    /// Taken before the engine's lock, never inside it.
    private let guests = NIOLockedValueBox<[FairQueue.Waiter: Guest]>([:])
    private let occupancy = Atomic<Int>(0)

    init(_ box: EngineBox) { self.box = box }

    /// How many wait. Without the lock: it is asked once a request.
    var count: Int { occupancy.load(ordering: .relaxed) }

    /// Takes a request in that was refused, unless there is no room, or no
    /// hope that its turn comes in time.
    func enter(
        _ ask: Ask, begun: Int64, on loop: any EventLoop, at now: Now, call: @escaping Call
    ) -> FairQueue.Entry {
        let entry = guests.withLockedValue { guests in
            let entry = box.decide { engine, _ in engine.enter(ask, begun: begun, at: now) }
            if case .waits(let waiter, _) = entry { guests[waiter] = Guest(loop: loop, call: call) }
            occupancy.store(guests.count, ordering: .relaxed)
            return entry
        }
        // A key may have become free since the request was refused.
        letGo(at: now)
        return entry
    }

    /// The caller has gone.
    func leave(_ waiter: FairQueue.Waiter) {
        guests.withLockedValue { guests in
            guests[waiter] = nil
            occupancy.store(guests.count, ordering: .relaxed)
            box.decide { engine, _ in engine.leave(waiter) }
        }
    }

    /// How it went with the key that a waiter got.
    func note(_ waiter: FairQueue.Waiter, wasServed: Bool, at now: Now) {
        box.decide { engine, _ in engine.note(waiter, wasServed: wasServed) }
        letGo(at: now)
    }

    /// Calls whoever can be served now, and whose time is over. To be called
    /// when a key may have become free.
    func letGo(at now: Now) {
        guard count > 0 else { return }
        let calls = guests.withLockedValue { guests in
            let (gone, given) = box.decide { engine, rng in
                (engine.expire(at: now), engine.letGo(at: now, using: &rng))
            }
            let calls =
                gone.map { (guests.removeValue(forKey: $0), Lease?.none) }
                + given.map { (guests.removeValue(forKey: $0.waiter), $0.lease) }
            occupancy.store(guests.count, ordering: .relaxed)
            return calls
        }
        for (guest, lease) in calls {
            guard let guest else { continue }
            guest.loop.execute { guest.call(lease) }
        }
    }
}
