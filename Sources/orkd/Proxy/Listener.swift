import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import ORKit

/// Opens the listening sockets. Every accepted connection gets a front door
/// on the loop that it was given to.
struct Listener {
    let loops: LoopSet
    /// Of the data port; nil for plain HTTP.
    var certificate: ServerCertificate?

    /// Kernel buffer for what a caller sends: bounds what a closing
    /// connection can drain into memory (ruling 40).
    private static let receiveBuffer = 128 << 10
    /// How much unsent data of one caller the kernel keeps. Without a bound
    /// it is megabytes for each caller that reads slowly (tcp(7)).
    private static let unsent = 16 << 10
    /// And how much of it waits in our own memory before the upstream is read
    /// no further: with one more read of it, that is what a caller that has
    /// stopped reading costs.
    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 4 << 10, high: 16 << 10)

    /// The data port.
    ///
    /// - Throws: `CodedError` with `address-in-use` or `bad-value`.
    func open(host: String, port: Int) async throws -> any Channel {
        do {
            return try await bootstrap(certificate) { channel in
                let address = channel.remoteAddress
                let peer = Peer.network(
                    address: address?.ipAddress ?? "", isLoopback: Self.isLoopback(address))
                return channel.eventLoop.makeSucceededFuture((peer, .data))
            }
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
            .childChannelOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)),
                value: ChannelOptions.Types.SocketOption.Value(Self.unsent)
            )
            .bind(host: host, port: port).get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CodedError(.addressInUse, "another program listens on \(host):\(port)")
        } catch {
            throw CodedError(.badValue, "cannot listen on \(host):\(port): \(error)")
        }
    }

    /// The control socket, already bound by whoever made its directory safe.
    ///
    /// - Parameter identify: who a peer is, from what the kernel says of it
    ///   at the moment of connecting.
    func openControl(
        boundSocket descriptor: CInt, application: Application,
        identify: @escaping @Sendable (KernelCredentials) -> Peer
    ) async throws -> any Channel {
        try await bootstrap(nil) { channel in
            guard let provider = channel as? any SocketOptionProvider else {
                return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
            }
            let credentials: EventLoopFuture<KernelCredentials> = provider.unsafeGetSocketOption(
                level: NIOBSDSocket.OptionLevel(rawValue: SOL_SOCKET),
                name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
            return credentials.map { (identify($0), .control(application)) }
        }
        .withBoundSocket(descriptor).get()
    }

    private func bootstrap(
        _ certificate: ServerCertificate?,
        _ identify: @escaping @Sendable (any Channel) -> EventLoopFuture<(Peer, FrontDoor.Side)>
    ) -> ServerBootstrap {
        let loops = loops
        return ServerBootstrap(group: loops.group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.maxMessagesPerRead, value: 64)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(gateway: loops.gateway))
                }
            }
            .childChannelOption(.writeBufferWaterMark, value: Self.waterMark)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                guard let context = loops[channel.eventLoop] else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
                }
                return identify(channel).flatMapThrowing { peer, side in
                    let pipeline = channel.pipeline.syncOperations
                    if let certificate {
                        try pipeline.addHandler(Self.tls(certificate.context), name: FrontDoor.tlsName)
                    }
                    let reads = RequestReads(into: context.buffers)
                    try channel.syncOptions?.setOption(.recvAllocator, value: reads)
                    try pipeline.addHandler(
                        FrontDoor(
                            loop: context, peer: peer, side: side, isSecured: certificate != nil, reads: reads
                        ))
                }
            }
    }

    private static func tls(_ context: NIOSSLContext) -> NIOSSLServerHandler {
        var configuration = NIOSSLHandler.Configuration()
        // One burst must not stay in memory for as long as the connection lives.
        configuration.maximumPreservedOutboundBufferCapacity = 16 << 10
        return NIOSSLServerHandler(context: context, configuration: configuration)
    }

    private static func isLoopback(_ address: SocketAddress?) -> Bool {
        guard let text = address?.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }
}

/// `struct ucred` (unix(7)), which Glibc's module does not export.
struct KernelCredentials: Sendable {
    var pid: Int32
    var uid: UInt32
    var gid: UInt32
}
