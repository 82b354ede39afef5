/// What a choice among keys aims at, and how much each aim counts (PO-01 to
/// PO-03): in thousandths, ten bits for each aim, never all of them 0.
public struct Objective: Sendable, Hashable {
    public enum Aim: String, Sendable, CaseIterable {
        /// Not refused for its rate or its money of late, and with room.
        case availability
        /// Not failed of late.
        case reliability
        /// Used the least so far, for its weight.
        case fairness
        /// The first to answer.
        case latency
        /// Did not break off of late what it had begun to answer.
        case quality
        /// Cost the least of late, by the list of prices.
        case cost

        fileprivate var shift: UInt64 {
            switch self {
            case .availability: 0
            case .reliability: 10
            case .fairness: 20
            case .latency: 30
            case .quality: 40
            case .cost: 50
            }
        }
    }

    private var packed: UInt64

    /// One aim alone.
    public init(_ aim: Aim) { packed = Self.full << aim.shift }

    /// Weights above 1000 count as that, below 0 as that. Nil: all are 0.
    public init?(thousandths weights: [Aim: Int]) {
        packed = weights.reduce(0) { packed, weight in
            packed | UInt64(min(max(weight.value, 0), Int(Self.full))) << weight.key.shift
        }
        if packed == 0 { return nil }
    }

    private static let full: UInt64 = 1000

    /// The weight of an aim, in thousandths.
    @inline(__always)
    public subscript(aim: Aim) -> Int { Int(truncatingIfNeeded: packed >> aim.shift & 1023) }
}
