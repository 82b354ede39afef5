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

    /// A model that a user's requests were answered by.
    public struct UserModel: Sendable, Hashable {
        public var user: UserID
        public var model: String

        public init(user: UserID, model: String) {
            self.user = user
            self.model = model
        }
    }

    /// How often, and when last.
    public struct ModelUse: Sendable, Hashable {
        public var requests: Int64
        public var last: WallTime

        public init(requests: Int64, last: WallTime) {
            self.requests = requests
            self.last = last
        }
    }

    public private(set) var models: [UserModel: ModelUse] = [:]

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
            guard case .model(let model) = subject, case .settle(let end) = posting else { continue }
            let name = UserModel(user: end.user, model: model)
            let before = models[name]
            models[name] = ModelUse(
                requests: (before?.requests ?? 0) + 1, last: max(time, before?.last ?? time))
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
            return Self.subjects(correction.user, correction.client, correction.key, correction.model)
                .map { ($0, sum) }
        }
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
