import NIOCore
import NIOHTTP1

/// One connection: takes requests in order and plays an answer to each.
final class MockConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let mock: MockOpenRouter
    private var turn = 0
    /// The request whose body is arriving.
    private var arriving: Arrival?
    /// Complete requests that wait for the answer before them.
    private var waiting: [Arrival] = []
    private var player: Player?

    private init(number: Int, mock: MockOpenRouter) {
        self.number = number
        self.mock = mock
    }

    static func install(on channel: any Channel, number: Int, mock: MockOpenRouter) throws {
        let pipeline = channel.pipeline.syncOperations
        if mock.options.keepRaw {
            try pipeline.addHandler(RawTap(connection: number, listener: mock.listener))
        }
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        try pipeline.addHandler(MockConnection(number: number, mock: mock))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context: context)
        case .body(let buffer): arriving?.take(buffer.readableBytesView)
        case .end(let trailers): complete(trailers, context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let player {
            self.player = nil
            player.abandon()
        } else if let arriving {
            mock.cancelled(arriving.request, bill: nil)
        }
        mock.journal.note(.disconnected, connection: number)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else {
            context.close(promise: nil)
            return
        }
        mock.journal.note(.malformed, connection: number)
        let text = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let channel = context.channel
        channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        turn += 1
        let arrival = Arrival(head, connection: number, turn: turn, mock: mock)
        arriving = arrival
        guard player == nil, waiting.isEmpty, let act = mock.earlyAct(for: arrival) else { return }
        arriving?.answered = true
        play(mock.perform(act, arrival), of: arrival, context: context)
    }

    private func complete(_ trailers: HTTPHeaders?, context: ChannelHandlerContext) {
        guard var arrival = arriving else { return }
        arriving = nil
        arrival.finish(trailers, mock: mock)
        guard !arrival.answered else { return }
        waiting.append(arrival)
        playNext(context: context)
    }

    private func playNext(context: ChannelHandlerContext) {
        guard player == nil, !waiting.isEmpty else { return }
        let arrival = waiting.removeFirst()
        play(mock.perform(arrival), of: arrival, context: context)
    }

    private func play(_ performance: Performance, of arrival: Arrival, context: ChannelHandlerContext) {
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let player = Player(performance, mock: mock, channel: context.channel) {
            let (connection, context) = box.value
            connection.player = nil
            guard arrival.keepAlive else {
                context.close(promise: nil)
                return
            }
            connection.playNext(context: context)
        }
        self.player = player
        player.start()
    }
}
