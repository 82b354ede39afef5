import NIOCore
import ORKit
import Synchronization

// The upstream's side of a request: hear, judge, hold, relay.

extension ProxyExchange: UpstreamReceiver {
    func upstreamReady(_ connection: UpstreamConnection) { send(on: connection) }

    func upstreamHead(_ head: ResponseHead, source: ByteBuffer) {
        guard stage == .waiting, let last = attempts.indices.last else { return }
        let now = loop.now.monotonic
        attempts[last].status = head.status
        loop.counters.lastAnswer.store(now, ordering: .relaxed)
        headMilliseconds = Double(now - attemptStart) / 1_000_000
        answerHead = head
        answerSource = source
        stageSince = now
        lastHeard = now
        held = ByteBuffer()
        heldMarks = AnswerMarks()
        let isGood = (200..<300).contains(head.status) || head.status == 304
        let isWatched = isGood && !head.framing.isNone
        scanner = AnswerScanner(format: isWatched ? head.format : .opaque, skin: path.skin)
        switch head.status {
        case _ where isGood:
            stage = .holding
            if method == .head || head.format == .opaque || head.framing.isNone { release() }
        case 300..<400:
            drop()
            judge(Classifier.classify(transport: .redirect))
        default:
            stage = .judging
        }
    }

    func upstreamBody(_ slice: ByteBuffer) {
        lastHeard = loop.now.monotonic
        switch stage {
        case .relaying:
            relay(slice, scan(slice))
        case .holding:
            hold(slice)
        case .judging:
            held.writeImmutableBuffer(slice)
            if held.readableBytes >= gateway.settings.commitBytes { judgeAnswer() }
        case .receiving, .waiting, .pausing, .over:
            break
        }
    }

    func upstreamEnded() {
        upstreamOver = true
        upstream = nil
        switch stage {
        case .judging:
            judgeAnswer()
        case .holding:
            scanner.finish()
            if isCutShort {
                judge(Classifier.classify(transport: .truncated))
            } else {
                release()
                complete()
            }
        case .relaying:
            scanner.finish()
            let showsEnd = answerHead.format != .sse && !answerHead.framing.endsByClosing
            if isCutShort, !showsEnd { breakOff(.truncated) } else { complete() }
        case .receiving, .waiting, .pausing, .over:
            break
        }
    }

    func upstreamReadComplete() {
        guard stage == .relaying else { return }
        answer?.flush(to: door)
        lastSent = lastHeard
    }

    func upstreamFailed(_ failure: TransportFailure) {
        let wasStale = failure == .resetBeforeHead && (upstream?.diedUnheard ?? false)
        // A stream that breaks off was reached: only silence before the head is unreachable.
        if stage == .waiting { loop.counters.lastFailure.store(loop.now.monotonic, ordering: .relaxed) }
        upstreamOver = true
        upstream = nil
        switch stage {
        case .waiting:
            // The upstream closed an idle connection just when we used it: nothing was lost, and no key is
            // to blame. Once more on the same lease; a fresh connection cannot fail this way.
            if wasStale, !triedStale, !body.isStreamed {
                triedStale = true
                connect(anew: true)
            } else {
                judge(Classifier.classify(transport: failure))
            }
        case .holding:
            judge(Classifier.classify(transport: failure))
        case .judging:
            brokenBy = failure
            judgeAnswer()
        case .relaying:
            breakOff(failure)
        case .receiving, .pausing, .over:
            break
        }
    }

    func upstreamWritable(_ writable: Bool) {
        if writable, body.isStreamed, !body.isWhole { door.wantBody(true) }
    }

    func callerWritable(_ writable: Bool) {
        guard stage == .relaying else { return }
        if writable { lastHeard = loop.now.monotonic }
        upstream?.pause(!writable)
    }

    /// A stream that ended without saying so, or a JSON body that is none.
    private var isCutShort: Bool {
        guard !scanner.isTerminated else { return false }
        switch (answerHead.format, path.skin) {
        case (.sse, .chat), (.sse, .completions), (.sse, .responses), (.sse, .messages): return true
        case (.json, .other), (.opaque, _), (.sse, _): return false
        case (.json, _): return true
        }
    }

