/// What can be bounded, one number each (RL-01).
public enum LimitKind: UInt8, CaseIterable, Sendable, Hashable {
    case requestsPerMinute = 1
    case requestsPerHour = 2
    case requestsPerDay = 3
    case tokensPerMinute = 4
    case tokensPerHour = 5
    case tokensPerDay = 6
    /// Requests in any one second.
    case burst = 7
    /// Requests under way at the same time.
    case concurrency = 8

    /// `requests_per_minute`: the name of the field, everywhere.
    public var word: String {
        switch self {
        case .requestsPerMinute: "requests_per_minute"
        case .requestsPerHour: "requests_per_hour"
        case .requestsPerDay: "requests_per_day"
        case .tokensPerMinute: "tokens_per_minute"
        case .tokensPerHour: "tokens_per_hour"
        case .tokensPerDay: "tokens_per_day"
        case .burst: "burst"
        case .concurrency: "concurrency"
        }
    }

    public init?(word: String) {
        guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = kind
    }

    /// `requests per minute`.
    public var text: String {
        switch self {
        case .requestsPerMinute: "requests per minute"
        case .requestsPerHour: "requests per hour"
        case .requestsPerDay: "requests per day"
        case .tokensPerMinute: "tokens per minute"
        case .tokensPerHour: "tokens per hour"
        case .tokensPerDay: "tokens per day"
        case .burst: "requests per second"
        case .concurrency: "requests at the same time"
        }
    }

    var countsTokens: Bool {
        switch self {
        case .tokensPerMinute, .tokensPerHour, .tokensPerDay: true
        default: false
        }
    }

    /// Nil: nothing is counted over time.
    var window: QuotaWindow? {
        switch self {
        case .burst: .sliding(1000)
        case .requestsPerMinute, .tokensPerMinute: .sliding(60_000)
        case .requestsPerHour, .tokensPerHour: .hour
        case .requestsPerDay, .tokensPerDay: .day
        case .concurrency: nil
        }
    }
}
