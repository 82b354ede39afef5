/// What an upstream answer means: the cause, exactly what it proves something
/// about, until when, and the evidence. Made by `Classifier`, acted on by
/// `Engine.heard`, stored with the request, shown by `orkctl explain`.
public struct Verdict: Sendable, Hashable {
    /// The one thing that something is proved about: `request` when nothing is
    /// proved about anything else.
    public var scope: FailureScope
    public var cause: Cause
    /// What the request may do next.
    public var remedy: Remedy
    /// Until when the scope rests, if the upstream stated it (`Retry-After`,
    /// reset header, error body) or it follows from the meaning. Nil also when
    /// what was stated is absurd (ruling 10).
    public var statedUntil: WallTime?
    /// Where that time is from.
    public var statedBy: TimeSource?
    /// One line: the words of the answer that prove it. Never a secret, at
    /// most 200 characters, printable.
    public var evidence: String
    /// Name of the rule that decided, for example `429-free-tier-daily`. Names
    /// are kept with requests and never change their meaning.
    public var rule: String
    /// Account named by the error body (`user_id`), if any.
    public var account: String?
    /// The provider behind the upstream that the answer names, if any.
    public var provider: String?
    /// The same for the same trouble, whichever key heard it: numbers and what
    /// looks like a secret do not count. 0: nothing went wrong.
    public var fingerprint: UInt64

    public init(
        scope: FailureScope, cause: Cause, remedy: Remedy, statedUntil: WallTime? = nil,
        statedBy: TimeSource? = nil, evidence: String, rule: String, account: String? = nil,
        provider: String? = nil, fingerprint: UInt64 = 0
    ) {
        self.scope = scope
        self.cause = cause
        self.remedy = remedy
        self.statedUntil = statedUntil
        self.statedBy = statedBy
        self.evidence = evidence
        self.rule = rule
        self.account = account
        self.provider = provider
        self.fingerprint = fingerprint
    }

    /// The same trouble, whichever key heard it.
    func isAlike(_ other: Verdict) -> Bool { fingerprint == other.fingerprint && rule == other.rule }

    /// A good answer.
    public static let ok = Verdict(scope: .request, cause: .ok, remedy: .relay, evidence: "", rule: "ok")

    /// An answer that had begun well and says later that it failed. It has
    /// been relayed: what is left is to hold it against the right one.
    public static let failedInside = Verdict(
        scope: .modelAtProvider, cause: .upstreamError, remedy: .retry,
        evidence: "the answer ended in an error", rule: "error-in-answer",
        fingerprint: Fingerprint.of(rule: "error-in-answer"))

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

/// Where the end of a rest is from.
public enum TimeSource: UInt8, Sendable, CaseIterable {
    /// A field of the answer's head.
    case header = 0
    case body = 1
    /// It follows from the meaning: a daily limit starts afresh at midnight.
    case calendar = 2

    public var name: String {
        switch self {
        case .header: "header"
        case .body: "body"
        case .calendar: "calendar"
        }
    }
}
