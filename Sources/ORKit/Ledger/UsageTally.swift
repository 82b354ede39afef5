/// What may be asked about usage: whose it was, what served it, which model.
public enum UsageSubject: Sendable, Hashable {
    /// As it stands in the tables; never another number for a kind.
    public enum Kind: Int64, Sendable, CaseIterable {
        case client = 0
        case key = 1
        case model = 2
        case user = 3
        /// A user and a model.
        case pair = 4
    }

    case user(UserID)
    case client(ClientID)
    case key(KeyID)
    case model(String)
    case pair(UserModel)

    public var kind: Kind {
        switch self {
        case .user: .user
        case .client: .client
        case .key: .key
        case .model: .model
        case .pair: .pair
        }
    }
}

/// A model that a user's requests were answered by.
public struct UserModel: Sendable, Hashable {
    public var user: UserID
    public var model: String

    public init(user: UserID, model: String) {
        self.user = user
        self.model = model
    }
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

    private var ownSums: [Slot: UsageSum] = [:]

    /// Each is added once here, and spread over its places when somebody asks.
    private var settled = SettledSums()

    public var sums: [Slot: UsageSum] {
        var sums = ownSums
        for entry in settled.entries {
            let alike = entry.alike
            for kind in UsageSubject.Kind.allCases {
                guard
                    let subject = Posting.subject(kind, alike.user, alike.client, alike.key, alike.model)
                else { continue }
                sums[Slot(subject, hour: alike.hour), default: UsageSum()].add(entry.sum)
            }
        }
        return sums
    }

    /// How often, and when last.
    public struct ModelUse: Sendable, Hashable {
        public var requests: Int64
        public var last: WallTime

        public init(requests: Int64, last: WallTime) {
            self.requests = requests
            self.last = last
        }

        fileprivate mutating func add(_ count: Int64, last time: WallTime) {
            requests = requests.addingHeld(count)
            last = max(last, time)
        }
    }

    private var ownModels: [UserModel: ModelUse] = [:]

    public var models: [UserModel: ModelUse] {
        var models = ownModels
        for entry in settled.entries {
            guard let model = entry.alike.model else { continue }
            let pair = UserModel(user: entry.alike.user, model: model)
            models[pair, default: ModelUse(requests: 0, last: entry.last)]
                .add(entry.sum.requests, last: entry.last)
        }
        return models
    }

    public init() {}

    /// How many sums it may come to, about: what it takes to write it down.
    public var size: Int { ownSums.count + settled.entries.count }

    /// The hour of a time, since 1970.
    public static func hour(of time: WallTime) -> Int64 {
        let (hours, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 3_600_000)
        return rest < 0 ? hours - 1 : hours
    }

    /// Adds one line; lines that are about no use change nothing.
    public mutating func add(_ posting: Posting, at time: WallTime) {
        guard case .settle(let end) = posting else {
            for kind in UsageSubject.Kind.allCases { add(posting, at: time, to: kind) }
            return
        }
        // First all that is read of it: it is then read where it is, not copied.
        let sum = UsageSum(end)
        let alike = SettledSums.Alike(
            user: end.user, client: end.client, key: end.key, model: sum.saysSomething ? end.model : nil,
            hour: Self.hour(of: time))
        settled.add(sum, to: alike, at: time)
    }

    /// Adds it to its subject of one kind only.
    public mutating func add(_ posting: Posting, at time: WallTime, to kind: UsageSubject.Kind) {
        guard let (subject, sum) = posting.use(of: kind) else { return }
        let slot = Slot(subject, hour: Self.hour(of: time))
        ownSums[slot, default: UsageSum()].add(sum)
        guard case .pair(let name) = subject, case .settle = posting else { return }
        ownModels[name, default: ModelUse(requests: 0, last: time)].add(1, last: time)
    }
}

extension Posting {
    /// The line's subject of a kind, and what the line adds to it. Nil: it has
    /// none, or is about no use.
    ///
    /// A model counts only where somebody said what it used: its name is the
    /// caller's word, and anybody could invent any number of them.
    public func use(of kind: UsageSubject.Kind) -> (subject: UsageSubject, sum: UsageSum)? {
        switch self {
        case .move, .reserve, .grow, .sent: return nil
        case .settle(let end):
            let sum = UsageSum(end)
            let model = sum.saysSomething ? end.model : nil
            return Self.subject(kind, end.user, end.client, end.key, model).map { ($0, sum) }
        case .correct(let correction):
            return Self.subject(
                kind, correction.user, correction.client, correction.key, correction.model
            ).flatMap { subject in
                Self.sum(of: correction, for: subject).map { (subject, $0) }
            }
        }
    }

    /// A request that nothing was known of was not counted with its model.
    private static func sum(of correction: Correction, for subject: UsageSubject) -> UsageSum? {
        var sum = UsageSum(correction)
        guard [.model, .pair].contains(subject.kind), correction.was == .unknown else { return sum }
        guard sum.tokens != 0 || sum.cost != .zero else { return nil }
        sum.requests = 1
        sum.unknown = 0
        return sum
    }

    fileprivate static func subject(
        _ kind: UsageSubject.Kind, _ user: UserID, _ client: ClientID, _ key: KeyID?, _ model: String?
    ) -> UsageSubject? {
        switch kind {
        case .user: .user(user)
        case .client: .client(client)
        case .key: key.map { .key($0) }
        case .model: model.map { .model($0) }
        case .pair: model.map { .pair(UserModel(user: user, model: $0)) }
        }
    }
}
