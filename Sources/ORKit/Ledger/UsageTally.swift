/// What may be asked about usage: whose it was, what served it, which model.
public enum UsageSubject: Sendable, Hashable {
    case user(UserID)
    case client(ClientID)
    case key(KeyID)
    case model(String)
}

/// What postings add up to, for everything that may be asked, hour by hour.
/// A part of the whole: sums of several are added.
public struct UsageTally: Sendable {
    /// A subject in an hour.
    public struct Slot: Sendable, Hashable {
        public var subject: UsageSubject
        /// Since 1970, UTC.
        public var hour: Int64

        public init(_ subject: UsageSubject, hour: Int64) {
            self.subject = subject
            self.hour = hour
        }
    }

    public private(set) var sums: [Slot: UsageSum] = [:]

    public init() {}

    public var isEmpty: Bool { sums.isEmpty }

    /// The hour of a time, since 1970.
    public static func hour(of time: WallTime) -> Int64 {
        let (hours, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 3_600_000)
        return rest < 0 ? hours - 1 : hours
    }

    /// Adds one line; lines that are about no use change nothing.
    public mutating func add(_ posting: Posting, at time: WallTime) {
        let hour = Self.hour(of: time)
        for (subject, sum) in posting.use {
            let slot = Slot(subject, hour: hour)
            sums[slot] = sums[slot].map { $0 + sum } ?? sum
        }
    }
}

extension Posting {
    /// What the line adds to each of its subjects.
    ///
    /// A model counts only where somebody said what it used: its name is the
    /// caller's word, and anybody could invent any number of them.
    public var use: [(subject: UsageSubject, sum: UsageSum)] {
        switch self {
        case .move, .reserve, .grow, .sent: return []
        case .settle(let end):
            let sum = UsageSum(end)
            return Self.subjects(
                end.user, end.client, end.key, sum.tokens != 0 || sum.cost != .zero ? end.model : nil
            ).map { ($0, sum) }
        case .correct(let correction):
            let sum = UsageSum(correction)
            var uses = Self.subjects(correction.user, correction.client, correction.key, nil).map {
                ($0, sum)
            }
            if let model = correction.model { uses += Self.use(of: model, correction, sum) }
            return uses
        }
    }

    /// A request that nothing was known of was not counted with its model.
    private static func use(
        of model: String, _ correction: Correction, _ sum: UsageSum
    ) -> [(subject: UsageSubject, sum: UsageSum)] {
        guard correction.was == .unknown else { return [(.model(model), sum)] }
        guard sum.tokens != 0 || sum.cost != .zero else { return [] }
        var sum = sum
        sum.requests = 1
        sum.unknown = 0
        return [(.model(model), sum)]
    }

    private static func subjects(
        _ user: UserID, _ client: ClientID, _ key: KeyID?, _ model: String?
    ) -> [UsageSubject] {
        var subjects: [UsageSubject] = [.user(user), .client(client)]
        if let key { subjects.append(.key(key)) }
        if let model { subjects.append(.model(model)) }
        return subjects
    }
}
