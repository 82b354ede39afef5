/// What a user or a client key may do: a number for each kind, or none.
public struct LimitRecord: Sendable, Hashable {
    /// Zero: not bounded.
    private var numbers: SIMD8<Int64> = .zero
    /// Nothing is refused; what would have been is told.
    public var isShadow = false

    /// More than anybody uses, and far from where sums overflow.
    public static let most = Quota.most

    public init() {}

    /// A number outside of 1 to `most` bounds nothing.
    public init(_ numbers: [LimitKind: Int64], isShadow: Bool = false) {
        for (kind, number) in numbers { self[kind] = number }
        self.isShadow = isShadow
    }

    public subscript(kind: LimitKind) -> Int64? {
        get {
            let number = numbers[Int(kind.rawValue) - 1]
            return number == 0 ? nil : number
        }
        set {
            let number = newValue ?? 0
            numbers[Int(kind.rawValue) - 1] = (1...Self.most).contains(number) ? number : 0
        }
    }

    /// Whether nothing is bounded.
    public var isEmpty: Bool { numbers == .zero }

    var boundsTokens: Bool { LimitKind.allCases.contains { $0.countsTokens && self[$0] != nil } }

    /// What a user has of whom nothing else was said (RL-02).
    public static let ofUsers = LimitRecord([
        .requestsPerMinute: 60, .requestsPerHour: 1000, .requestsPerDay: 10_000,
        .tokensPerMinute: 10_000, .tokensPerHour: 100_000, .tokensPerDay: 1_000_000,
    ])
}
