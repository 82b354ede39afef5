import ORKit

/// An error of our own on the public listener: body, status and fields, in
/// the caller's dialect, with the stable code.
///
/// Built without Hummingbird and without a JSON encoder, because the data
/// path answers with it.
struct ErrorAnswer: Sendable {
    /// One line of what was tried, shown to the caller (ruling 11).
    struct Tried: Sendable {
        /// `sk-or-v1-…9c41`; never the key.
        var maskedKey: String
        /// Upstream's status; nil when there was no answer.
        var status: Int?
        /// A cause's word.
        var cause: String
    }

    var code: ErrorCode
    /// One line; nil for the catalogue's title.
    var message: String?
    var dialect: ErrorDialect
    var requestID: RequestID?
    /// Until when it is useless to come back, if that is known.
    var retryAfterMilliseconds: Int64?
    var tried: [Tried]
    /// Overrides the catalogue's status: 429 instead of 503 where the pool's
    /// rest has a stated end.
    var statusOverride: Int?
    /// The field `Ork-Queue`, where the request waited for a key or could not.
    var queue: String?
    /// What the caller is told of its limits; nil: it has none.
    var rateLimit: RateLimitFields?

    init(
        _ code: ErrorCode, message: String? = nil, dialect: ErrorDialect = .openai,
        requestID: RequestID? = nil,
        retryAfterMilliseconds: Int64? = nil, tried: [Tried] = [], status: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.dialect = dialect
        self.requestID = requestID
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.tried = tried
        statusOverride = status
    }

    /// The catalogue's title, followed by what was wrong in this case.
    init(
        _ code: ErrorCode, detail: String?, dialect: ErrorDialect = .openai, requestID: RequestID? = nil,
        retryAfterMilliseconds: Int64? = nil
    ) {
        self.init(
            code, message: detail.map { "\(code.entry.title): \($0)" }, dialect: dialect,
            requestID: requestID,
            retryAfterMilliseconds: retryAfterMilliseconds)
    }

    /// Never below 400: a code that is normally only a remark must not look
    /// like success once it is an error.
    var status: Int {
        let stated = statusOverride ?? code.entry.status
        return stated < 400 ? 500 : stated
    }

    /// The word in `type` and in `X-Error-Type` (K-04).
    var type: String {
        // The limit is ours and no upstream's (RL-05); Anthropic's SDK knows only its own word.
        if code == .rateLimited, dialect != .anthropic { return "rate_limit_exceeded" }
        return dialect.typeWord(status: status)
    }

    /// What the caller reads.
    var text: String { message ?? code.entry.title }
}

extension ErrorAnswer {
    /// The whole body, without a line feed at its end.
    var body: [UInt8] {
        var json = JSONText()
        switch dialect {
        case .openai, .responses:
            json.raw("{\"error\":")
            writeDetail(into: &json)
            json.raw("}")
        case .gateway:
            json.raw("{\"error\":")
            writeDetail(into: &json)
            json.raw(",\"detail\":")
            json.string(text)
            json.raw("}")
        case .anthropic:
            json.raw("{\"type\":\"error\",\"error\":")
            writeDetail(into: &json)
            json.raw(",\"request_id\":")
            json.stringOrNull(requestID?.description)
            json.raw("}")
        }
        return json.bytes
    }

    /// The error as one event of a stream that has begun: the only way left
    /// to say it. No end marker follows, here or anywhere.
    var event: [UInt8] {
        var json = JSONText()
        switch dialect {
        case .openai, .gateway: json.raw("data: ")
        case .responses, .anthropic: json.raw("event: error\ndata: ")
        }
        if dialect == .responses {
            json.raw("{\"type\":\"error\",\"code\":")
            json.string(code.rawValue)
            json.raw(",\"message\":")
            json.string(text)
            json.raw(",\"param\":null}")
            return json.bytes + Array("\n\n".utf8)
        }
        return json.bytes + body + Array("\n\n".utf8)
    }

    /// Fields of the head besides the framing and `SecurityHeaders`.
    var fields: [(String, String)] {
        var fields = [
            ("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Error-Type", type),
            ("x-should-retry", shouldRetry ? "true" : "false"),
        ]
        if let retryAfterSeconds { fields.append(("Retry-After", String(retryAfterSeconds))) }
        if let queue { fields.append((QueueStay.name, queue)) }
        if let rateLimit { fields += rateLimit.fields }
        return fields
    }

    /// Rounded up: coming back a moment early would be refused again.
    private var retryAfterSeconds: Int64? {
        retryAfterMilliseconds.map { milliseconds in
            let positive = max(0, milliseconds)
            return max(1, positive / 1000 + (positive % 1000 == 0 ? 0 : 1))
        }
    }

    /// Whether the caller's SDK should try again by itself. Where our own
    /// attempts are used up its retries would only multiply them
    /// (openrouter-api 9), so the answer is yes only for what passes soon.
    private var shouldRetry: Bool {
        guard status == 408 || status == 429 || status >= 500 else { return false }
        // No wait makes the same key a good one.
        guard code != .tooManyFailures else { return false }
        if let retryAfterSeconds { return retryAfterSeconds <= Self.longestWaitOfSDKs }
        switch code {
        case .draining, .overloaded, .journalBehind, .storageUnavailable, .requestTimeout: return true
        default: return false
        }
    }

    /// The openai SDK waits at most this long, in seconds, for a retry.
    private static let longestWaitOfSDKs: Int64 = 120

    private func writeDetail(into json: inout JSONText) {
        json.raw("{\"message\":")
        json.string(text)
        json.raw(",\"type\":")
        json.string(type)
        if dialect != .anthropic { json.raw(",\"param\":null") }
        json.raw(",\"code\":")
        json.string(code.rawValue)
        if dialect != .anthropic, let requestID {
            json.raw(",\"request_id\":")
            json.string(requestID.description)
        }
        if !tried.isEmpty { writeTried(into: &json) }
        json.raw("}")
    }

    private func writeTried(into json: inout JSONText) {
        json.raw(",\"metadata\":{\"attempts\":[")
        for (index, attempt) in tried.enumerated() {
            if index > 0 { json.raw(",") }
            json.raw("{\"key\":")
            json.string(attempt.maskedKey)
            json.raw(",\"status\":")
            if let status = attempt.status { json.number(status) } else { json.raw("null") }
            json.raw(",\"cause\":")
            json.string(attempt.cause)
            json.raw("}")
        }
        json.raw("]}")
    }
}
