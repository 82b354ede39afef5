import NIOCore
import ORKit

/// Who waits for the answer on an upstream connection. Called on the event
/// loop of the connection; after `upstreamEnded` or `upstreamFailed` never
/// again.
protocol UpstreamReceiver: AnyObject {
    /// Whether that attempt still needs its connection: the caller may be
    /// gone when it stands.
    func stillWaits(for attempt: Int) -> Bool
    /// A connection is there: send the request on it.
    func upstreamReady(_ connection: UpstreamConnection)
    /// The head of the answer. `source` holds the bytes that the spans of
    /// `head` refer to.
    func upstreamHead(_ head: borrowing ResponseHead, source: ByteBuffer)
    /// A piece of the body, framing taken off.
    func upstreamBody(_ slice: ByteBuffer)
    /// The answer is complete; the connection is no longer the receiver's.
    func upstreamEnded()
    /// All that was read at once has been delivered: a good moment to flush.
    func upstreamReadComplete()
    /// No complete answer will come; the connection is gone.
    func upstreamFailed(_ failure: TransportFailure)
    func upstreamWritable(_ writable: Bool)
}