    // Before the commit point

    private func scan(_ slice: ByteBuffer) -> AnswerMarks {
        slice.withUnsafeReadableBytes { scanner.feed($0) }
    }

    private func hold(_ slice: ByteBuffer) {
        let offset = held.readableBytes
        let marks = scan(slice)
        heldMarks.tail = heldMarks.tail ?? marks.tail.map { $0 + offset }
        heldMarks.cut = heldMarks.cut ?? marks.cut.map { $0 + offset }
        if offset == 0 { held = slice } else { held.writeImmutableBuffer(slice) }
        let verdict =
            answerHead.format == .json
            ? scanner.beginning
            : held.withUnsafeReadableBytes { FirstEvent.inspect($0, skin: path.skin) }
        switch verdict {
        case .commit:
            release()
        case .undecided:
            if held.readableBytes >= gateway.settings.commitBytes { release() }
        case .error(let range):
            let json = held.withUnsafeReadableBytes { Array($0.part(range)) }
            judge(Classifier.classify(inBand: json, model: ask.model, at: loop.now))
        }
    }

    /// Passes the commit point: head and held bytes go out, no retry from here.
    private func release() {
        guard stage == .holding else { return }
        stage = .relaying
        status = answerHead.status
        generation = header(.xGenerationID)
        if isStream { loop.counters.streams.add(1, ordering: .relaxed) }
        body.release(gateway: gateway)
        let framing = callerFraming
        answer = CallerAnswer(framing: framing, out: writtenHead(answerHead, framing))
        answerSource = ByteBuffer()
        firstByte = loop.now.monotonic
        lastSent = loop.now.monotonic
        if held.readableBytes > 0 { relay(held, heldMarks) }
        held = ByteBuffer()
        if !door.isWritable { upstream?.pause(true) }
    }

    private func writtenHead(_ head: borrowing ResponseHead, _ framing: BodyFraming) -> ByteBuffer {
        let extra = gateway.settings.securityHeaders
        let bound = HeadWriter.responseBound(source: answerSource.readableBytes, extra: extra.count)
        var out = loop.buffer.take(bound + min(held.readableBytes, CallerAnswer.copyBound))
        let request = request.id
        let (minorVersion, keepAlive) = (door.parser.head.minorVersion, door.parser.head.keepAlive)
        answerSource.withUnsafeReadableBytes { source in
            extra.withUnsafeBytes { extra in
                _ = out.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { region in
                    HeadWriter.writeResponse(
                        head, source: source, framing: framing, minorVersion: minorVersion,
                        requestID: request, extra: extra,
                        keepAlive: keepAlive && !framing.endsByClosing, into: region)
                }
            }
        }
        return out
    }

    /// The framing towards the caller: a stated length is kept, an event
    /// stream is always chunked, HTTP/1.0 ends by closing.
    private var callerFraming: BodyFraming {
        switch answerHead.framing {
        case .none: return .none
        case .length(let count) where answerHead.format != .sse: return .length(count)
        case .length, .chunked, .untilClose:
            return door.parser.head.minorVersion == 0 ? .untilClose : .chunked
        }
    }

    // After it

    private func relay(_ slice: ByteBuffer, _ marks: AnswerMarks) {
        guard !dropsRest else { return }
        var slice = slice
        if let cut = marks.cut {
            dropsRest = true
            slice = slice.readSlice(length: min(max(0, cut), slice.readableBytes)) ?? ByteBuffer()
        }
        if let tail = marks.tail, tail >= 0, tail <= slice.readableBytes,
            let front = slice.readSlice(length: tail)
        {
            answer?.body(front, to: door)
            answer?.shutGate()
        }
        answer?.body(slice, to: door)
    }

    /// The answer is whole: settle, then let its end go.
    private func complete() {
        settle(.complete)
        answer?.end(to: door)
        let reusable = answer?.leavesConnectionUsable ?? false
        finish(end: .complete, code: nil)
        door.answered(reusable: reusable)
    }

