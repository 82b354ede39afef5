import NIOCore
import ORKit
import Synchronization

/// One proxied request, from its head to its record. Confined to the event
/// loop of its connection.
///
/// The way through: collect the body, ask the engine for a key, send, judge
/// the answer, perhaps once more on another key, relay, settle, record.
/// Nothing is tried again after a byte of an answer has left.
final class ProxyExchange: Exchange {
    /// Where the request stands.
    enum Stage {
        /// The body is being collected.
        case receiving
        /// An attempt is under way and has no answer yet.
        case waiting
        /// An answer that is not a good one: its body is read, to be judged.
        case judging
        /// A good head came; nothing has been released yet (ruling 38).
        case holding
        /// Released: from here on it is this answer or none.
        case relaying
        /// Between two attempts on the same key.
        case pausing
        case over
    }

    /// Held until the end; the door lets go of its exchange there.
    let door: FrontDoor
    let loop: LoopContext
    var request: ReceivedHead
    let client: ClientEntry
    let path: ProxyPath
    let method: RequestMethod
    var stage = Stage.receiving

    // The request's side
    var body = CallerBody()
    var ask: Ask
    var isStream = false

    // The attempts
    var lease: Lease?
    var allowance = Allowance()
    var attempts: [AttemptRecord] = []
    /// What went wrong so far, as the caller is told in the end.
    var tried: [ErrorAnswer.Tried] = []
    var upstream: UpstreamConnection?
    /// Rises with every attempt: what an older one still reports is ignored.
    var serial = 0
    var attemptStart: Int64 = 0
    var triedStale = false

    // The answer
    var answerHead = ResponseHead()
    var answerSource = ByteBuffer()
    var held = ByteBuffer()
    var heldMarks = AnswerMarks()
    var scanner = AnswerScanner(format: .opaque, skin: .other)
    var answer: CallerAnswer?
    var upstreamOver = false
    /// Why an answer that is no good one is not whole either.
    var brokenBy: TransportFailure?
    var dropsRest = false
    var headMilliseconds: Double?
    var firstByte: Int64?
    var status: UInt16 = 0
    /// When the present stage ends by itself, or the upstream was last heard.
    var stageSince: Int64
    var lastHeard: Int64 = 0
    var lastSent: Int64 = 0
    var generation: String?

    init(door: FrontDoor, request: ReceivedHead, client: ClientEntry, path: ProxyPath) {
        self.door = door
        self.request = request
        self.client = client
        self.path = path
        loop = door.loop
        method = door.parser.head.method
        ask = Ask(client: client.id, model: nil)
        stageSince = request.at.monotonic
    }

    var gateway: Gateway { loop.gateway }
    var dialect: ErrorDialect { ErrorDialect(path.skin) }
    /// Whether the caller knows the end of the answer only by the end of the
    /// connection.
    var endsByClosing: Bool { answer?.leavesConnectionUsable == false }

    func start() {
        loop.counters.requests.add(1, ordering: .relaxed)
        loop.counters.inFlight.add(1, ordering: .relaxed)
        body.prepare(head: door.parser.head, source: request.source)
        if body.isExpected { door.continueIfExpected() }
    }

    // The body

    func body(_ slice: ByteBuffer) {
        switch stage {
        case .receiving:
            guard body.total + Int64(slice.readableBytes) <= gateway.settings.bodyLimit else {
                refuse(ErrorAnswer(.bodyTooLarge))
                return
            }
            guard body.keep(slice, gateway: gateway) else {
                refuse(ErrorAnswer(.overloaded, retryAfterMilliseconds: 1000))
                return
            }
            if body.mustStream(limit: gateway.settings.replayLimit) {
                body.isStreamed = true
                door.wantBody(false)
                readFields()
            }
        case .over:
            break
        default:
            forward(slice)
        }
    }

    func bodyEnded() {
        body.isWhole = true
        switch stage {
        case .receiving: readFields()
        case .over: break
        default: if body.isStreamed { forward(nil) }
        }
    }

