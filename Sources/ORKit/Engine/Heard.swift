/// What came back from an upstream: all that a verdict is made of.
public enum Heard: Sendable {
    case answer(UpstreamAnswer)
    /// A body inside a 200: a JSON answer's first bytes, or the data of one
    /// event of a stream.
    case inBand(json: [UInt8], model: String?, Dialect)
    case noAnswer(TransportFailure)
}

/// No answer, or half of one.
public enum TransportFailure: Sendable, Hashable {
    /// Connection refused, or no route.
    case refused
    case timedOutConnecting
    /// The handshake failed; the text is OpenSSL's, without anything of ours.
    case tls(String)
    case dns
    /// The connection ended after the request was sent, before a head came.
    case resetBeforeHead
    /// No head until the deadline.
    case slowHead
    /// What came is not unambiguous HTTP/1.1.
    case protocolError(String)
    /// The body ended before its framing said so.
    case truncated
    /// Nothing came for the idle deadline.
    case stalled
    /// A redirect: never followed.
    case redirect
    /// The name resolved to an address that we do not connect to.
    case addressRefused
}
