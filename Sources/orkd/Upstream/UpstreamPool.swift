import NIOCore
import NIOPosix
import NIOSSL
import ORKit

/// The upstream connections of one event loop: idle ones last in, first out,
/// so that the rest can age and go. Confined to its loop.
final class UpstreamPool: @unchecked Sendable {
    let origin: Origin
    /// Idle connections older than this (nanoseconds) are closed.
    let keepAlive: Int64
    private let loop: any EventLoop
    let clock = LoopClock()
    let buffers = SpareBuffers()
    private let bootstrap: ClientBootstrap
    private let tls: NIOSSLContext?
    /// For name, address and TLS together.
    private let connect: TimeAmount
    private var idle: ContiguousArray<UpstreamConnection> = []
    private var live = Roster<UpstreamConnection>()
    private(set) var connectsStarted = 0

    /// More idle connections than this per loop are not kept.
    private static let idleBound = 1024
    /// Kernel buffer for what an upstream sends: bounds what is drained into
    /// memory when it closes while the caller does not read (ruling 40), and
    /// what such a caller costs the kernel, which keeps twice as much
    /// (socket(7)). It is also the most that is under way at a time: 1 MB/s
    /// for one answer from an upstream 50 ms away.
    private static let receiveBuffer = 48 << 10

    init(
        origin: Origin, loop: any EventLoop, resolver: CachingResolver, tls: NIOSSLContext?,
        connect: TimeAmount,
        keepAlive: Int64
    ) {
        self.origin = origin
        self.loop = loop
        self.tls = tls
        self.connect = connect
        self.keepAlive = keepAlive
        bootstrap = ClientBootstrap(group: loop)
            .resolver(resolver)
            .connectTimeout(connect)
            .channelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
            .channelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 128 << 10))
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.autoRead, value: false)
    }

    var isEmpty: Bool { live.isEmpty }

    struct Figures: Sendable {
        var idle = 0
        /// Idle ones included.
        var live = 0
        var connects: Int64 = 0
    }

    var figures: Figures {
        Figures(
            idle: idle.count { $0.isUsable }, live: live.count, connects: Int64(connectsStarted))
    }

    /// Gives `receiver` a connection: at once from the idle ones, else when a
    /// new one stands and the receiver `stillWaits`.
    ///
    /// - Parameter anew: passes over the idle ones; what made one of them
    ///   stale has probably met the others too.
    func acquire(for receiver: any UpstreamReceiver, attempt: Int, anew: Bool = false) {
        while !anew, let connection = idle.popLast() {
            if connection.isUsable {
                receiver.upstreamReady(connection)
                return
            }
        }
        connect(for: receiver, attempt)
    }

    private func connect(for receiver: any UpstreamReceiver, _ attempt: Int) {
        connectsStarted += 1
        // Everything happens on this one loop: the box only satisfies the checker.
        let box = NIOLoopBound(receiver, eventLoop: loop)
        let deadline = clock.now.monotonic + connect.nanoseconds
        bootstrap.connect(host: origin.host, port: origin.port).whenComplete { result in
            let receiver = box.value
            self.clock.read()
            switch result {
            case .success(let channel): self.connected(channel, for: receiver, attempt, by: deadline)
            case .failure(let error):
                if receiver.stillWaits(for: attempt) { receiver.upstreamFailed(self.failure(for: error)) }
            }
        }
    }

    private func connected(
        _ channel: any Channel, for receiver: any UpstreamReceiver, _ attempt: Int, by deadline: Int64
    ) {
        let isWanted = receiver.stillWaits(for: attempt)
        // The address that was really connected to counts, not the name (B4-7); before any byte of TLS.
        guard origin.allowsPrivateAddresses || AddressRule.isPublic(channel.remoteAddress) else {
            channel.close(promise: nil)
            if isWanted { receiver.upstreamFailed(.addressRefused) }
            return
        }
        let connection = UpstreamConnection(pool: self, handshakeBy: tls == nil ? nil : deadline)
        do {
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                try pipeline.addHandler(UpstreamTLS.handler(context: tls, origin: origin))
            }
            try pipeline.addHandler(connection)
            try channel.syncOptions?.setOption(.recvAllocator, value: AnswerReads(into: buffers))
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            channel.close(promise: nil)
            if isWanted { receiver.upstreamFailed(failure(for: error)) }
            return
        }
        live.insert(connection)
        if isWanted {
            receiver.upstreamReady(connection)
        } else {
            release(connection)
        }
    }

    func release(_ connection: UpstreamConnection) {
        if idle.count < Self.idleBound { idle.append(connection) } else { connection.discard() }
    }

    func left(_ connection: UpstreamConnection) {
        live.remove(connection)
        // Still in `idle` perhaps: `acquire` passes over what is not usable any more.
    }

    func check(monotonic: Int64) {
        for connection in live.snapshot() { connection.check(monotonic: monotonic) }
        idle.removeAll { !$0.isUsable }
    }

    func closeAll() {
        for connection in live.snapshot() { connection.cut() }
        idle.removeAll()
    }

    func failure(for error: any Error) -> TransportFailure {
        switch error {
        case let error as ChannelError:
            if case .connectTimeout = error { return .timedOutConnecting }
            return .refused
        case let error as NIOConnectionError:
            if error.connectionErrors.isEmpty { return .dns }
            return error.connectionErrors.allSatisfy { Self.isTimeout($0.error) }
                ? .timedOutConnecting : .refused
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return .tls(String(describing: type(of: error)))
        case is IOError:
            return .resetBeforeHead
        default:
            return .refused
        }
    }

    private static func isTimeout(_ error: any Error) -> Bool {
        if case .connectTimeout? = error as? ChannelError { true } else { false }
    }
}
