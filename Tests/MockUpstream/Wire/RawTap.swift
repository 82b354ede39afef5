import NIOCore

/// Keeps every byte that arrives, before anything has interpreted it.
final class RawTap: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Int
    private let listener: Listener

    init(connection: Int, listener: Listener) {
        self.connection = connection
        self.listener = listener
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        listener.keepRaw(unwrapInboundIn(data).readableBytesView, connection: connection)
        context.fireChannelRead(data)
    }
}
