import NIOCore
import ORKit
import Synchronization

// The ends of a request: refused, abandoned, settled, recorded.

extension ProxyExchange {
    func refuse(_ refusal: Refusal) {
        refuse(
            ErrorAnswer(
                refusal.code, retryAfterMilliseconds: refusal.retryAfterMilliseconds,
                tried: tried, status: refusal.status))
    }

    /// Answers with an error of our own. Only before anything was released.
    func refuse(_ error: ErrorAnswer) {
        var error = error
        error.dialect = dialect
        error.requestID = request.id
        error.queue = queueStay?.value
        error.rateLimit = rateLimit
        status = UInt16(clamping: error.status)
        firstByte = firstByte ?? loop.now.monotonic
        let id = request.id
        finish(end: .refused, code: error.code)
        door.give(OwnAnswer(error, id: id))
    }

    /// The caller's own body is at fault while an attempt may be under way.
    func giveUp(_ error: ErrorAnswer) {
        if answer != nil {
            let reset = endsByClosing
            abandon(end: .clientGone)
            door.abort(reset: reset)
            return
        }
        serial += 1
        if !upstreamOver { upstream?.discard() }
        settle(.abandoned)
        refuse(error)
    }

    func callerGone() { left(.clientGone) }

    func callerStalled() { left(.stalled) }

    /// Nobody takes the answer any more: the upstream is let go, or read to
    /// its end for what the answer cost.
    private func left(_ end: RequestEnd) {
        switch stage {
        case .over, .draining: break
        default: if !drain(end) { abandon(end: end) }
        }
    }

    /// The answer will not be finished, and it is not the upstream's fault.
    func abandon(end: RequestEnd) {
        serial += 1
        if !upstreamOver { upstream?.discard() }
        upstream = nil
        settle(.abandoned)
        finish(end: end, code: nil)
    }

    /// Gives the lease back with what was learnt.
    func settle(_ end: Outcome.End) {
        guard let lease = lease.take() else { return }
        let now = loop.now
        closeAttempt(at: now.monotonic)
        let outcome = Outcome(
            end: end, usage: scanner.usage, headMilliseconds: headMilliseconds, listed: listedCost)
        gateway.box.change(for: request.id) { engine, _, effects in
            engine.end(lease, outcome, at: now, effects: &effects)
        }
        gateway.room.letGo(at: now)
    }

    /// Of an answer that states its cost, where keys are compared by that.
    private var listedCost: Money? {
        guard gateway.box.weighsCost || ask.objective?[.cost] ?? 0 > 0, scanner.usageIsFinal,
            let usage = scanner.usage, usage.cost != nil, let model = ask.model
        else { return nil }
        return loop.prices.estimate(usage, model: model)
    }

    func closeAttempt(at now: Int64) {
        guard let last = attempts.indices.last, attempts[last].microseconds == 0 else { return }
        attempts[last].microseconds = max(1, (now - attemptStart) / 1000)
    }

    func microseconds(at now: Int64) -> Int64 { (now - request.at.monotonic) / 1000 }

    /// Writes the record and lets everything go. Exactly once.
    func finish(end: RequestEnd, code: ErrorCode?) {
        guard stage != .over else { return }
        leaveQueue()
        endDrain()
        settleGrant(end: end)
        postSettlement(end: end)
        if isCountedAsStream { loop.counters.streams.subtract(1, ordering: .relaxed) }
        stage = .over
        serial += 1
        let now = loop.now.monotonic
        loop.counters.inFlight.subtract(1, ordering: .relaxed)
        if end != .complete || status >= 400 { loop.counters.failed.add(1, ordering: .relaxed) }
        loop.keep(record(end: end, code: code, at: now))
        letGoOfRequest()
        if held.capacity > 0 { held = ByteBuffer() }
        answer = nil
        upstream = nil
    }

    /// Nothing is tried again: the memory that it came in is free for another.
    func letGoOfRequest() {
        guard request.source.readableBytes > 0 else { return }
        if budget.hold != nil || gateway.box.hasBudgets { body.notePrompt() }
        body.release(gateway: gateway)
        loop.buffers.give(request.source.letGo())
    }

    /// What is known of its cost.
    var metered: (usage: Usage, quality: UsageQuality) {
        if let usage = scanner.usage, scanner.usageIsFinal { return (usage, .exact) }
        // What a stream states in the middle is what it has come to so far.
        if let guess = estimate ?? scanner.usage, guess.total > 0 { return (guess, .estimated) }
        let mayHaveRun = path.class == .inference && attempts.contains(where: { $0.mayHaveRun })
        return (Usage(), mayHaveRun ? .unknown : .none)
    }

    /// Takes what it tells out of the request, which is over.
    private func record(end: RequestEnd, code: ErrorCode?, at now: Int64) -> RequestRecord {
        let (usage, quality) = metered
        var tries: [AttemptRecord] = []
        swap(&tries, &attempts)
        return RequestRecord(
            id: request.id, client: client.id, user: client.user, method: method,
            path: path.text,
            model: ask.model.take(), stream: isStream, status: status, code: code, end: end,
            candidates: candidates, queue: queueStay?.record, attempts: tries,
            bytesIn: body.total, bytesOut: answer?.bytes ?? 0,
            firstByteMicroseconds: firstByte.map { microseconds(at: $0) },
            microseconds: microseconds(at: now),
            usage: usage, quality: quality, generation: generation.take() ?? scanner.generation)
    }
}

extension AttemptRecord {
    /// Whether a model may have worked for this attempt: then silence about
    /// usage means unknown, not nothing.
    var mayHaveRun: Bool {
        verdict.cause == .ok ? status == 0 || (200..<300).contains(status) : verdict.mayHaveRun
    }
}
