import NIOCore
import ORKit
import Synchronization

// A request whose caller has left, and whose answer is read to its end all the
// same: for its usage, which stands there. The meter belongs to the attempt.

extension ProxyExchange: RosterMember {
    /// Begins to read an answer for nobody, if that is wanted and bounded.
    ///
    /// - Parameter end: what the caller did.
    func drain(_ end: RequestEnd) -> Bool {
        let settings = gateway.settings
        guard settings.drains > 0, path.class == .inference, body.isWhole, upstream != nil, !upstreamOver,
            mayStillTell, gateway.beginDrain(atMost: settings.drains)
        else { return false }
        drained = Drained(end: end)
        stage = .draining
        stageSince = loop.now.monotonic
        loop.drains.insert(self)
        held = ByteBuffer()
        body.release(gateway: gateway)
        upstream?.pause(false)
        noteSent()
        return true
    }

    /// A good answer is under way, or none has come yet.
    private var mayStillTell: Bool {
        switch stage {
        case .waiting: true
        case .holding, .reserving, .relaying: !isPassing
        case .receiving, .counting, .judging, .pausing, .queued, .settling, .draining, .over: false
        }
    }

    func readOn(_ slice: ByteBuffer) {
        _ = scan(slice)
        drained.bytes += slice.readableBytes
        if !meter(slice) || drained.bytes > gateway.settings.drainBytes { stopDraining() }
    }

    /// The answer was read to its end.
    func drainEnded(by failure: TransportFailure?) {
        scanner.finish()
        if let failure, !scanner.streamIsOver {
            let verdict = Classifier.classify(transport: failure)
            if let last = attempts.indices.last { attempts[last].verdict = verdict }
            settle(.broken(verdict))
        } else {
            settleWhole()
        }
        finish(end: drained.end, code: nil)
    }

    /// A bound is reached: the upstream is let go after all.
    func stopDraining() { abandon(end: drained.end) }

    func check(monotonic now: Int64) {
        switch stage {
        case .draining: if now - stageSince > gateway.settings.drainTime { stopDraining() }
        default: checkStage(at: now)
        }
    }

    /// Of one that was never drained nothing is left to do.
    func endDrain() {
        guard rosterPlace >= 0 else { return }
        loop.drains.remove(self)
        gateway.endDrain()
    }

    /// What is kept of a caller who has left.
    struct Drained {
        var end = RequestEnd.clientGone
        var bytes = 0
    }
}
