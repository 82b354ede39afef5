import NIOCore
import ORKit
import Synchronization

// A good answer on its way to the caller: held until it is sure to be one
// (ruling 38), then released and relayed.

extension ProxyExchange {
    func scan(_ slice: ByteBuffer) -> AnswerMarks {
        slice.withUnsafeReadableBytes { scanner.feed($0) }
    }

    func hold(_ slice: ByteBuffer) {
        keepBack(slice)
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

    /// What comes while the disk is awaited. It is not much: the upstream is
    /// told to wait too.
    func withhold(_ slice: ByteBuffer) {
        keepBack(slice)
        if held.readableBytes >= gateway.settings.commitBytes { upstream?.pause(true) }
    }

    private func keepBack(_ slice: ByteBuffer) {
        let offset = held.readableBytes
        let marks = scan(slice)
        heldMarks.tail = heldMarks.tail ?? marks.tail.map { $0 + offset }
        heldMarks.cut = heldMarks.cut ?? marks.cut.map { $0 + offset }
        if offset == 0 { held = slice } else { held.writeImmutableBuffer(slice) }
    }

    /// Passes the commit point: head and held bytes go out as soon as the
    /// ledger allows it, no retry from here.
    func release() {
        guard stage == .holding else { return }
        letGoOfRequest()
        if gateway.box.awaitsGoodNews { tellGood() }
        if isReserved { beginRelay() } else { awaitReservation() }
    }

    func beginRelay() {
        openAnswer()
        stage = .relaying
        // What was held may be more than there are credits for. A whole answer costs no more than it did, and
        // of an event that has begun more is to come.
        guard upstreamOver || !scanner.atEventBoundary || holdEnough() else {
            return stop(.creditsExhausted, inEvent: false)
        }
        upstream?.pause(!door.isWritable)
    }

    /// Writes the head and what was held. Sends nothing yet.
    ///
    /// - Parameter extra: bytes of ours that will stand in the body; nil: not
    ///   known yet.
    func openAnswer(extra: Int? = nil) {
        noteQueue(wasServed: true)
        status = answerHead.status
        if isStream {
            isCountedAsStream = true
            loop.counters.streams.add(1, ordering: .relaxed)
        }
        letGoOfRequest()
        let framing = callerFraming(extra: extra)
        let keepAlive = door.staysOpen
        answer = CallerAnswer(
            framing: framing, keepAlive: keepAlive, takesNote: tellsUsage || !framing.isLength,
            out: writtenHead(framing, keepAlive))
        answerHead.letGoOfSource()
        firstByte = loop.now.monotonic
        lastSent = loop.now.monotonic
        guard held.readableBytes > 0 else { return }
        var begun = ByteBuffer()
        swap(&begun, &held)
        countMeter(begun)
        relay(begun, heldMarks)
    }

    private func writtenHead(_ framing: BodyFraming, _ keepAlive: Bool) -> ByteBuffer {
        let security = gateway.settings.securityHeaders
        // The upstream's date stays; an answer without one gets ours (RFC 9110, 6.6.1).
        let date = answerHead.has(.date) ? [] : loop.dateLine
        let crossOrigin = door.crossOriginLines
        let queue = queueStay.map { Array("\(QueueStay.name): \($0.value)\r\n".utf8) } ?? []
        let limits = rateLimit
        let bound = HeadWriter.responseBound(
            source: answerHead.length,
            ours: security.count + date.count + crossOrigin.count + queue.count + RateLimitFields.longest)
        var out = loop.buffers.take(bound + min(held.readableBytes, CallerAnswer.copyBound))
        let request = request.id
        let minorVersion = door.parser.head.minorVersion
        answerHead.read { head, source in
            _ = out.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { region in
                HeadWriter.writeResponse(
                    head, source: source, framing: framing, minorVersion: minorVersion, requestID: request,
                    keepAlive: keepAlive && !framing.endsByClosing, into: region
                ) { lines in
                    lines.put(security)
                    lines.put(date)
                    lines.put(crossOrigin)
                    lines.put(queue)
                    limits?.write(to: &lines)
                }
            }
        }
        return out
    }

    /// The framing towards the caller: a stated length is kept, an event
    /// stream is always chunked, HTTP/1.0 ends by closing.
    private func callerFraming(extra: Int?) -> BodyFraming {
        let extra = tellsUsage ? extra : 0
        switch answerHead.framing {
        case .none: return .none
        // Where something of ours is added, all of the answer is in memory: the sum fits.
        case .length(let count) where answerHead.format != .sse && extra != nil:
            return .length(count + Int64(extra ?? 0))
        case .length, .chunked, .untilClose:
            return door.parser.head.minorVersion == 0 ? .untilClose : .chunked
        }
    }

    /// Something of ours will stand before the end of the answer.
    private var tellsUsage: Bool { isMetered && answerHead.format == .json && status < 300 }

    func relay(_ slice: consuming ByteBuffer, _ marks: AnswerMarks) {
        guard !dropsRest else { return }
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
    func complete() {
        settleWhole()
        settleThenEnd()
    }

    /// Gives the lease of an answer back that came to its end.
    func settleWhole() {
        if scanner.inBandError, let last = attempts.indices.last, attempts[last].verdict.cause == .ok {
            attempts[last].verdict = .failedInside
            settle(.broken(.failedInside))
        } else {
            settle(.complete)
        }
    }

    /// Everything is written down: the end may leave.
    func endAnswer() {
        let note = usageNote
        if answer == nil { openAnswer(extra: note?.count ?? 0) }
        if let note { answer?.insert(note, to: door) }
        FailPoint.pass(.beforeLastByte)
        answer?.end(to: door)
        FailPoint.pass(.afterLastByte)
        let reusable = answer?.keepsConnection ?? false
        finish(end: .complete, code: nil)
        door.answered(reusable: reusable)
    }

    /// The upstream broke off in mid-answer. The caller is told in band where
    /// that is possible, and the connection is cut: the answer must not look
    /// complete, whatever the reader looks at.
    func breakOff(_ failure: TransportFailure) {
        if dropsRest || scanner.streamIsOver {
            // What is missing would not have been relayed, or is framing, which is ours anyway.
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
        cutShort(code, inEvent: !scanner.atEventBoundary)
    }

    /// Lets go of an answer that is on its way, or is read on for nobody: we
    /// end it, and nobody upstream is to blame.
    ///
    /// - Parameter inEvent: whether what was relayed ends in the middle of an
    ///   event.
    func stop(_ code: ErrorCode, inEvent: Bool) {
        guard stage != .draining else { return stopDraining() }
        drop()
        settle(.abandoned)
        cutShort(code, inEvent: inEvent)
    }

    /// Ends an answer in the middle, so that nobody takes it for a whole one.
    func cutShort(_ code: ErrorCode, inEvent: Bool) {
        if answerHead.format == .sse, !inEvent {
            let event = ErrorAnswer(code, dialect: dialect, requestID: request.id).event
            answer?.openGate(to: door)
            answer?.body(ByteBuffer(bytes: event), to: door)
        }
        answer?.flush(to: door)
        let reset = endsByClosing
        finish(end: .truncated, code: code)
        door.abort(reset: reset)
    }
}
