import Glibc
import NIOCore
import ORKit
import Synchronization

/// On a listening channel: stops accepting for a moment when the kernel has no
/// descriptor or memory for a connection. The connection stays in the kernel's
/// queue, so that a loop would otherwise try again and again.
///
/// NIO's own `AcceptBackoffHandler` withholds the next `read`, but a read that
/// has failed stays pending (`BaseSocketChannel.readable0` of 2.101.2), so the
/// loop keeps being woken: seen with 12,000 calls of accept(2) a second.
/// Switching automatic reading off does stop it.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let gateway: Gateway

    private static let pause = TimeAmount.milliseconds(200)

    init(gateway: Gateway) { self.gateway = gateway }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Others, such as a caller that left while it waited, are over already.
        guard let error = error as? IOError, Self.lasting.contains(error.errnoCode) else { return }
        gateway.failedAccepts.add(1, ordering: .relaxed)
        gateway.lastFailedAccept.store(SystemClock.monotonic(), ordering: .relaxed)
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        channel.eventLoop.scheduleTask(in: Self.pause) {
            // A listener that was closed meanwhile needs no reading.
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    private static let lasting: Set<CInt> = [EMFILE, ENFILE, ENOBUFS, ENOMEM]
}
