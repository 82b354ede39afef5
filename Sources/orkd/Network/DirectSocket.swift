// Network: what connections of callers and to the upstream have in common.
// Here: how bytes leave by a socket. Not here: what they say (ORKit/Stream), whose connection it is (Proxy, Upstream).
// May import NIO and Glibc.

import Glibc
import NIOCore

/// The socket of a connection without TLS. What is sent goes to the kernel at
/// once, past the channel: the way through a pipeline costs more than deciding
/// about the request (docs/performance.md). What the kernel does not take goes
/// through the channel, and everything after it as long as that waits there,
/// so that nothing is overtaken. Confined to the event loop of its channel.
struct DirectSocket {
    /// Negative: nothing is sent past the channel.
    private var handle: NIOBSDSocket.Handle = -1
    /// Writes that are in the channel.
    private var inChannel = 0

    /// Nothing is sent by it until it is opened.
    init() {}

    /// - Parameter context: of a channel that is active, and on which nothing
    ///   was written.
    init(_ context: ChannelHandlerContext) {
        let operations = context.pipeline.syncOperations
        // A channel without a socket, such as those of tests, is used as it is.
        handle = (try? operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }) ?? -1
    }

    var isOpen: Bool { handle >= 0 }

    /// The channel closes its socket, whose number may be another's from then on.
    mutating func close() { handle = -1 }

    /// Sends what the kernel takes now. Errors are left to the channel, which
    /// meets them with the rest.
    ///
    /// - Returns: how many bytes are sent.
    func send(_ buffer: ByteBuffer) -> Int {
        buffer.withUnsafeReadableBytes { bytes in
            count { Glibc.send(handle, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    /// The same of two that follow each other, in one call.
    func send(_ first: ByteBuffer, _ second: ByteBuffer) -> Int {
        first.withUnsafeReadableBytes { first in
            second.withUnsafeReadableBytes { second in
                withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                    parts[0] = iovec(first)
                    parts[1] = iovec(second)
                    var message = msghdr()
                    message.msg_iov = parts.baseAddress
                    message.msg_iovlen = parts.count
                    return count { sendmsg(handle, &message, Int32(MSG_NOSIGNAL)) }
                }
            }
        }
    }

    /// What a system call sent, if it may be made now.
    @inline(__always)
    private func count(_ call: () -> Int) -> Int {
        guard isOpen, inChannel == 0 else { return 0 }
        var sent: Int
        repeat { sent = call() } while sent < 0 && errno == EINTR
        return max(0, sent)
    }

    mutating func entersChannel() { inChannel += 1 }

    /// - Parameter isSent: false: the channel is about to close.
    mutating func leavesChannel(isSent: Bool) {
        inChannel -= 1
        if !isSent { close() }
    }
}

extension iovec {
    fileprivate init(_ bytes: UnsafeRawBufferPointer) {
        self.init(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }
}
