/// What an upstream answer means: the cause, exactly what it proves something
/// about, until when, and the evidence. Made by `Classifier`, acted on by
/// `Engine.heard`, stored with the request, shown by `orkctl explain`.
public struct Verdict: Sendable, Hashable {
    /// Nil when nothing is proved about anything but the request.
    public var scope: FailureScope
    public var cause: Cause
    /// What the request may do next.
    public var remedy: Remedy
    /// Until when the scope rests, if the upstream stated it (`Retry-After`,
    /// reset header, error body).
    public var statedUntil: WallTime?
    /// One line: the words of the answer that prove it. Never a secret, at
    /// most 200 characters, printable.
    public var evidence: String
    /// Name of the rule that decided, for example `429-free-tier-daily`.
    public var rule: String
    /// Account named by the error body (`user_id`), if any.
    public var account: String?

    public init(
        scope: FailureScope, cause: Cause, remedy: Remedy, statedUntil: WallTime? = nil, evidence: String,
        rule: String, account: String? = nil
    ) {
        self.scope = scope
        self.cause = cause
        self.remedy = remedy
        self.statedUntil = statedUntil
        self.evidence = evidence
        self.rule = rule
        self.account = account
    }

    /// A good answer.
    public static let ok = Verdict(scope: .request, cause: .ok, remedy: .relay, evidence: "", rule: "ok")

    /// An answer that had begun well and says later that it failed. It has
    /// been relayed: what is left is to hold it against the right one.
    public static let failedInside = Verdict(
        scope: .modelAtProvider, cause: .upstreamError, remedy: .retry,
        evidence: "the answer ended in an error", rule: "error-in-answer")

    /// Whether a model may have worked although no good answer came of it:
    /// what that cost is unknown, not nothing (ruling 21).
    public var mayHaveRun: Bool {
        switch remedy {
        case .relay, .rotate, .giveUp: false
        // Without a connection there was no request.
        case .retry: cause != .unreachable || rule == Rule.resetBeforeHead
        }
    }
}

/// What went wrong, in one word.
public enum Cause: UInt8, Sendable, CaseIterable {
    case ok = 0
    /// 429, whatever its scope.
    case rateLimited = 1
    /// 402 on the account's balance.
    case creditsOut = 2
    /// 402 or 403 on the key's own limit.
    case keyLimit = 3
    /// 402: too much held by running requests; passes by itself.
    case inFlightBudget = 4
    /// 401.
    case rejected = 5
    /// The request itself: 400, 404, 413, 422, moderation.
    case badRequest = 6
    /// 5xx, or an error inside a 200.
    case upstreamError = 7
    /// No connection, reset before the head.
    case unreachable = 8
    /// Silence beyond a deadline.
    case slow = 9
    /// The answer broke off.
    case truncated = 10
    /// Not HTTP, not JSON where JSON was due, a redirect.
    case malformed = 11
    /// An HTML page of the edge in front of the upstream.
    case edge = 12

    public var name: String {
        switch self {
        case .ok: "ok"
        case .rateLimited: "rate-limited"
        case .creditsOut: "credits-out"
        case .keyLimit: "key-limit"
        case .inFlightBudget: "in-flight-budget"
        case .rejected: "rejected"
        case .badRequest: "bad-request"
        case .upstreamError: "upstream-error"
        case .unreachable: "unreachable"
        case .slow: "slow"
        case .truncated: "truncated"
        case .malformed: "malformed"
        case .edge: "edge"
        }
    }
}

/// What the request may do after a verdict.
public enum Remedy: UInt8, Sendable {
    /// Pass the answer on unchanged.
    case relay
    /// Nothing was generated: another key may serve, at no cost.
    case rotate
    /// Something may have been generated: counts against the retries.
    case retry
    /// Trying again is useless; answer ourselves.
    case giveUp
}
