import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A connection that sends exactly the bytes it is given and shows exactly
/// the bytes that came. It knows nothing of HTTP.
public final class Wire: Sendable {
    /// How a connection ended.
    public enum End: Sendable { case finished, reset }

    public struct Overdue: Error, CustomStringConvertible {
        public let received: [UInt8]
        public var description: String {
            "nothing more came in time after \(received.count) bytes: \(String(decoding: received.suffix(200), as: UTF8.self))"
        }
    }

    /// How a connection in TLS was agreed on.
    public struct Secured: Sendable {
        /// The other side's certificate, DER.
        public var certificate: [UInt8]
        /// `http/1.1`, or nil for none.
        public var alpn: String?
        public var version: String
    }

    struct State {
        var secured: Secured?
        var unread: [UInt8] = []
        var lastArrival: ContinuousClock.Instant?
        var arrivedBytes = 0
        var end: End?
        var turn = 0
        var waiter: (turn: Int, resume: CheckedContinuation<Void, any Error>)?
    }

    let state = NIOLockedValueBox(State())
    private let channel: any Channel
    private let patience: Duration
    fileprivate let transcript: Transcripts.Transcript?

    private init(_ channel: any Channel, patience: Duration, transcript: Transcripts.Transcript?) {
        self.channel = channel
        self.patience = patience
        self.transcript = transcript
    }

    /// - Parameters:
    ///   - receiveBuffer: bytes the kernel may hold for us; small ones make
    ///     back-pressure visible soon.
    ///   - transcript: takes all that comes.
    public static func connect(
        _ endpoint: Endpoint, patience: Duration = .seconds(20), receiveBuffer: Int? = nil,
        transcript: Transcripts.Transcript? = nil
    ) async throws -> Wire {
        let made = NIOLockedValueBox<Wire?>(nil)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let wire = Wire(channel, patience: patience, transcript: transcript)
                    made.withLockedValue { $0 = wire }
                    if let tls = try Self.tls(to: endpoint) {
                        try channel.pipeline.syncOperations.addHandler(tls)
                    }
                    try channel.pipeline.syncOperations.addHandler(WireHandler(wire))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(
                ChannelOptions.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        switch endpoint {
        case .tcp(let host, let port), .tls(let host, let port, _):
            bootstrap = bootstrap.channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            _ = try await bootstrap.connect(host: host, port: port).get()
        case .unix(let path): _ = try await bootstrap.connect(unixDomainSocketPath: path).get()
        }
        guard let wire = made.withLockedValue({ $0 }) else { throw ChannelError.connectPending }
        return wire
    }

    private static func tls(to endpoint: Endpoint) throws -> NIOSSLClientHandler? {
        guard case .tls(let host, _, let roots) = endpoint else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(roots)
        configuration.applicationProtocols = ["h2", "http/1.1"]
        let name = host.contains { $0.isLetter } ? host : nil
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration), serverHostname: name)
    }

    /// What the other side showed of itself in TLS, as soon as it has; nil
    /// when there will be nothing.
    public func secured() async throws -> Secured? {
        try await arrival { $0.secured != nil || $0.end != nil }
        return state.withLockedValue { $0.secured }
    }

    public func send(_ bytes: some Sequence<UInt8> & Sendable) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: Array(bytes))).get()
    }

    public func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// What has arrived and was not taken yet, at least one byte; empty when
    /// the connection has ended.
    public func take() async throws -> [UInt8] {
        try await arrival { !$0.unread.isEmpty || $0.end != nil }
        return state.withLockedValue { state in
            defer { state.unread = [] }
            return state.unread
        }
    }

    /// Waits until the bytes not taken yet are enough for `enough`, and gives
    /// them all; also when the connection ends first.
    @discardableResult
    public func take(until enough: @Sendable ([UInt8]) -> Bool) async throws -> [UInt8] {
        try await arrival { enough($0.unread) || $0.end != nil }
        return state.withLockedValue { state in
            defer { state.unread = [] }
            return state.unread
        }
    }

    /// Waits until that text has come.
    @discardableResult
    public func take(through text: String) async throws -> String {
        let wanted = Array(text.utf8)
        return String(decoding: try await take { $0.contains(sequence: wanted) }, as: UTF8.self)
    }

    /// Everything up to the end of the connection.
    public func takeAll() async throws -> [UInt8] {
        try await arrival { $0.end != nil }
        return state.withLockedValue { state in
            defer { state.unread = [] }
            return state.unread
        }
    }

    /// How the connection ended, as soon as it has.
    public func ended() async throws -> End {
        try await arrival { $0.end != nil }
        return state.withLockedValue { $0.end ?? .finished }
    }

    /// Puts bytes back that were taken too much.
    func giveBack(_ bytes: [UInt8]) { state.withLockedValue { $0.unread = bytes + $0.unread } }

    /// When the last bytes came.
    public var lastArrival: ContinuousClock.Instant? { state.withLockedValue { $0.lastArrival } }

    /// How many bytes have come, taken or not.
    public var arrivedBytes: Int { state.withLockedValue { $0.arrivedBytes } }

    public func stopReading() async throws {
        try await channel.setOption(ChannelOptions.autoRead, value: false).get()
    }
    public func startReading() async throws {
        try await channel.setOption(ChannelOptions.autoRead, value: true).get()
    }

    /// FIN: nothing more is sent, answers can still come.
    public func finishSending() async throws { try await channel.close(mode: .output).get() }

    public func close() async { try? await channel.close().get() }

    /// RST.
    public func reset() async {
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        await close()
    }

    private func arrival(_ ready: @Sendable (State) -> Bool) async throws {
        while true {
            let turn: Int? = state.withLockedValue { state in
                if ready(state) { return nil }
                state.turn += 1
                return state.turn
            }
            guard let turn else { return }
            let timer = channel.eventLoop.scheduleTask(in: .nanoseconds(Int64(patience / .nanoseconds(1)))) {
                self.giveUp(turn)
            }
            defer { timer.cancel() }
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                let now = state.withLockedValue { state in
                    if ready(state) { return true }
                    state.waiter = (turn, continuation)
                    return false
                }
                if now { continuation.resume() }
            }
        }
    }

    private func giveUp(_ turn: Int) {
        let (waiter, received) = state.withLockedValue { state in
            guard state.waiter?.turn == turn else {
                return (nil as CheckedContinuation<Void, any Error>?, [UInt8]())
            }
            defer { state.waiter = nil }
            return (state.waiter?.resume, state.unread)
        }
        waiter?.resume(throwing: Overdue(received: received))
    }

    fileprivate func change(_ change: (inout State) -> Void) {
        let waiter = state.withLockedValue { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume.resume()
    }
}

