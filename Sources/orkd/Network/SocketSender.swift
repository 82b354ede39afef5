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
        let sent = socket.send(buffer)
        // Nothing at all may mean that something waits in the channel for a flush.
        if sent > 0, sent == buffer.readableBytes { return }
        sendByChannel(buffer, from: sent)
    }

    /// Sends both, the first one first, after all that was written.
    func send(_ first: ByteBuffer, _ second: ByteBuffer) {
        let sent = socket.send(first, second)
        if sent > 0, sent == first.readableBytes + second.readableBytes { return }
        if sent < first.readableBytes {
            write(first.rest(from: sent))
            sendByChannel(second, from: 0)
        } else {
            sendByChannel(second, from: sent - first.readableBytes)
        }
    }

    private func sendByChannel(_ buffer: ByteBuffer, from sent: Int) {
        context?.writeAndFlush(wrapOutboundOut(buffer.rest(from: sent)), promise: promiseOfChannel())
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

extension ByteBuffer {
    /// Without so many of its first bytes.
    fileprivate func rest(from sent: Int) -> ByteBuffer {
        var rest = self
        rest.moveReaderIndex(forwardBy: min(sent, readableBytes))
        return rest
    }
}