    func bodyRefused(_ code: ErrorCode, _ detail: String?) {
        guard stage != .over else { return }
        giveUp(ErrorAnswer(code, message: detail.map { code.entry.title + ": " + $0 }))
    }

    /// The caller's own body is at fault while an attempt may be under way.
    private func giveUp(_ error: ErrorAnswer) {
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

    /// Looks at the fields that matter here, then asks for a key.
    private func readFields() {
        ask.replayable = !body.isStreamed
        if path.class == .inference, method == .post, let kept = body.kept {
            switch body.fields(in: kept) {
            case .absent: break
            case .found(let model, let stream):
                ask.model = model
                isStream = stream
            case .refused(let code, let rule):
                refuse(ErrorAnswer(code, message: code.entry.title + ": \(rule)"))
                return
            }
        }
        begin()
    }

    // The attempts

    private func begin() {
        let now = loop.now
        switch gateway.box.decide({ engine, rng in engine.begin(ask, at: now, using: &rng) }) {
        case .lease(let lease): dispatch(lease, at: now.monotonic)
        case .refuse(let refusal): refuse(refusal)
        }
    }

    func dispatch(_ lease: Lease, at now: Int64) {
        self.lease = lease
        if attempts.count > 0 { loop.counters.retries.add(1, ordering: .relaxed) }
        attempts.append(
            AttemptRecord(
                key: lease.key, choice: lease.choice, usable: lease.usable, total: lease.total, status: 0,
                verdict: .ok, startedMicroseconds: microseconds(at: now), microseconds: 0))
        attemptStart = now
        triedStale = false
        connect()
    }

    /// - Parameter anew: on a connection that has carried nothing yet.
    func connect(anew: Bool = false) {
        serial += 1
        stage = .waiting
        stageSince = loop.now.monotonic
        upstreamOver = false
        brokenBy = nil
        loop.pool.acquire(for: self, attempt: serial, anew: anew)
    }

    func stillWaits(for attempt: Int) -> Bool { serial == attempt && stage == .waiting }

    /// Gives the request to the connection.
    func send(on connection: UpstreamConnection) {
        upstream = connection
        let framing: BodyFraming =
            if !body.isExpected {
                .none
            } else if let length = body.knownLength {
                .length(length)
            } else {
                .chunked
            }
        let keptBytes = body.kept?.readableBytes ?? 0
        let isSmall = keptBytes <= Self.joinBound
        var out = writtenHead(door.parser.head, framing, andRoomFor: isSmall ? keptBytes : 0)
        var rest = body.kept
        if framing.isChunked {
            rest = rest.map { BodyFrame.chunk($0) }
        } else if isSmall, let kept = rest {
            out.writeImmutableBuffer(kept)
            rest = nil
        }
        connection.start(head: out, body: rest, complete: !body.isStreamed, method: method, receiver: self)
        loop.buffer.give(consume out)
        if body.isStreamed {
            body.release(gateway: gateway)
            if body.isWhole { forward(nil) } else { door.wantBody(true) }
        }
    }

    private func writtenHead(
        _ head: borrowing RequestHead, _ framing: BodyFraming, andRoomFor bytes: Int
    ) -> ByteBuffer {
        let origin = gateway.origin
        let bound = HeadWriter.requestBound(
            source: request.source.readableBytes, path: origin.prefix.count + path.upstream.count,
            secret: lease?.secret.count ?? 0)
        var out = loop.buffer.take(bound + bytes)
        request.source.withUnsafeReadableBytes { source in
            path.upstream.withUnsafeBytes { path in
                origin.prefix.withUnsafeBytes { prefix in
                    origin.hostField.withUnsafeBytes { host in
                        _ = out.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { region in
                            HeadWriter.writeRequest(
                                head, source: source, base: prefix, path: path,
                                query: head.query.map { source.part($0) }, host: host,
                                secret: lease?.secret ?? Secret([]), framing: framing,
                                attribution: gateway.settings.attribution, into: region)
                        }
                    }
                }
            }
        }
        return out
    }

    /// Bodies up to this are copied behind the head: one system call, one segment.
    private static let joinBound = 4 << 10

    /// Passes on a piece of a body that is too large to be kept; nil is its end.
    private func forward(_ slice: ByteBuffer?) {
        guard body.isStreamed, let upstream, !upstreamOver else { return }
        let chunked = body.knownLength == nil
        if let slice {
            body.count(slice)
            guard body.total <= gateway.settings.bodyLimit else {
                giveUp(ErrorAnswer(.bodyTooLarge))
                return
            }
            upstream.send(chunked ? BodyFrame.chunk(slice) : slice)
            if !upstream.isWritable { door.wantBody(false) }
        } else {
            if chunked { upstream.send(ByteBuffer(staticString: "0\r\n\r\n")) }
            upstream.requestComplete()
        }
    }

    // Ends

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
        status = UInt16(clamping: error.status)
        firstByte = firstByte ?? loop.now.monotonic
        let id = request.id
        finish(end: .refused, code: error.code)
        door.give(OwnAnswer(error, id: id))
    }

