/// What an upstream said, as far as a verdict needs it.
public struct UpstreamAnswer: Sendable {
    public var status: Int
    /// `Retry-After`, as it came.
    public var retryAfter: String?
    /// `X-RateLimit-Reset`, as it came.
    public var rateLimitReset: String?
    public var contentType: String?
    /// The first bytes of the body, at most 16 KiB; not decoded.
    public var body: [UInt8]
    /// The model that was asked for.
    public var model: String?

    public init(
        status: Int, retryAfter: String? = nil, rateLimitReset: String? = nil, contentType: String? = nil,
        body: [UInt8] = [], model: String? = nil
    ) {
        self.status = status
        self.retryAfter = retryAfter
        self.rateLimitReset = rateLimitReset
        self.contentType = contentType
        self.body = body
        self.model = model
    }

    /// Whether that `Content-Type` is HTML's.
    public static func isHTML(_ contentType: String) -> Bool {
        contentType.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased() == "text/html"
    }

    /// An HTML page, by its word and by its first byte.
    var isPage: Bool {
        contentType.map(Self.isHTML) == true
            && body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
    }
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
