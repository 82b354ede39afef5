/// One answer to one request: head, body in parts, how the body is framed and
/// how it ends.
public struct Answer: Sendable {
    public var status: Int
    public var reason: String?
    public var headers: [(name: String, value: String)]
    public var body: [Part]
    public var framing: Framing
    public var ending: Ending
    /// Steps before the first byte of the head.
    public var before: [ByteStep] = []
    /// Positions inside the head at which it is cut into several writes.
    public var headCuts: [Int] = []
    /// What the answer costs once it is complete.
    public var bill: Bill?

    public init(
        status: Int, reason: String? = nil, headers: [(name: String, value: String)] = [], body: [Part] = [],
        framing: Framing = .length, ending: Ending = .finish
    ) {
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body
        self.framing = framing
        self.ending = ending
    }

    public init(status: Int, headers: [(name: String, value: String)] = [], json: JSON) {
        self.init(
            status: status, headers: [("Content-Type", "application/json")] + headers,
            body: [.bytes(Array(json.encoded.utf8))])
    }

    public enum Part: Sendable {
        /// One chunk of the body. It goes out in one write, or in several,
        /// cut at these positions of the payload.
        case bytes([UInt8], cuts: [Int] = [])
        case wait(Duration)
        case gate(Gate)

        public var payload: [UInt8] {
            if case .bytes(let bytes, _) = self { return bytes }
            return []
        }
    }

    public enum Framing: Sendable {
        case length
        case chunked
        /// No framing at all: the end of the connection is the end.
        case untilClose
        /// A `Content-Length` that is wrong by so many bytes.
        case wrongLength(by: Int)
        /// As in the answer to HEAD, 204 and 304.
        case none
    }

    public enum Ending: Sendable {
        case finish
        /// Complete, then `Connection: close` is kept.
        case close
        /// FIN before the framing has ended.
        case cut
        /// RST before the framing has ended.
        case reset
        /// Silence before the framing has ended.
        case stall
        /// A chunk whose size says more than comes, then FIN.
        case truncatedChunk
        /// A chunk size that is no number.
        case badChunk
        /// Complete, and then these bytes on the same connection.
        case surplus([UInt8])
    }

    /// The whole body, for those who compare.
    public var payload: [UInt8] { body.flatMap(\.payload) }
}

/// What a complete answer is worth, and what `/generation` will say about it.
public struct Bill: Sendable {
    public var generation: String
    public var model: String
    public var provider: String
    public var promptTokens: Int
    public var completionTokens: Int
    public var cachedTokens: Int
    public var cost: USD
    public var streamed: Bool
    /// Held in the account's in-flight budget while the request runs.
    var held = USD.zero

    public init(
        generation: String, model: String, provider: String, promptTokens: Int, completionTokens: Int,
        cachedTokens: Int, cost: USD, streamed: Bool
    ) {
        self.generation = generation
        self.model = model
        self.provider = provider
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.cost = cost
        self.streamed = streamed
    }
}
