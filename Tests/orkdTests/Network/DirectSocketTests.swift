import NIOCore
import NIOPosix
import ORKTestSupport
import Testing

@testable import orkd

@Suite("what is sent past the channel", .timeLimit(.minutes(2)))
struct DirectSocketTests {
    /// The end of a server's channel, as front doors are.
    private final class End: SocketSender {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        var context: ChannelHandlerContext?
        var socket = DirectSocket()
        private let stands: AsyncStream<any Channel>.Continuation

        init(stands: AsyncStream<any Channel>.Continuation) { self.stands = stands }

        func channelActive(context: ChannelHandlerContext) {
            self.context = context
            socket = DirectSocket(context)
            stands.yield(context.channel)
        }
    }

    /// What comes by on its way through the channel.
    private final class Watch: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var seen: [ByteBuffer] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            seen.append(unwrapOutboundIn(data))
            context.write(data, promise: promise)
        }
    }

    private struct Ends: Sendable {
        let wire: Wire
        let channel: any Channel

        /// On the event loop.
        func with<Answer: Sendable>(
            _ body: @escaping @Sendable (End, Watch) throws -> Answer
        ) async throws -> Answer {
            try await channel.eventLoop.submit {
                let handlers = channel.pipeline.syncOperations
                return try body(handlers.handler(type: End.self), handlers.handler(type: Watch.self))
            }.get()
        }

        func send(_ text: String) async throws {
            try await with { end, _ in end.send(ByteBuffer(string: text)) }
        }

        /// What went through the channel so far.
        func seen() async throws -> String {
            try await with { _, watch in watch.seen.map { String(buffer: $0) }.joined() }
        }
    }

    /// A connection whose kernel holds little.
    private static func run(_ body: (Ends) async throws -> Void) async throws {
        let (accepted, feed) = AsyncStream<any Channel>.makeStream()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(ChannelOptions.socketOption(.so_sndbuf), value: 8 << 10)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(Watch(), End(stands: feed))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let wire = try await Wire.connect(.loopback(server.localAddress?.port ?? 0), receiveBuffer: 8 << 10)
        var channels = accepted.makeAsyncIterator()
        let channel = try #require(await channels.next())
        let result: Result<Void, any Error>
        do { result = .success(try await body(Ends(wire: wire, channel: channel))) } catch {
            result = .failure(error)
        }
        await wire.close()
        try? await channel.close()
        try await server.close()
        try result.get()
    }

    @Test("what the kernel takes arrives in order, and the channel sees none of it")
    func past() async throws {
        try await Self.run { ends in
            for text in ["one ", "two ", "three."] { try await ends.send(text) }
            #expect(try await ends.wire.take(through: "three.") == "one two three.")
            #expect(try await ends.seen().isEmpty)
        }
    }

    @Test("what the kernel does not take waits in the channel, and nothing overtakes it")
    func slowReader() async throws {
        try await Self.run { ends in
            try await ends.wire.stopReading()
            let pieces = (0..<400).map { String(repeating: "\($0)-", count: 1 + $0 * 7) }
            for piece in pieces[..<200] { try await ends.send(piece) }
            let waited = try await ends.seen()
            #expect(!waited.isEmpty && waited.count < pieces[..<200].joined().count)
            try await ends.wire.startReading()
            for piece in pieces[200...] { try await ends.send(piece) }
            let all = pieces.joined()
            let got = try await ends.wire.take { $0.count >= all.utf8.count }
            #expect(got == Array(all.utf8))

            try await eventually("what is sent goes past the channel again") {
                let before = try await ends.seen()
                try await ends.send("+")
                return try await ends.seen() == before
            }
        }
    }

    @Test("of two sent at once the first arrives first, and of both what the kernel did not take")
    func two() async throws {
        try await Self.run { ends in
            let small = ["little ", "more "]
            try await ends.with { end, _ in
                end.send(ByteBuffer(string: small[0]), ByteBuffer(string: small[1]))
            }
            #expect(try await ends.wire.take(through: "more ") == small.joined())
            #expect(try await ends.seen().isEmpty)

            try await ends.wire.stopReading()
            let large = (0..<100_000).map { "\($0)-" }.joined()
            try await ends.with { end, _ in
                end.send(ByteBuffer(string: "head "), ByteBuffer(string: large))
            }
            let waited = try await ends.seen()
            #expect(large.hasSuffix(waited) && waited.count < large.count)
            try await ends.wire.startReading()
            let wanted = Array("head \(large)".utf8)
            #expect(try await ends.wire.take { $0.count >= wanted.count } == wanted)
        }
    }

    @Test("what was written before goes first")
    func written() async throws {
        try await Self.run { ends in
            try await ends.with { end, _ in
                end.write(ByteBuffer(string: "head "))
                end.send(ByteBuffer(string: "body"))
            }
            #expect(try await ends.wire.take(through: "body") == "head body")
            #expect(try await ends.seen() == "head body")

            // Nothing to send is a flush all the same.
            try await ends.with { end, _ in
                end.write(ByteBuffer(string: " end"))
                end.send(ByteBuffer())
            }
            #expect(try await ends.wire.take(through: "end") == " end")
        }
    }

    @Test("the socket of a connection that is closed is never written to again")
    func closed() async throws {
        try await Self.run { ends in
            try await ends.with { end, _ in end.socket.close() }
            try await ends.send("by the channel")
            #expect(try await ends.seen() == "by the channel")
            #expect(try await ends.wire.take(through: "channel") == "by the channel")
        }
    }

    @Test("a peer that is gone is noticed by the channel, which closes")
    func gone() async throws {
        try await Self.run { ends in
            await ends.wire.reset()
            try await eventually("the channel closes") {
                try? await ends.send("anybody?")
                return !ends.channel.isActive
            }
        }
    }
}