    func callerGone() {
        guard stage != .over else { return }
        abandon(end: .clientGone)
    }

    func callerStalled() {
        guard stage != .over else { return }
        abandon(end: .stalled)
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
        guard let lease else { return }
        self.lease = nil
        let now = loop.now
        closeAttempt(at: now.monotonic)
        let outcome = Outcome(end: end, usage: scanner.usage, headMilliseconds: headMilliseconds)
        let effects = gateway.box.decide { engine, _ -> [Effect] in
            var effects: [Effect] = []
            engine.end(lease, outcome, at: now, effects: &effects)
            return effects
        }
        carryOut(effects)
    }

    func closeAttempt(at now: Int64) {
        guard let last = attempts.indices.last, attempts[last].microseconds == 0 else { return }
        attempts[last].microseconds = max(1, (now - attemptStart) / 1000)
    }

    func carryOut(_ effects: [Effect]) {
        guard !effects.isEmpty else { return }
        gateway.sink.carryOut(effects, of: request.id)
    }

    func microseconds(at now: Int64) -> Int64 { (now - request.at.monotonic) / 1000 }

    /// Writes the record and lets everything go. Exactly once.
    func finish(end: RequestEnd, code: ErrorCode?) {
        guard stage != .over else { return }
        if stage == .relaying, isStream { loop.counters.streams.subtract(1, ordering: .relaxed) }
        stage = .over
        serial += 1
        let now = loop.now.monotonic
        loop.counters.inFlight.subtract(1, ordering: .relaxed)
        if end != .complete || status >= 400 { loop.counters.failed.add(1, ordering: .relaxed) }
        loop.keep(record(end: end, code: code, at: now))
        body.release(gateway: gateway)
        held = ByteBuffer()
        answer = nil
        upstream = nil
    }

    private func record(end: RequestEnd, code: ErrorCode?, at now: Int64) -> RequestRecord {
        let usage = scanner.usage
        let quality: UsageQuality =
            if usage != nil {
                .exact
            } else if path.class == .inference, attempts.contains(where: { $0.mayHaveRun }) {
                .unknown
            } else {
                .none
            }
        return RequestRecord(
            id: request.id, client: client.id, method: method,
            path: path.text,
            model: ask.model, stream: isStream, status: status, code: code, end: end, attempts: attempts,
            bytesIn: body.total, bytesOut: answer?.bytes ?? 0,
            firstByteMicroseconds: firstByte.map { microseconds(at: $0) },
            microseconds: microseconds(at: now),
            usage: usage ?? Usage(), quality: quality, generation: generation ?? scanner.generation)
    }
}

extension AttemptRecord {
    /// Whether a model may have worked for this attempt: then silence about
    /// usage means unknown, not nothing.
    fileprivate var mayHaveRun: Bool {
        switch verdict.cause {
        case .ok: status == 0 || (200..<300).contains(status)
        case .upstreamError, .slow, .truncated, .malformed: true
        case .rateLimited, .creditsOut, .keyLimit, .inFlightBudget, .rejected, .badRequest, .unreachable,
            .edge:
            false
        }
    }
}
