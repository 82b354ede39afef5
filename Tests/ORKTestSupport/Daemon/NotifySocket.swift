import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// The service manager's side of `sd_notify`: a datagram socket on which a
/// daemon says that it is ready.
public final class NotifySocket: Sendable {
    private struct State {
        var messages: [String] = []
        var waiters:
            [(id: Int, matches: @Sendable (String) -> Bool, resume: CheckedContinuation<String, any Error>)] =
                []
        var count = 0
    }

    public struct Silent: Error, CustomStringConvertible {
        public let seen: [String]
        public var description: String { "the daemon did not say so in time; it said: \(seen)" }
    }

    public let path: String
    private let channel: any Channel
    private let state: NIOLockedValueBox<State>

    public init(path: String) async throws {
        let state = NIOLockedValueBox(State())
        self.path = path
        self.state = state
        channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver { Self.add($0, to: state) })
                }
            }
            .bind(unixDomainSocketPath: path).get()
    }

    public var messages: [String] { state.withLockedValue { $0.messages } }

    /// The first such message, now or later.
    @discardableResult
    public func first(within patience: Duration, where matches: @escaping @Sendable (String) -> Bool)
        async throws
        -> String
    {
        try await withCheckedThrowingContinuation { continuation in
            let id: Int? = state.withLockedValue { state in
                if let known = state.messages.first(where: matches) {
                    continuation.resume(returning: known)
                    return nil
                }
                state.count += 1
                state.waiters.append((state.count, matches, continuation))
                return state.count
            }
            guard let id else { return }
            channel.eventLoop.scheduleTask(in: .nanoseconds(Int64(patience / .nanoseconds(1)))) {
                self.giveUp(id)
            }
        }
    }

    /// Something that happened beside the socket, such as the process ending.
    public func add(_ message: String) { Self.add(message, to: state) }

    public func close() async { try? await channel.close().get() }

    private func giveUp(_ id: Int) {
        let (waiter, seen) = state.withLockedValue { state in
            let place = state.waiters.firstIndex { $0.id == id }
            return (place.map { state.waiters.remove(at: $0) }, state.messages)
        }
        waiter?.resume.resume(throwing: Silent(seen: seen))
    }

    private static func add(_ message: String, to state: NIOLockedValueBox<State>) {
        let told = state.withLockedValue { state in
            state.messages.append(message)
            let told = state.waiters.filter { $0.matches(message) }
            state.waiters.removeAll { waiter in told.contains { $0.id == waiter.id } }
            return told
        }
        for waiter in told { waiter.resume.resume(returning: message) }
    }

    private final class Receiver: ChannelInboundHandler, Sendable {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        let receive: @Sendable (String) -> Void
        init(_ receive: @escaping @Sendable (String) -> Void) { self.receive = receive }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            receive(String(buffer: unwrapInboundIn(data).data))
        }
    }
}
