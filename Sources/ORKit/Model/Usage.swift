/// What an answer cost, as the upstream stated it.
///
/// Token classes as OpenRouter reports them: `cached`, `cacheWrite` are parts
/// of `prompt`; `reasoning` is a part of `completion`. A class that was not
/// stated is zero; a cost that was not stated is nil, never zero.
public struct Usage: Hashable, Sendable {
    public var prompt: Int64 = 0
    public var completion: Int64 = 0
    /// As stated; where absent, prompt + completion.
    public var total: Int64 = 0
    public var cached: Int64 = 0
    public var cacheWrite: Int64 = 0
    public var reasoning: Int64 = 0
    /// `usage.cost`: what the account was debited.
    public var cost: Money?

    public init() {}
}

/// How far the numbers of a request can be trusted.
public enum UsageQuality: UInt8, Sendable, CaseIterable {
    /// There was nothing to meter: no attempt reached a model.
    case none = 0
    /// Stated by the upstream in this very answer.
    case exact = 1
    /// Computed by us because the upstream said nothing.
    case estimated = 2
    /// An attempt may have run and nothing is known about it.
    case unknown = 3
    /// Learnt afterwards from the upstream's own record.
    case reconciled = 4

    public var name: String {
        switch self {
        case .none: "none"
        case .exact: "exact"
        case .estimated: "estimated"
        case .unknown: "unknown"
        case .reconciled: "reconciled"
        }
    }
}
