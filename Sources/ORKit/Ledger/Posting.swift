// Ledger: money and credits as plain values. Here: postings and their packed form, the books they add up to,
// what is held for a request and what it is charged. Not here: disks, digests, clocks, answers' bytes (Stream).
// Imports nothing.

/// One line of the ledger: written once, in order, never changed.
///
/// Credits are tokens, upstream cost is `Money`; the two never mix. What a
/// line does to the books is `legs`, whose sum is zero (double entry). The large
/// ones are boxed: a line is handed on six times before it is on disk.
public enum Posting: Sendable, Hashable {
    /// Credits came in or went out by somebody's order.
    case move(Movement)
    /// A request holds credits from here on; before any byte of its answer
    /// leaves (ruling 1).
    case reserve(Reservation)
    /// A request that runs holds so many credits more.
    case grow(RequestID, UserID, credits: Int64)
    /// The upstream has begun to answer: whom to ask later what it cost.
    case sent(RequestID, KeyID, generation: String?)
    /// A request is over: charged, and what it held given back.
    indirect case settle(Settlement)
    /// What was learnt of a settled request afterwards.
    indirect case correct(Correction)

    /// Whose account the line changes; nil: nobody's.
    public var user: UserID? {
        switch self {
        case .move(let movement): movement.user
        case .reserve(let reservation): reservation.user
        case .grow(_, let user, _): user
        case .sent: nil
        case .settle(let end): end.user
        case .correct(let correction): correction.user
        }
    }
}

/// Credits that no request spent.
public struct Movement: Sendable, Hashable {
    public enum Reason: UInt8, Sendable, CaseIterable {
        /// An operator's top-up.
        case topUp = 0
        /// What a new user begins with.
        case start = 1
        /// Taken out by an operator.
        case deduct = 2
        /// Takes another movement back.
        case refund = 3

        public var name: String {
            switch self {
            case .topUp: "top-up"
            case .start: "start"
            case .deduct: "deduct"
            case .refund: "refund"
            }
        }

        /// Nil for a word that is none of these.
        public init?(name: String) {
            guard let reason = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = reason
        }
    }

    public var user: UserID
    /// Negative: taken out.
    public var credits: Int64
    public var reason: Reason

    public init(user: UserID, credits: Int64, reason: Reason) {
        self.user = user
        self.credits = credits
        self.reason = reason
    }
}

/// What a request holds while it runs.
public struct Reservation: Sendable, Hashable {
    public var request: RequestID
    public var user: UserID
    public var client: ClientID
    /// 0 or more; 0 where credits do not count.
    public var credits: Int64

    public init(request: RequestID, user: UserID, client: ClientID, credits: Int64) {
        self.request = request
        self.user = user
        self.client = client
        self.credits = credits
    }
}

/// What became of a request.
public struct Settlement: Sendable, Hashable {
    public var request: RequestID
    public var user: UserID
    public var client: ClientID
    /// Of the last attempt; nil: there was none.
    public var key: KeyID?
    public var model: String?
    public var end: RequestEnd
    public var usage: Usage
    public var quality: UsageQuality
    /// What its reservation, and what it grew by, is given back: 0 or more.
    public var held: Int64
    /// 0 or more.
    public var charged: Int64
    /// The reservation is in this very line: the two came to the disk
    /// together (ruling 4).
    public var isWhole: Bool
    public var generation: String?

    public init(
        request: RequestID, user: UserID, client: ClientID, key: KeyID?, model: String?, end: RequestEnd,
        usage: Usage, quality: UsageQuality, held: Int64, charged: Int64, isWhole: Bool = false,
        generation: String?
    ) {
        self.request = request
        self.user = user
        self.client = client
        self.key = key
        self.model = model
        self.end = end
        self.usage = usage
        self.quality = quality
        self.held = held
        self.charged = charged
        self.isWhole = isWhole
        self.generation = generation
    }
}

/// The difference between what a settlement said and what is known now. A
/// request's cost is the sum of its postings (ruling 3).
public struct Correction: Sendable, Hashable {
    public var request: RequestID
    public var user: UserID
    public var client: ClientID
    public var key: KeyID?
    public var model: String?
    /// What is to be added; every number may be negative.
    public var usage: Usage
    /// Of the request until now, where this line learnt more; `none`: it did not.
    public var was: UsageQuality
    /// Of the request from here on.
    public var quality: UsageQuality
    /// Negative: given back.
    public var charged: Int64

    public init(
        request: RequestID, user: UserID, client: ClientID, key: KeyID?, model: String?, usage: Usage,
        was: UsageQuality = .none, quality: UsageQuality, charged: Int64
    ) {
        self.request = request
        self.user = user
        self.client = client
        self.key = key
        self.model = model
        self.usage = usage
        self.was = was
        self.quality = quality
        self.charged = charged
    }
}
