import Glibc
import NIOCore
import ORKit
import Synchronization

// The ends of an answer and of the connection: in good order, refused, broken
// off, or by a deadline.

extension FrontDoor {
    /// An unread rest of a body up to this is read and thrown away so that
    /// the connection can stay open.
    private static let drainBound = 64 << 10

    /// The answer was written whole.
    ///
    /// - Parameter reusable: false when the connection must end with it, for
    ///   example because its end is the end of the body.
    func answered(reusable: Bool) {
        exchange = nil
        exchangeWantsNoBody = false
        guard isOpen else { return }
        if case .body = phase, !discardRest() {
            shutdown()
            return
        }
        guard reusable, !closeAfterAnswer else {
            shutdown()
            return
        }
        phase = .head
        hasAnswered = true
        parser.reset()
        deadline =
            loop.now.monotonic
            + (inbound.readableBytes > 0 ? settings.requestHead : settings.keepAliveIdle)
        process()
    }

    /// Breaks the answer off so that the caller cannot take it for a whole
    /// one.
    ///
    /// - Parameter reset: true where the end of the connection is the end of
    ///   the body, and an ordinary close would look like success. Otherwise
    ///   the framing shows that the end is missing, and what was written
    ///   still arrives.
    func abort(reset: Bool) {
        exchange = nil
        guard reset else {
            shutdown()
            return
        }
        phase = .closing
        flush()
        if let socket = context?.channel as? any SocketOptionProvider {
            // Should the option fail, the close below is still the best that can be done.
            _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        cut()
    }

    /// Whether the connection outlives the answer whose head is written now:
    /// the head has to say so.
    var staysOpen: Bool { !closeAfterAnswer && bodyIsIn && !loop.gateway.isCrowded }

    /// Whether the connection can stay open although the answer comes before
    /// the body was read: only when the whole body is here already.
    var bodyIsIn: Bool {
        switch phase {
        case .body:
            switch body {
            case .length(let left): left <= Int64(inbound.readableBytes) && left <= Int64(Self.drainBound)
            case .chunked: false
            }
        case .head, .answering: true
        case .surplus, .closing: false
        }
    }

    /// An answer was given before the body was read: reads the rest and
    /// throws it away if that is little and here already.
    private func discardRest() -> Bool {
        guard case .body = phase else { return true }
        var budget = Self.drainBound
        while budget >= 0 {
            switch body.next(&inbound) {
            case .data(let slice): budget -= slice.readableBytes
            case .end: return true
            case .needMore, .refused: return false
            }
        }
        return false
    }

    func refuse(_ refusal: HeadRefusal) {
        answerDirectly(code: refusal.code, detail: "\(refusal.rule)")
    }

    func refuseBody(_ rule: StaticString) {
        if let current = exchange {
            exchange = nil
            current.bodyRefused(.badBody, "\(rule)")
        }
        if isOpen { shutdown() }
    }

    /// The peer's first bytes have come, and there is no room for it.
    func refuseSurplus() {
        loop.counters.requests.add(1, ordering: .relaxed)
        loop.counters.failed.add(1, ordering: .relaxed)
        loop.tally.surplus += 1
        answerDirectly(code: .overloaded, detail: "too many connections", retryAfter: 1000)
    }

    /// Answers without an exchange and closes.
    private func answerDirectly(code: ErrorCode, detail: String?, retryAfter: Int64? = nil) {
        loop.tally.refuse(code)
        let id = loop.nextID()
        let error = ErrorAnswer(code, detail: detail, requestID: id, retryAfterMilliseconds: retryAfter)
        let answer = OwnAnswer(error, id: id)
        // What was refused may have been a HEAD all the same: its answer has no body.
        let isHead = inbound.withUnsafeReadableBytes { $0.starts(with: "HEAD ".utf8) }
        write(answer.bytes(on: loop, keepAlive: false, minorVersion: 1, head: isHead, crossOrigin: []))
        shutdown()
    }

    /// Sends what is written, says that no more comes, and lets the peer
    /// finish for a moment: closing at once would reset the connection and
    /// could destroy the answer on its way. The moment begins when the last
    /// byte is out: a slow reader may take its time for the end of an answer.
    private func shutdown() {
        phase = .closing
        inbound = ByteBuffer()
        guard let context else { return }
        deadline = .max
        stall.start(at: loop.now.monotonic)
        context.flush()
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { [weak self] _ in
            guard let self else { return }
            loop.readClock()
            stall.stop()
            deadline = loop.now.monotonic + settings.linger
        }
        context.close(mode: .output, promise: sent)
        resumeReads()
    }

    func closeWhenIdle() {
        closeAfterAnswer = true
        if case .head = phase, inbound.readableBytes == 0 { shutdown() }
    }

    /// What the kernel has not taken yet; for a channel that does not tell,
    /// always the same.
    private var unsentBytes: Int {
        guard let options = context?.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    var isClosing: Bool { if case .closing = phase { true } else { false } }

    /// How long a connection may be idle while others find no room.
    private static let crowdedIdle = Int64.second

    /// Between two requests.
    private var isIdle: Bool {
        guard case .head = phase else { return false }
        return hasAnswered && inbound.readableBytes == 0
    }

    func check(monotonic: Int64) {
        if stall.isOn, stall.isStalled(at: monotonic, limit: settings.writeIdle, unsent: { unsentBytes }) {
            stall.stop()
            let stalled = exchange
            exchange = nil
            stalled?.callerStalled()
            phase = .closing
            cut()
            return
        }
        exchange?.check(monotonic: monotonic)
        let early =
            isIdle && loop.gateway.isCrowded ? max(0, settings.keepAliveIdle - Self.crowdedIdle) : 0
        guard monotonic > deadline - early else { return }
        deadline = .max
        switch phase {
        case .head where inbound.readableBytes > 0:
            answerDirectly(code: .requestTimeout, detail: nil)
        case .surplus, .head, .closing:
            cut()
        case .body:
            let current = exchange
            exchange = nil
            current?.bodyRefused(.requestTimeout, nil)
            if isOpen { shutdown() }
        case .answering:
            // No deadline of this connection's own runs while the exchange answers.
            break
        }
    }
}
