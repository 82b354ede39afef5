import NIOCore
import NIOTLS
import ORKit

/// One keep-alive connection to the upstream: sends one request at a time and
/// reads its answer strictly. It is used again only after both directions
/// ended cleanly; anything unexpected closes it. Confined to its event loop.
final class UpstreamConnection: SocketSender, RosterMember, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case idle
        /// Bytes of an incomplete head wait in `inbound`.
        case head
        case length(Int64)
        /// The place in it is in `chunks`.
        case chunked
        case untilClose
        case closed
    }

    private unowned let pool: UpstreamPool
    private(set) var context: ChannelHandlerContext?
    var socket = DirectSocket()
    private var phase = Phase.idle
    private let clock: LoopClock
    private var parser = ResponseHeadParser(limits: HeadLimits())
    private var chunks = ChunkedReader()
    private var inbound = ByteBuffer()
    /// Held until its answer is over, one way or the other.
    private var receiver: (any UpstreamReceiver)?
    private var requestMethod = RequestMethod.get
    private var requestSent = true
    private var informational = 0
    private var readHeld = false
    private var paused = false
    private(set) var isWritable = false
    private var idleSince: Int64
    private var requests = 0
    /// Until when TLS must stand; far away once it does.
    private var handshakeBy: Int64
    var rosterPlace = -1

    /// 1xx answers beyond this are a storm (B4-12).
    private static let informationalBound = 8

    /// - Parameter handshakeBy: when the connect deadline ends; nil without TLS.
    init(pool: UpstreamPool, handshakeBy: Int64?) {
        self.pool = pool
        self.handshakeBy = handshakeBy ?? .max
        clock = pool.clock
        idleSince = clock.now.monotonic
    }

    var isUsable: Bool { if case .idle = phase { true } else { false } }
    /// It was used again, and not a byte of an answer came: the upstream had
    /// given it up before it saw the request.
    var diedUnheard: Bool { requests > 1 && informational == 0 && inbound.readableBytes == 0 }

    /// Begins a request. Its answer goes to `receiver`.
    ///
    /// - Parameter complete: false when more of the body follows by `send`.
    func start(
        head: ByteBuffer, body: ByteBuffer?, complete: Bool, method: RequestMethod,
        receiver: any UpstreamReceiver
    ) {
        self.receiver = receiver
        phase = .head
        requestMethod = method
        requestSent = complete
        informational = 0
        requests += 1
        parser.reset()
        if let body { send(head, body) } else { send(head) }
    }

    /// The last piece of the body has been given to `send`.
    func requestComplete() { requestSent = true }

    /// The receiver does not want the rest: the connection goes with it.
    func discard() {
        receiver = nil
        close()
    }

    /// Stops or resumes reading, so that a slow caller slows the upstream
    /// down instead of filling memory.
    func pause(_ paused: Bool) {
        self.paused = paused
        guard !paused, readHeld else { return }
        readHeld = false
        context?.read()
    }

    private func close() {
        phase = .closed
        pool.left(self)
        socket.close()
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isWritable = context.channel.isWritable
        // With TLS the socket is none of ours.
        if handshakeBy == .max { socket = DirectSocket(context) }
    }

    func read(context: ChannelHandlerContext) {
        if paused { readHeld = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        clock.read()
        isWritable = context.channel.isWritable
        receiver?.upstreamWritable(isWritable)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        clock.read()
        var received = unwrapInboundIn(data)
        if inbound.readableBytes > 0 {
            inbound.writeBuffer(&received)
        } else {
            inbound = received
        }
        consume()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { handshakeBy = .max }
        context.fireUserInboundEventTriggered(event)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if inbound.readableBytes == 0 { pool.buffers.give(inbound.letGo()) }
        receiver?.upstreamReadComplete()
    }

    private func consume() {
        while inbound.readableBytes > 0 {
            switch phase {
            case .idle:
                // Nobody asked: whatever this is, it must not become somebody's answer.
                close()
                return
            case .closed:
                inbound.clear()
                return
            case .head:
                guard readHead() else { return }
            case .length(let left):
                let count = Int(min(left, Int64(inbound.readableBytes)))
                guard let slice = inbound.readSlice(length: count) else { return }
                let rest = left - Int64(count)
                phase = .length(rest)
                receiver?.upstreamBody(slice)
                if rest == 0, case .length(0) = phase { finish(reusable: true) }
            case .chunked:
                guard readChunk() else { return }
            case .untilClose:
                guard let slice = inbound.readSlice(length: inbound.readableBytes) else { return }
                receiver?.upstreamBody(slice)
            }
        }
    }

    private func readHead() -> Bool {
        let progress = inbound.withUnsafeReadableBytes { parser.parse($0, answering: requestMethod) }
        switch progress {
        case .incomplete:
            return false
        case .refused(let refusal):
            fail(.protocolError("\(refusal.rule)"))
            return false
        case .informational(let length):
            inbound.moveReaderIndex(forwardBy: length)
            parser.reset()
            informational += 1
            if informational > Self.informationalBound {
                fail(.protocolError("informational-storm"))
                return false
            }
            return true
        case .complete(let length):
            guard let source = inbound.readSlice(length: length) else { return false }
            let framing = parser.head.framing
            switch framing {
            case .none: phase = .length(0)
            case .length(let count): phase = .length(count)
            case .chunked:
                phase = .chunked
                chunks = ChunkedReader()
            case .untilClose: phase = .untilClose
            }
            if let receiver { parser.read { receiver.upstreamHead($0, source: source) } }
            if case .length(0) = phase { finish(reusable: true) }
            return true
        }
    }

    private func readChunk() -> Bool {
        var offset = 0
        let step = inbound.withUnsafeReadableBytes { chunks.next($0, at: &offset) }
        switch step {
        case .data(let range):
            inbound.moveReaderIndex(forwardBy: range.lowerBound)
            guard let slice = inbound.readSlice(length: range.count) else { return false }
            inbound.moveReaderIndex(forwardBy: max(0, offset - range.upperBound))
            receiver?.upstreamBody(slice)
            return true
        case .needMore:
            inbound.moveReaderIndex(forwardBy: offset)
            return inbound.readableBytes > 0 && offset > 0
        case .end:
            inbound.moveReaderIndex(forwardBy: offset)
            finish(reusable: true)
            return true
        case .refused(let rule):
            fail(.protocolError("\(rule)"))
            return false
        }
    }

    /// The answer ended as its framing promised.
    private func finish(reusable: Bool) {
        let done = receiver
        receiver = nil
        paused = false
        // Bytes after the end, an unfinished request, or a peer that said it
        // will close: never again.
        if reusable, requestSent, parser.head.keepAlive, inbound.readableBytes == 0 {
            phase = .idle
            idleSince = clock.now.monotonic
            pool.release(self)
        } else {
            inbound.clear()
            close()
        }
        done?.upstreamEnded()
        if readHeld {
            readHeld = false
            context?.read()
        }
    }

    private func fail(_ failure: TransportFailure) {
        let waiting = receiver
        receiver = nil
        inbound.clear()
        close()
        waiting?.upstreamFailed(failure)
    }

    func channelInactive(context: ChannelHandlerContext) {
        clock.read()
        let before = phase
        phase = .closed
        isWritable = false
        socket.close()
        pool.left(self)
        self.context = nil
        let waiting = receiver
        receiver = nil
        switch before {
        case .idle, .closed: break
        case .head: waiting?.upstreamFailed(.resetBeforeHead)
        case .length, .chunked: waiting?.upstreamFailed(.truncated)
        case .untilClose: waiting?.upstreamEnded()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        clock.read()
        let before = phase
        let waiting = receiver
        receiver = nil
        close()
        switch before {
        case .idle, .closed: break
        case .head: waiting?.upstreamFailed(pool.failure(for: error))
        case .length, .chunked, .untilClose: waiting?.upstreamFailed(.truncated)
        }
    }

    func check(monotonic: Int64) {
        if monotonic > handshakeBy {
            fail(.timedOutConnecting)
            return
        }
        guard case .idle = phase, monotonic - idleSince > pool.keepAlive else { return }
        close()
    }

    func cut() {
        socket.close()
        context?.close(promise: nil)
    }
}
