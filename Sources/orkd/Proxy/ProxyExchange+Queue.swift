import NIOCore
import ORKit

// Waiting for a key instead of being refused, where the operator allows it (ruling 15).

extension ProxyExchange {
    /// No key can serve: waits for one if that helps, else says so.
    func refused(_ refusal: Refusal) {
        guard refusal.mayWait else { return refuse(refusal) }
        let now = loop.now
        let me = NIOLoopBound(self, eventLoop: loop.loop)
        serial += 1
        let mine = serial
        stage = .queued
        let entry = gateway.room.enter(ask, begun: request.at.monotonic, on: loop.loop, at: now) {
            me.value.called($0, stay: mine)
        }
        switch entry {
        case .waits(let waiter, let position):
            var stay = queueStay ?? QueueStay(position: position)
            stay.waiter = waiter
            stay.since = now.monotonic
            queueStay = stay
        case .refused(let position, let expected):
            queueStay = queueStay ?? QueueStay(position: position, expected: expected)
            refuse(refusal)
        }
    }

    /// The queue has a key for this request, or its time is over.
    private func called(_ lease: Lease?, stay: Int) {
        loop.readClock()
        let now = loop.now
        guard serial == stay, stage == .queued else {
            // Gone while the call was on its way.
            if let lease { giveBack(lease) }
            return
        }
        queueStay?.end(at: now.monotonic)
        if let lease {
            dispatch(lease, at: now.monotonic)
        } else {
            queueStay?.waiter = nil
            refuse(gateway.box.decide { engine, _ in engine.refusal(for: ask, at: now.wall) })
        }
    }

    /// Tells the queue how it went, once.
    func noteQueue(wasServed: Bool) {
        guard let waiter = queueStay?.waiter else { return }
        queueStay?.waiter = nil
        gateway.room.note(waiter, wasServed: wasServed, at: loop.now)
    }

    /// The caller has gone, whether its turn had come or not.
    func leaveQueue() {
        guard let waiter = queueStay?.waiter else { return }
        if stage == .queued {
            queueStay?.waiter = nil
            gateway.room.leave(waiter)
        } else {
            noteQueue(wasServed: false)
        }
    }

    private func giveBack(_ lease: Lease) {
        let outcome = Outcome(end: .abandoned, usage: nil, headMilliseconds: nil)
        gateway.box.change(for: request.id) { engine, _, effects in
            engine.end(lease, outcome, at: loop.now, effects: &effects)
        }
        gateway.room.letGo(at: loop.now)
    }
}
