import NIOCore
import NIOTLS
import ORKit
import Synchronization

/// One connection from a caller: reads strict HTTP/1.x messages one after the
/// other, hands each to an exchange, and keeps order, deadlines and
/// back-pressure. Confined to its event loop.
///
/// What comes in while an answer is under way (pipelining) waits, bounded, in
/// `inbound`; answers therefore always leave in order.
final class FrontDoor: SocketSender, RosterMember, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What this connection is reading.
    enum Phase {
        /// One connection too many: it is told so when it has begun to speak.
        /// Earlier, an HTTP library could take the answer for a stray one.
        case surplus
        /// Waiting for, or in the middle of, a message head.
        case head
        /// The exchange takes the body.
        case body
        /// The request was read whole; its answer is under way.
        case answering
        /// Nothing more is read for its own sake: what still comes is thrown
        /// away until the peer closes or the linger deadline ends.
        case closing
    }

    let loop: LoopContext
    let peer: Peer
    private let side: Side
    /// Told of every request.
    private let reads: RequestReads
    /// Whether TLS stands between the socket and us.
    private let isSecured: Bool
    var parser: HeadParser
    var credential = KnownCredential()
    var phase = Phase.head
    /// What is left of the body, while that is read.
    var body = BodyReader.length(0)
    var inbound = ByteBuffer()
    var exchange: (any Exchange)?
    var context: ChannelHandlerContext?
    var socket = DirectSocket()
    /// As the channel told us: asking it costs more than remembering.
    private(set) var isOpen = false
    private(set) var isWritable = false
    var deadline: Int64 = .max
    var stall = StallWatch()
    private var readHeld = false
    var exchangeWantsNoBody = false
    var closeAfterAnswer = false
    /// At least once.
    var hasAnswered = false
    private var processing = false
    /// The kernel may tell in a flush that the caller is gone.
    private var isFlushing = false
    /// As what `proxy.max_connections` counts it; nil on the control socket.
    private var admission: Gateway.Admission?
    /// Whether TLS, where there is any, stands.
    private var isAgreed = false
    private var discarded = 0
    /// What the answer to this request tells a browser about the page that
    /// asked; empty where no page may read answers.
    private(set) var crossOriginLines: [UInt8] = []
    var rosterPlace = -1

    /// Pipelined bytes beyond this stop the reading.
    private static let pipelineBound = 64 << 10
    /// How much a connection that is being closed may still send.
    private static let lingerBound = 1 << 20

    /// Which listener this connection came in by.
    enum Side: Sendable {
        /// The data port: proxy, and the routes beside it.
        case data
        /// The control socket: routes only.
        case control(Application)
    }

    init(loop: LoopContext, peer: Peer, side: Side, isSecured: Bool, reads: RequestReads) {
        self.loop = loop
        self.peer = peer
        self.side = side
        self.isSecured = isSecured
        self.reads = reads
        isAgreed = !isSecured
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
        if !isSecured, let context { socket = DirectSocket(context) }
        loop.entered(self)
        loop.counters.connections.add(1, ordering: .relaxed)
        if case .data = side { loop.tally.connections += 1 }
        deadline = loop.now.monotonic + settings.requestHead
        guard case .data = side else { return }
        let admission = loop.gateway.admitConnection()
        self.admission = admission
        switch admission {
        case .admitted: break
        case .surplus:
            phase = .surplus
            deadline = loop.now.monotonic + settings.linger
        case .refused:
            loop.tally.surplus += 1
            phase = .closing
            cut()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.readClock()
        isOpen = false
        isWritable = false
        socket.close()
        if rosterPlace >= 0 { loop.counters.connections.subtract(1, ordering: .relaxed) }
        if !isAgreed { loop.tally.failedHandshakes += 1 }
        loop.left(self)
        if let admission { loop.gateway.connectionEnded(admission) }
        admission = nil
        phase = .closing
        inbound = ByteBuffer()
        self.context = nil
        guard let gone = exchange else { return }
        exchange = nil
        guard isFlushing else {
            gone.callerGone()
            return
        }
        // It is the exchange that flushes: it must not be changed behind its own back.
        let box = NIOLoopBound(gone, eventLoop: context.eventLoop)
        context.eventLoop.execute { box.value.callerGone() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Reset by peer and the like: the channel goes inactive, which ends everything.
        cut()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { isAgreed = true }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        loop.readClock()
        var received = unwrapInboundIn(data)
        if case .closing = phase {
            discarded += received.readableBytes
            if discarded > Self.lingerBound { cut() }
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

    /// The channel itself looks at what it read until now.
    func channelReadComplete(context: ChannelHandlerContext) {
        if inbound.readableBytes == 0 { loop.buffers.give(inbound.letGo()) }
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
        case .surplus, .head, .closing: false
        }
    }

    func resumeReads() {
        guard readHeld, !mustHoldReads else { return }
        readHeld = false
        context?.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        loop.readClock()
        isWritable = context.channel.isWritable
        if !isWritable {
            stall.start(at: loop.now.monotonic)
        } else if !isClosing {
            stall.stop()
        }
        exchange?.callerWritable(isWritable)
    }

    func process() {
        // An exchange may finish inside `process`; the loop below picks the next message up itself.
        guard !processing else { return }
        processing = true
        defer {
            processing = false
            resumeReads()
        }
        while true {
            switch phase {
            case .surplus:
                refuseSurplus()
            case .head:
                guard inbound.readableBytes > 0, readHead() else { return }
            case .body:
                guard inbound.readableBytes > 0, !exchangeWantsNoBody else { return }
                readBody()
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
        if case .data = side, let rules = loop.gateway.settings.crossOrigin {
            crossOriginLines = source.withUnsafeReadableBytes { rules.lines(for: parser.head, in: $0) }
        }
        reads.expect(head: source.readableBytes, framing)
        switch framing {
        case .none, .length(0): phase = .answering
        case .length(let count): (phase, body) = (.body, .length(count))
        case .chunked, .untilClose: (phase, body) = (.body, .chunked(ChunkedReader()))
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

    private func readBody() {
        deadline = loop.now.monotonic + settings.bodyIdle
        while true {
            switch body.next(&inbound) {
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

    /// Name of TLS in the pipeline.
    static let tlsName = "tls"

    /// Closes the socket at once. TLS's own way of closing waits for a goodbye
    /// that a peer which does not read never sends.
    func cut() {
        guard let context else { return }
        socket.close()
        let tls = isSecured ? try? context.pipeline.syncOperations.context(name: Self.tlsName) : nil
        (tls ?? context).close(promise: nil)
    }

    func flush() {
        isFlushing = true
        context?.flush()
        isFlushing = false
    }

    /// Writes, and flushes.
    func give(_ buffer: ByteBuffer) {
        isFlushing = true
        send(buffer)
        isFlushing = false
    }
}
