import NIOCore

/// A handler at the end of a channel that sends by the channel's socket where
/// it can. Used on the event loop only.
protocol SocketSender: ChannelDuplexHandler where OutboundOut == ByteBuffer {
    var context: ChannelHandlerContext? { get }
    var socket: DirectSocket { get set }
}

extension SocketSender {
    /// Has it leave with the next `send` or flush of the channel.
    func write(_ buffer: ByteBuffer) {
        context?.write(wrapOutboundOut(buffer), promise: promiseOfChannel())
    }

    /// Sends it, after all that was written.
    func send(_ buffer: ByteBuffer) {
        var rest = buffer
        if socket.take(&rest) { return }
        context?.writeAndFlush(wrapOutboundOut(rest), promise: promiseOfChannel())
    }

    /// Sends both, the first one first, after all that was written.
    func send(_ first: ByteBuffer, _ second: ByteBuffer) {
        var (first, second) = (first, second)
        if socket.take(&first, &second) { return }
        if first.readableBytes > 0 { write(first) }
        context?.writeAndFlush(wrapOutboundOut(second), promise: promiseOfChannel())
    }

    /// Until it is kept nothing may go past the channel.
    private func promiseOfChannel() -> EventLoopPromise<Void>? {
        guard socket.isOpen, let loop = context?.eventLoop else { return nil }
        socket.entersChannel()
        let promise = loop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { result in
            let isSent = if case .success = result { true } else { false }
            self.socket.leavesChannel(isSent: isSent)
        }
        return promise
    }
}
