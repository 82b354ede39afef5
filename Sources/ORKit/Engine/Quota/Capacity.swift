/// How much of a quota is left, in one word (QA-02).
public enum Capacity: String, Sendable, CaseIterable, Codable {
    /// More than 80 %.
    case abundant
    /// From 50 % on.
    case constrained
    /// From 20 % on.
    case critical
    /// Less, or nothing.
    case exhausted
    /// It was used up; enough has come back to begin again, but not 20 %.
    case recovering

    /// Serves only when no other key of its pool can.
    var isScarce: Bool { self == .exhausted || self == .recovering }

    /// - Parameter total: above zero, at most `Quota.most`.
    init(left: Int64, of total: Int64, isRecovering: Bool) {
        let percent = left * 100
        if percent > total * 80 {
            self = .abundant
        } else if percent >= total * 50 {
            self = .constrained
        } else if percent >= total * 20 {
            self = .critical
        } else {
            self = isRecovering ? .recovering : .exhausted
        }
    }

    /// The one that leaves less.
    public func worse(_ other: Capacity) -> Capacity { rank >= other.rank ? self : other }

    private var rank: Int {
        switch self {
        case .abundant: 0
        case .constrained: 1
        case .critical: 2
        case .recovering: 3
        case .exhausted: 4
        }
    }
}

/// A quota's capacity has come into another state.
public struct CapacityChange: Sendable, Hashable {
    public var at: WallTime
    public var from: Capacity
    public var to: Capacity
    /// What is left of what, in words.
    public var text: String
    /// When all of it is back; nil: not known.
    public var until: WallTime?
}
