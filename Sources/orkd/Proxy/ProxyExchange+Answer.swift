import NIOCore
import ORKit
import Synchronization

// The upstream's side of a request: what is heard, and what does not come in time.

extension ProxyExchange: UpstreamReceiver {
    func upstreamReady(_ connection: UpstreamConnection) { send(on: connection) }

    func upstreamHead(_ head: borrowing ResponseHead, source: ByteBuffer) {
        guard stage == .waiting || stage == .draining, let last = attempts.indices.last else { return }
        FailPoint.pass(.afterUpstreamHead)
        let now = loop.now.monotonic
        attempts[last].status = head.status
        loop.counters.lastAnswer.store(now, ordering: .relaxed)
        headMilliseconds = Double(now - attemptStart) / 1_000_000
        answerHead.take(head, source: source)
        generation = answerHead.text(of: .xGenerationID)
        lastHeard = now
        if held.capacity > 0 { held = ByteBuffer() }
        heldMarks = AnswerMarks()
        let isGood = (200..<300).contains(head.status) || head.status == 304
        let isWatched = isGood && !head.framing.isNone
        scanner = AnswerScanner(format: isWatched ? head.format : .opaque, skin: path.skin)
        if stage == .draining {
            // A failure says nothing about usage.
            if isGood { noteSent() } else { stopDraining() }
            return
        }
        stageSince = now
        switch head.status {
        case _ where isGood && isPage:
            stage = .judging
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
            let marks = scan(slice)
            if meter(slice) { relay(slice, marks) } else { relayLast(slice, marks) }
            FailPoint.pass(.midStream)
        case .holding:
            hold(slice)
        case .reserving:
            withhold(slice)
        case .judging:
            held.writeImmutableBuffer(slice)
            if held.readableBytes >= gateway.settings.commitBytes { judgeAnswer() }
        case .draining:
            readOn(slice)
        case .receiving, .counting, .waiting, .pausing, .queued, .settling, .over:
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
        case .reserving:
            scanner.finish()
            if isBrokenOff { brokenBy = .truncated } else { complete() }
        case .relaying:
            scanner.finish()
            if isBrokenOff { breakOff(.truncated) } else { complete() }
        case .draining:
            scanner.finish()
            drainEnded(by: isCutShort ? .truncated : nil)
        case .receiving, .counting, .waiting, .pausing, .queued, .settling, .over:
            break
        }
    }

    func upstreamReadComplete() {
        guard stage == .relaying, !owesFlush else { return }
        owesFlush = true
        loop.flushSoon(self)
    }

    /// Whatever has become of the answer meanwhile, what was gathered is sent.
    func flushOwed() {
        owesFlush = false
        // What is whole leaves together with its end.
        guard stage == .relaying else { return }
        noteSent()
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
        case .holding where isPassing, .reserving:
            brokenBy = failure
        case .holding:
            judge(Classifier.classify(transport: failure))
        case .judging:
            brokenBy = failure
            judgeAnswer()
        case .relaying:
            breakOff(failure)
        case .draining:
            drainEnded(by: failure)
        case .receiving, .counting, .pausing, .queued, .settling, .over:
            break
        }
    }

    func upstreamWritable(_ writable: Bool) {
        if writable, body.isStreamed, !body.isWhole, !wantsNoMoreBody { door.wantBody(true) }
    }

    func callerWritable(_ writable: Bool) {
        guard stage == .relaying else { return }
        if writable { lastHeard = loop.now.monotonic }
        upstream?.pause(!writable)
    }

    /// HTML, where an answer in one of the dialects is due: whatever stands
    /// before the upstream has answered in its place.
    private var isPage: Bool {
        answerHead.format == .opaque && !answerHead.framing.isNone && path.skin != .other
            && answerHead.text(of: .contentType).map(UpstreamAnswer.isHTML) == true
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

    /// Of what is on its way already: cut short, and its reader would not see it.
    private var isBrokenOff: Bool {
        let showsEnd = answerHead.format != .sse && !answerHead.framing.endsByClosing
        return isCutShort && !showsEnd && !scanner.streamIsOver
    }

    func checkStage(at now: Int64) {
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
        case .reserving, .settling:
            checkPosting(at: now)
        case .receiving, .counting, .waiting, .judging, .holding, .pausing, .queued, .draining, .over:
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
