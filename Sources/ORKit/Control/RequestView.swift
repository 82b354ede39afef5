/// One proxied request with its decision trail: `requests list|show`,
/// `explain ID`.
public struct RequestView: Codable, Sendable {
    public var id: String
    public var startedAt: String
    public var client: String
    public var clientID: ClientID
    /// Whose client it was then; absent when it was nobody's.
    public var user: String?
    public var userID: UserID?
    public var method: String
    public var path: String
    public var model: String?
    public var stream: Bool
    /// What the caller got; 0 when it left before a status was sent.
    public var status: Int
    /// Set when the answer was ours, or the end was not a clean one.
    public var code: ErrorCode?
    /// `complete`, `refused`, `client-gone`, `truncated`, `stalled`.
    public var end: String
    /// The keys of its pools when the first was to be chosen, by what kept
    /// them from it: `usable`, `full`, `model-resting`, `resting`,
    /// `exhausted`, `suspect`, `broken`, `invalid`, `disabled`, and those in
    /// other pools, `elsewhere`. Absent when nothing kept any from it.
    public var candidates: [String: Int]?
    /// Where it stood in the queue for a key when it came, and how long it
    /// waited there; absent when it did not wait.
    public var queuePosition: Int?
    public var queuedMilliseconds: Int64?
    public var attempts: [AttemptView]
    public var bytesIn: Int64
    public var bytesOut: Int64
    public var firstByteMilliseconds: Double?
    public var milliseconds: Double
    public var usage: UsageView
    /// Only of one that is shown by itself, and where prices for it are known.
    public var cost: ComparedCostView?
    public var generation: String?

    public init(
        id: String, startedAt: String, client: String, clientID: ClientID, method: String, path: String,
        model: String?, stream: Bool, status: Int, code: ErrorCode?, end: String, attempts: [AttemptView],
        bytesIn: Int64, bytesOut: Int64, firstByteMilliseconds: Double?, milliseconds: Double,
        usage: UsageView,
        generation: String?
    ) {
        self.id = id
        self.startedAt = startedAt
        self.client = client
        self.clientID = clientID
        self.method = method
        self.path = path
        self.model = model
        self.stream = stream
        self.status = status
        self.code = code
        self.end = end
        self.attempts = attempts
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.firstByteMilliseconds = firstByteMilliseconds
        self.milliseconds = milliseconds
        self.usage = usage
        self.generation = generation
    }

    private enum CodingKeys: String, CodingKey {
        case id, client, user, method, path, model, stream, status, code, end, candidates, attempts,
            milliseconds, usage, cost, generation
        case startedAt = "started_at"
        case clientID = "client_id"
        case userID = "user_id"
        case bytesIn = "bytes_in"
        case bytesOut = "bytes_out"
        case firstByteMilliseconds = "first_byte_ms"
        case queuePosition = "queue_position"
        case queuedMilliseconds = "queued_ms"
    }
}

/// One try of a request on one key.
public struct AttemptView: Codable, Sendable {
    public var key: String
    public var keyID: KeyID
    /// Why this key: `sticky`, `least-recently-used`, `only-one`, …
    public var chosen: String
    /// Usable keys at that moment, of how many.
    public var usable: Int
    public var total: Int
    /// Upstream's status; absent when there was none.
    public var status: Int?
    /// What the answer proved, `ok` when nothing.
    public var cause: String
    public var scope: FailureScope?
    public var rule: String
    public var evidence: String?
    public var until: String?
    public var startedMilliseconds: Double
    public var milliseconds: Double

    public init(
        key: String, keyID: KeyID, chosen: String, usable: Int, total: Int, status: Int?, cause: String,
        scope: FailureScope?, rule: String, evidence: String?, until: String?, startedMilliseconds: Double,
        milliseconds: Double
    ) {
        self.key = key
        self.keyID = keyID
        self.chosen = chosen
        self.usable = usable
        self.total = total
        self.status = status
        self.cause = cause
        self.scope = scope
        self.rule = rule
        self.evidence = evidence
        self.until = until
        self.startedMilliseconds = startedMilliseconds
        self.milliseconds = milliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case key, chosen, usable, total, status, cause, scope, rule, evidence, until, milliseconds
        case keyID = "key_id"
        case startedMilliseconds = "started_ms"
    }
}

/// Token counts and cost of one request.
public struct UsageView: Codable, Sendable {
    public var quality: String
    public var promptTokens: Int64
    public var completionTokens: Int64
    public var totalTokens: Int64
    public var cachedTokens: Int64
    public var reasoningTokens: Int64
    /// Decimal string in USD; absent when upstream stated none.
    public var cost: String?

    public init(_ usage: Usage, quality: UsageQuality) {
        self.quality = quality.name
        promptTokens = usage.prompt
        completionTokens = usage.completion
        totalTokens = usage.total
        cachedTokens = usage.cached
        reasoningTokens = usage.reasoning
        cost = usage.cost?.decimal
    }

    private enum CodingKeys: String, CodingKey {
        case quality, cost
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
        case cachedTokens = "cached_tokens"
        case reasoningTokens = "reasoning_tokens"
    }
}
