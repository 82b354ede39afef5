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
    /// A quota that an operator set is used up; no answer ever says so.
    case quotaSpent = 13
    /// A budget of its own, or of its pool; no answer ever says so.
    case budgetSpent = 14

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
        case .quotaSpent: "quota-spent"
        case .budgetSpent: "budget-spent"
        }
    }
}
