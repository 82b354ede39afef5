/// What is kept of one proxied request. Made when it ends, and packed at once
/// (`RecordBatch`).
public struct RequestRecord: Sendable {
    public let id: RequestID
    public let client: ClientID
    /// Whose client it was at that moment.
    public let user: UserID
    /// Index into `RequestMethod`'s cases.
    public let method: RequestMethod
    /// Canonical path as sent upstream, without query.
    public let path: String
    public let model: String?
    public let stream: Bool
    /// What the caller got; 0 when it left before a status was sent.
    public let status: UInt16
    public let code: ErrorCode?
    public let end: RequestEnd
    /// What the first decision had to choose among; nil: none was made, or
    /// nothing kept a key from it (once it is on disk).
    public let candidates: Census?
    /// Nil: it did not wait for a key.
    public let queue: QueueRecord?
    public let attempts: [AttemptRecord]
    public let bytesIn: Int64
    public let bytesOut: Int64
    /// From the head of the request to the first byte to the caller.
    public let firstByteMicroseconds: Int64?
    public let microseconds: Int64
    public let usage: Usage
    public let quality: UsageQuality
    /// `gen-…`, from `X-Generation-Id` or the body.
    public let generation: String?

    public init(
        id: RequestID, client: ClientID, user: UserID = .house, method: RequestMethod, path: String,
        model: String?, stream: Bool, status: UInt16, code: ErrorCode?, end: RequestEnd,
        candidates: Census? = nil, queue: QueueRecord? = nil, attempts: [AttemptRecord], bytesIn: Int64,
        bytesOut: Int64, firstByteMicroseconds: Int64?, microseconds: Int64, usage: Usage,
        quality: UsageQuality,
        generation: String?
    ) {
        self.id = id
        self.client = client
        self.user = user
        self.method = method
        self.path = path
        self.model = model
        self.stream = stream
        self.status = status
        self.code = code
        self.end = end
        self.candidates = candidates
        self.queue = queue
        self.attempts = attempts
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.firstByteMicroseconds = firstByteMicroseconds
        self.microseconds = microseconds
        self.usage = usage
        self.quality = quality
        self.generation = generation
    }

    /// The caller did not get what it asked for, whoever is at fault.
    public var isFailed: Bool {
        code != nil || end == .truncated || end == .stalled || status >= 400 || status == 0
    }

    /// Milliseconds since 1970.
    var endMilliseconds: Int64 { id.wallMilliseconds &+ microseconds / 1000 }
}

/// One try of a request on one key, as kept.
public struct AttemptRecord: Sendable {
    public var key: KeyID
    public var choice: Choice
    public var usable: Int
    public var total: Int
    /// 0: there was no answer.
    public var status: UInt16
    public var verdict: Verdict
    /// From the start of the request.
    public var startedMicroseconds: Int64
    public var microseconds: Int64

    public init(
        key: KeyID, choice: Choice, usable: Int, total: Int, status: UInt16, verdict: Verdict,
        startedMicroseconds: Int64, microseconds: Int64
    ) {
        self.key = key
        self.choice = choice
        self.usable = usable
        self.total = total
        self.status = status
        self.verdict = verdict
        self.startedMicroseconds = startedMicroseconds
        self.microseconds = microseconds
    }
}

/// How a request ended.
public enum RequestEnd: UInt8, Sendable, CaseIterable {
    case complete = 0
    /// Our own error was the answer.
    case refused = 1
    case clientGone = 2
    /// The upstream broke off in mid-answer.
    case truncated = 3
    /// The caller stopped reading until the deadline.
    case stalled = 4
    /// The daemon died in the middle; only the ledger tells of it.
    case interrupted = 5

    public var name: String {
        switch self {
        case .complete: "complete"
        case .refused: "refused"
        case .clientGone: "client-gone"
        case .truncated: "truncated"
        case .stalled: "stalled"
        case .interrupted: "interrupted"
        }
    }
}

/// The methods that are ever accepted.
public enum RequestMethod: UInt8, Sendable, CaseIterable {
    case get = 0
    case head, post, put, patch, delete, options

    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        }
    }
}