    /// The upstream broke off in mid-answer. The caller is told in band where
    /// that is possible, and the connection is cut: the answer must not look
    /// complete, whatever the reader looks at.
    private func breakOff(_ failure: TransportFailure) {
        if dropsRest {
            // What is missing would not have been relayed.
            complete()
            return
        }
        let verdict = Classifier.classify(transport: failure)
        if let last = attempts.indices.last { attempts[last].verdict = verdict }
        settle(.broken(verdict))
        let code: ErrorCode = failure == .stalled ? .upstreamSlow : .upstreamTruncated
        gateway.sink.note(
            ProxyNote(
                message: "answer broke off", request: request.id,
                fields: ["code": code.rawValue, "evidence": verdict.evidence, "rule": verdict.rule]))
        if answerHead.format == .sse, scanner.atEventBoundary, !scanner.isTerminated {
            let event = ErrorAnswer(code, dialect: dialect, requestID: request.id).event
            answer?.openGate(to: door)
            answer?.body(ByteBuffer(bytes: event), to: door)
        }
        answer?.flush(to: door)
        let reset = endsByClosing
        finish(end: .truncated, code: code)
        door.abort(reset: reset)
    }

    // Verdicts

    private func header(_ kind: FieldKind) -> String? {
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

    private func judgeAnswer() {
        let found = UpstreamAnswer(
            status: Int(answerHead.status), retryAfter: header(.retryAfter), rateLimitReset: rateLimitReset,
            contentType: header(.contentType), body: Array(held.readableBytesView.prefix(16 << 10)),
            model: ask.model)
        judge(Classifier.classify(found, at: loop.now))
    }

    /// Lets the connection of this attempt go, unless it ended by itself.
    private func drop() {
        if !upstreamOver { upstream?.discard() }
        upstream = nil
        upstreamOver = true
    }

    private func judge(_ verdict: Verdict) {
        guard let lease, let last = attempts.indices.last else { return }
        let now = loop.now
        attempts[last].verdict = verdict
        closeAttempt(at: now.monotonic)
        let status = attempts[last].status
        tried.append(
            ErrorAnswer.Tried(
                maskedKey: lease.secret.masked, status: status == 0 ? nil : Int(status),
                cause: verdict.cause.name))
        let (next, effects) = gateway.box.decide { engine, rng -> (Next, [Effect]) in
            var effects: [Effect] = []
            let next = engine.heard(
                lease, verdict, ask: ask, allowance: &allowance, replayable: !body.isStreamed, at: now,
                using: &rng,
                effects: &effects)
            return (next, effects)
        }
        carryOut(effects)
        switch next {
        case .relay where stage == .judging || stage == .holding:
            pass()
        case .relay:
            settle(.broken(verdict))
            refuse(Refusal(code: .upstreamUnreachable))
        case .again(let lease, let pause):
            drop()
            self.lease = nil
            if pause <= 0 { dispatch(lease, at: now.monotonic) } else { wait(pause, for: lease) }
        case .refuse(let refusal):
            drop()
            self.lease = nil
            refuse(refusal)
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

    // Deadlines

    func check(monotonic now: Int64) {
        let settings = gateway.settings
        switch stage {
        case .waiting where now - stageSince > settings.upstreamHead:
            drop()
            judge(Classifier.classify(transport: .slowHead))
        case .judging where now - stageSince > 2 * Int64.second:
            judgeAnswer()
            answer?.flush(to: door)
        case .holding where now - stageSince > settings.commitHold:
            release()
            answer?.flush(to: door)
        case .relaying:
            checkRelay(at: now)
        case .receiving, .waiting, .judging, .holding, .pausing, .over:
            break
        }
    }

    private func checkRelay(at now: Int64) {
        guard door.isWritable else { return }
        if now - lastHeard > gateway.settings.streamIdle {
            drop()
            breakOff(.stalled)
        } else if answerHead.format == .sse, scanner.atEventBoundary, !scanner.sawUpstreamComment, !dropsRest,
            now - lastSent > gateway.settings.heartbeat
        {
            lastSent = now
            answer?.body(ByteBuffer(staticString: ": ork keep-alive\n\n"), to: door)
            answer?.flush(to: door)
        }
    }
}