/// Hands what happens on the channel to its `Wire`.
private final class WireHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let wire: Wire

    init(_ wire: Wire) { self.wire = wire }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        wire.transcript?.append(bytes)
        wire.change { state in
            state.unread.append(contentsOf: bytes)
            state.lastArrival = .now
            state.arrivedBytes += bytes.count
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let alpn)? = event as? TLSUserEvent,
            let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
        {
            let certificate = (try? tls.peerCertificate?.toDERBytes()) ?? []
            let version = tls.tlsVersion.map { "\($0)" } ?? "none"
            wire.change { $0.secured = Wire.Secured(certificate: certificate, alpn: alpn, version: version) }
        }
        if let event = event as? ChannelEvent, event == .inputClosed {
            wire.change { $0.end = $0.end ?? .finished }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { wire.change { $0.end = $0.end ?? .finished } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        wire.change { $0.end = .reset }
        context.close(promise: nil)
    }
}

extension Array where Element == UInt8 {
    /// Whether these bytes occur in the array.
    public func contains(sequence: [UInt8]) -> Bool { firstPlace(of: sequence) != nil }

    /// Where they occur first.
    public func firstPlace(of sequence: [UInt8], from start: Int = 0) -> Int? {
        guard let first = sequence.first, count >= sequence.count, start <= count - sequence.count else {
            return nil
        }
        return withUnsafeBufferPointer { bytes in
            (start...(count - sequence.count)).first { place in
                bytes[place] == first && bytes[place..<place + sequence.count].elementsEqual(sequence)
            }
        }
    }
}
