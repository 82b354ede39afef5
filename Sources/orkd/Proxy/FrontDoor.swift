import Glibc
import NIOCore
import ORKit
import Synchronization

/// One connection from a caller: reads strict HTTP/1.x messages one after the
/// other, hands each to an exchange, and keeps order, deadlines and
/// back-pressure. Confined to its event loop.
///
/// What comes in while an answer is under way (pipelining) waits, bounded, in
/// `inbound`; answers therefore always leave in order.
final class FrontDoor: ChannelDuplexHandler, RosterMember, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What this connection is reading.
    private enum Phase {
        /// Waiting for, or in the middle of, a message head.
        case head
        /// The exchange takes the body.
        case body(BodyReader)
        /// The request was read whole; its answer is under way.
        case answering
        /// Nothing more is read for its own sake: what still comes is thrown
        /// away until the peer closes or the linger deadline ends.
        case closing
    }

    let loop: LoopContext
    let peer: Peer
    private let side: Side
    private(set) var parser: HeadParser
    private var phase = Phase.head
    private var inbound = ByteBuffer()
    private var exchange: (any Exchange)?
    private var context: ChannelHandlerContext?
    /// As the channel told us: asking it costs more than remembering.
    private(set) var isOpen = false
    private(set) var isWritable = false
    private var deadline: Int64 = .max
    private var blockedSince: Int64?
    private var readHeld = false
    private var exchangeWantsNoBody = false
    private var closeAfterAnswer = false
    private var processing = false
    private var discarded = 0
    var rosterPlace = -1

    /// Pipelined bytes beyond this stop the reading.
    private static let pipelineBound = 64 << 10
    /// An unread rest of a body up to this is read and thrown away so that
    /// the connection can stay open.
    private static let drainBound = 64 << 10
    /// How much a connection that is being closed may still send.
    private static let lingerBound = 1 << 20

    /// Which listener this connection came in by.
    enum Side: Sendable {
        /// The data port: proxy, and the routes beside it.
        case data
        /// The control socket: routes only.
        case control(Application)
    }

    init(loop: LoopContext, peer: Peer, side: Side) {
        self.loop = loop
        self.peer = peer
        self.side = side
        parser = HeadParser(limits: loop.gateway.settings.headLimits)
    }

    var settings: ProxySettings { loop.gateway.settings }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { enter() }
    }

    func channelActive(context: ChannelHandlerContext) { enter() }

    private func enter() {
        guard rosterPlace < 0 else { return }
        loop.readClock()
        isOpen = true
        isWritable = context?.channel.isWritable ?? false
        loop.entered(self)
        loop.counters.connections.add(1, ordering: .relaxed)
        deadline = loop.now.monotonic + settings.requestHead
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.readClock()
        isOpen = false
        isWritable = false
        if rosterPlace >= 0 { loop.counters.connections.subtract(1, ordering: .relaxed) }
        loop.left(self)
        phase = .closing
        inbound = ByteBuffer()
        let gone = exchange
        exchange = nil
        gone?.callerGone()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Reset by peer and the like: the channel goes inactive, which ends everything.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        loop.readClock()
        var received = unwrapInboundIn(data)
        if case .closing = phase {
            discarded += received.readableBytes
            if discarded > Self.lingerBound { context.close(promise: nil) }
            return
        }
        if inbound.readableBytes == 0 {
            inbound = received
            if case .head = phase { deadline = loop.now.monotonic + settings.requestHead }
        } else {
            inbound.writeBuffer(&received)
        }
        process()
    }

    /// Back-pressure towards the caller: no read is passed on while what was
    /// read already has nowhere to go.
    func read(context: ChannelHandlerContext) {
        if mustHoldReads { readHeld = true } else { context.read() }
    }

    private var mustHoldReads: Bool {
        switch phase {
        case .body: exchangeWantsNoBody
        case .answering: inbound.readableBytes >= Self.pipelineBound
        case .head, .closing: false
        }
    }

    private func resumeReads() {
        guard readHeld, !mustHoldReads else { return }
        readHeld = false
        context?.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        loop.readClock()
        isWritable = context.channel.isWritable
        blockedSince = isWritable ? nil : (blockedSince ?? loop.now.monotonic)
        exchange?.callerWritable(isWritable)
    }

    private func process() {
        // An exchange may finish inside `process`; the loop below picks the next message up itself.
        guard !processing else { return }
        processing = true
        defer {
            processing = false
            resumeReads()
        }
        while true {
            switch phase {
            case .head:
                guard inbound.readableBytes > 0, readHead() else { return }
            case .body(var reader):
                guard inbound.readableBytes > 0, !exchangeWantsNoBody else { return }
                readBody(&reader)
                if case .body = phase { return }
            case .answering:
                return
            case .closing:
                inbound.clear()
                return
            }
        }
    }

    /// - Returns: false when more bytes are needed or the connection ends.
    private func readHead() -> Bool {
        let progress = inbound.withUnsafeReadableBytes { parser.parse($0) }
        switch progress {
        case .incomplete:
            return false
        case .refused(let refusal):
            refuse(refusal)
            return false
        case .complete(let length):
            guard let source = inbound.readSlice(length: length) else { return false }
            if inbound.readableBytes == 0 { inbound = ByteBuffer() }
            begin(source)
            return true
        }
    }

    private func begin(_ source: ByteBuffer) {
        if !parser.head.keepAlive { closeAfterAnswer = true }
        let framing = parser.head.framing
        let now = loop.now
        let request = ReceivedHead(id: loop.nextID(), at: now, source: source)
        deadline = .max
        switch framing {
        case .none: phase = .answering
        case .length(let count): phase = count == 0 ? .answering : .body(.length(count))
        case .chunked, .untilClose: phase = .body(.chunked(ChunkedReader()))
        }
        let made: any Exchange =
            switch side {
            case .data: DataExchange.make(door: self, request: request)
            case .control(let application):
                ApplicationExchange(door: self, request: request, application: application)
            }
        exchange = made
        if case .body = phase { deadline = now.monotonic + settings.bodyIdle }
        made.start()
        if case .answering = phase, exchange === made { made.bodyEnded() }
    }

    private func readBody(_ reader: inout BodyReader) {
        deadline = loop.now.monotonic + settings.bodyIdle
        while true {
            let step = reader.next(&inbound)
            phase = .body(reader)
            switch step {
            case .data(let slice):
                exchange?.body(slice)
                guard case .body = phase, !exchangeWantsNoBody else { return }
            case .needMore:
                return
            case .end:
                phase = .answering
                deadline = .max
                exchange?.bodyEnded()
                return
            case .refused(let rule):
                refuseBody(rule)
                return
            }
        }
    }

    /// Stops or resumes the body: nothing more is read while stopped, and the
    /// caller is not to blame that nothing comes.
    func wantBody(_ wanted: Bool) {
        exchangeWantsNoBody = !wanted
        if case .body = phase { deadline = wanted ? loop.now.monotonic + settings.bodyIdle : .max }
        if wanted {
            process()
            resumeReads()
        }
    }

    /// Tells a caller that waits with `Expect: 100-continue` to go on.
    func continueIfExpected() {
        guard parser.head.expectsContinue else { return }
        write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
        flush()
    }

    func write(_ buffer: ByteBuffer) { context?.write(wrapOutboundOut(buffer), promise: nil) }
    func flush() { context?.flush() }

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
        context?.close(promise: nil)
    }

    /// Whether the connection can stay open although the answer comes before
    /// the body was read: only when the whole body is here already.
    var bodyIsIn: Bool {
        switch phase {
        case .body(.length(let left)): left <= Int64(inbound.readableBytes) && left <= Int64(Self.drainBound)
        case .body(.chunked): false
        case .head, .answering: true
        case .closing: false
        }
    }

    /// An answer was given before the body was read: reads the rest and
    /// throws it away if that is little and here already.
    private func discardRest() -> Bool {
        guard case .body(var reader) = phase else { return true }
        var budget = Self.drainBound
        while budget >= 0 {
            switch reader.next(&inbound) {
            case .data(let slice): budget -= slice.readableBytes
            case .end: return true
            case .needMore, .refused: return false
            }
        }
        return false
    }

    private func refuse(_ refusal: HeadRefusal) {
        answerDirectly(code: refusal.code, detail: "\(refusal.rule)")
    }

    private func refuseBody(_ rule: StaticString) {
        if let current = exchange {
            exchange = nil
            current.bodyRefused(.badBody, "\(rule)")
        }
        if isOpen { shutdown() }
    }

    /// Answers without an exchange and closes.
    private func answerDirectly(code: ErrorCode, detail: String?) {
        let id = loop.nextID()
        let error = ErrorAnswer(code, message: detail.map { code.entry.title + ": " + $0 }, requestID: id)
        let answer = OwnAnswer(error, id: id)
        write(answer.bytes(settings: settings, keepAlive: false, head: false))
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
        deadline = loop.now.monotonic + settings.writeIdle
        context.flush()
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { [weak self] _ in
            guard let self else { return }
            loop.readClock()
            deadline = loop.now.monotonic + settings.linger
        }
        context.close(mode: .output, promise: sent)
        resumeReads()
    }

    func closeWhenIdle() {
        closeAfterAnswer = true
        if case .head = phase, inbound.readableBytes == 0 { shutdown() }
    }

    func cut() { context?.close(promise: nil) }

    func check(monotonic: Int64) {
        if let since = blockedSince, monotonic - since > settings.writeIdle {
            blockedSince = nil
            let stalled = exchange
            exchange = nil
            stalled?.callerStalled()
            phase = .closing
            context?.close(promise: nil)
            return
        }
        exchange?.check(monotonic: monotonic)
        guard monotonic > deadline else { return }
        deadline = .max
        switch phase {
        case .head where inbound.readableBytes > 0:
            answerDirectly(code: .requestTimeout, detail: nil)
        case .head, .closing:
            context?.close(promise: nil)
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
