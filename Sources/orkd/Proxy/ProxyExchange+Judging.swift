import NIOCore
import ORKit

// What an answer that is no good one means, and what comes next.

extension ProxyExchange {
    func header(_ kind: FieldKind) -> String? {
        guard let field = answerHead.first(kind) else { return nil }
        return answerSource.withUnsafeReadableBytes { String(decoding: $0.part(field.value), as: UTF8.self) }
    }

    /// The rate limit's reset has three names; the one ending in `reset` counts.
    private var rateLimitReset: String? {
        answerSource.withUnsafeReadableBytes { source in
            answerHead.fields.first { field in
                field.kind == .xRateLimit
                    && String(decoding: source.part(field.name), as: UTF8.self).lowercased()
                        == "x-ratelimit-reset"
            }.map { String(decoding: source.part($0.value), as: UTF8.self) }
        }
    }

    func judgeAnswer() {
        let found = UpstreamAnswer(
            status: Int(answerHead.status), retryAfter: header(.retryAfter), rateLimitReset: rateLimitReset,
            contentType: header(.contentType), body: Array(held.readableBytesView.prefix(16 << 10)),
            model: ask.model)
        judge(Classifier.classify(found, at: loop.now))
    }

    /// Lets the connection of this attempt go, unless it ended by itself.
    func drop() {
        if !upstreamOver { upstream?.discard() }
        upstream = nil
        upstreamOver = true
    }

    func judge(_ verdict: Verdict) {
        guard let lease, let last = attempts.indices.last else { return }
        let now = loop.now
        attempts[last].verdict = verdict
        closeAttempt(at: now.monotonic)
        let status = attempts[last].status
        tried.append(
            ErrorAnswer.Tried(
                maskedKey: lease.secret.masked, status: status == 0 ? nil : Int(status),
                cause: verdict.cause.name))
        let next = gateway.box.change(for: request.id) { engine, rng, effects in
            engine.heard(
                lease, verdict, ask: ask, allowance: &allowance, replayable: !body.isStreamed, at: now,
                using: &rng, effects: &effects)
        }
        switch next {
        case .relay where stage == .judging || stage == .holding:
            pass()
        case .relay:
            settle(.broken(verdict))
            refuse(Refusal(code: .upstreamUnreachable))
        case .again(let lease, let pause):
            drop()
            noteQueue(wasServed: false)
            self.lease = nil
            if pause <= 0 { dispatch(lease, at: now.monotonic) } else { wait(pause, for: lease) }
        case .refuse(let refusal):
            drop()
            noteQueue(wasServed: false)
            self.lease = nil
            refused(refusal)
        }
        gateway.room.letGo(at: now)
    }

    /// A good answer after failures: what they closed may open. While all is
    /// well the engine hears of good answers only when they end.
    func tellGood() {
        guard let lease, attempts.last?.verdict.cause == .ok else { return }
        let now = loop.now
        gateway.box.change(for: request.id) { engine, rng, effects in
            _ = engine.heard(
                lease, .ok, ask: ask, allowance: &allowance, replayable: false, at: now, using: &rng,
                effects: &effects)
        }
    }

    /// Relays an answer that is not a good one, as it is.
    private func pass() {
        stage = .holding
        release()
        if let brokenBy { breakOff(brokenBy) } else if upstreamOver { complete() }
    }

    private func wait(_ milliseconds: Int64, for lease: Lease) {
        stage = .pausing
        serial += 1
        let mine = serial
        self.lease = lease
        let timer = NIOLoopBound(self, eventLoop: loop.loop)
        loop.loop.scheduleTask(in: .milliseconds(milliseconds)) {
            let exchange = timer.value
            guard exchange.serial == mine, exchange.stage == .pausing else { return }
            exchange.loop.readClock()
            exchange.dispatch(lease, at: exchange.loop.now.monotonic)
        }
    }
}
