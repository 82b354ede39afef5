import NIOCore
import ORKit

// What an answer that is no good one means, and what comes next.

extension ProxyExchange {
    /// The limit, what is left of it, and its reset: each a field of its own.
    private var rateLimits: [AnswerField] {
        answerHead.read { head, source in
            head.fields.filter { $0.kind == .xRateLimit }.map { field in
                AnswerField(
                    String(decoding: source.part(field.name), as: UTF8.self),
                    String(decoding: source.part(field.value), as: UTF8.self))
            }
        }
    }

    func judgeAnswer() {
        let others = [
            answerHead.text(of: .retryAfter).map { AnswerField("retry-after", $0) },
            answerHead.text(of: .contentType).map { AnswerField("content-type", $0) },
        ]
        let found = UpstreamAnswer(
            status: Int(answerHead.status), fields: others.compactMap { $0 } + rateLimits,
            body: Array(held.readableBytesView.prefix(16 << 10)), model: ask.model)
        let verdict = Classifier.classify(found, at: loop.now)
        judge(verdict, telling: UpstreamLimit(found, verdict, at: loop.now.wall))
    }

    /// Lets the connection of this attempt go, unless it ended by itself.
    func drop() {
        if !upstreamOver { upstream?.discard() }
        upstream = nil
        upstreamOver = true
    }

    /// - Parameter limit: what the answer said about the limit behind it.
    func judge(_ verdict: Verdict, telling limit: UpstreamLimit? = nil) {
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
            if let limit { engine.told(limit, lease, effects: &effects) }
            return engine.heard(
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
        isPassing = true
        release()
        if upstreamOver {
            if let brokenBy, stage == .relaying { breakOff(brokenBy) } else if brokenBy == nil { complete() }
        }
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
