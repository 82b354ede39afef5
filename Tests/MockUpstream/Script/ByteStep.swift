import NIOCore

/// One thing that a connection does while it answers: the lowest level of a
/// script, exact to the byte.
public enum ByteStep: Sendable {
    /// One write to the socket; the next step waits until the kernel took it.
    case send([UInt8])
    /// The same bytes again and again, `times` nil meaning for ever.
    case repeating([UInt8], times: Int?, every: Duration)
    case wait(Duration)
    case gate(Gate)
    /// Stops taking bytes from the peer, so that its writes fill up.
    case stopReading
    case resumeReading
    /// This answer is over; the connection stays for the next request.
    case finish
    /// FIN. What was sent before arrives.
    case close
    /// RST. What was sent before may be lost.
    case reset
    /// Nothing more, for as long as the peer stays.
    case stall

    public static func send(_ text: String) -> ByteStep { .send(Array(text.utf8)) }
}

extension Duration {
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        return .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
