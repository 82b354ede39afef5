import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// The listening socket and the connections that came from it.
final class Listener: Sendable {
    private struct State {
        var server: (any Channel)?
        var port = 0
        /// A socket that only holds the port while nobody listens there.
        var placeholder: CInt = -1
        var channels: [ObjectIdentifier: any Channel] = [:]
        var toDrop = 0
        var raw: [Int: [UInt8]] = [:]
    }

    let group: MultiThreadedEventLoopGroup
    private let state = NIOLockedValueBox(State())

    init(threads: Int) { group = MultiThreadedEventLoopGroup(numberOfThreads: threads) }

    var port: Int { state.withLockedValue { $0.port } }

    func open(host: String, port: Int, _ welcome: @escaping @Sendable (any Channel) throws -> Void)
        async throws
    {
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.backlog, value: 4096)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                self.keep(channel)
                return channel.eventLoop.makeCompletedFuture { try welcome(channel) }
            }
            .bind(host: host, port: port).get()
        state.withLockedValue { state in
            state.server = server
            state.port = server.localAddress?.port ?? port
        }
        releasePort()
    }

    func close() async throws {
        let server = state.withLockedValue { state in
            defer { state.server = nil }
            return state.server
        }
        try await server?.close().get()
    }

    /// Closes, and keeps the port from being given to another program or
    /// test: connections to it are refused.
    func closeAndHoldPort() async throws {
        try await close()
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var reuse: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
        for attempt in 0... {
            let failed = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) != 0 }
            guard failed else { break }
            let code = errno
            guard code == EADDRINUSE, attempt < 200 else {
                Glibc.close(descriptor)
                throw IOError(errnoCode: code, reason: "hold the port")
            }
            // A program that starts just now has a copy of the listener between its fork and its exec.
            try await Task.sleep(for: .milliseconds(10))
        }
        state.withLockedValue { $0.placeholder = descriptor }
    }

    private func releasePort() {
        let descriptor = state.withLockedValue { state in
            defer { state.placeholder = -1 }
            return state.placeholder
        }
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    func closeAll() {
        for channel in state.withLockedValue({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    /// Never throws: whatever is already gone is what was wanted.
    func shutDown() async {
        try? await close()
        releasePort()
        closeAll()
        try? await group.shutdownGracefully()
    }

    func drop(_ count: Int) { state.withLockedValue { $0.toDrop += count } }

    func shouldDrop() -> Bool {
        state.withLockedValue { state in
            guard state.toDrop > 0 else { return false }
            state.toDrop -= 1
            return true
        }
    }

    func keepRaw(_ bytes: ByteBufferView, connection: Int) {
        state.withLockedValue { $0.raw[connection, default: []].append(contentsOf: bytes) }
    }

    func rawBytes(_ connection: Int) -> [UInt8] { state.withLockedValue { $0.raw[connection] ?? [] } }

    private func keep(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLockedValue { $0.channels[id] = channel }
        channel.closeFuture.whenComplete { _ in
            self.state.withLockedValue { state in
                state.channels[id] = nil
            }
        }
    }
}

extension Channel {
    /// RST instead of FIN.
    func resetConnection() {
        if let socket = self as? any SocketOptionProvider {
            // Without the option the close below is an ordinary one: the peer still sees an end.
            _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        close(promise: nil)
    }
}
