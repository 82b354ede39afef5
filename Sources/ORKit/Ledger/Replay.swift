/// What a run of postings adds up to: balances, and the reservations that no
/// settlement has ended. The same lines always give the same sums; whoever
/// reads the ledger from its beginning, or from a checkpoint, comes to it.
public struct Replay: Sendable, Equatable {
    /// A request that had begun and was not settled.
    public struct Open: Sendable, Hashable {
        public var user: UserID
        public var client: ClientID
        public var credits: Int64
        /// Of the attempt whose answer had begun; nil: none had.
        public var key: KeyID?
        public var generation: String?

        init(_ reservation: Reservation) {
            user = reservation.user
            client = reservation.client
            credits = reservation.credits
        }

        init(user: UserID, client: ClientID, credits: Int64, key: KeyID?, generation: String?) {
            self.user = user
            self.client = client
            self.credits = credits
            self.key = key
            self.generation = generation
        }
    }

    /// What all users together have had, spent and hold.
    public struct Sums: Sendable, Hashable {
        /// What came in less what went out by order.
        public var given: Int64
        public var spent: Int64

        public init(given: Int64 = 0, spent: Int64 = 0) {
            self.given = given
            self.spent = spent
        }
    }

    public private(set) var accounts: [UserID: Books.Account]
    public private(set) var open: [RequestID: Open]
    public private(set) var sums: Sums

    public init() {
        accounts = [:]
        open = [:]
        sums = Sums()
    }

    init(accounts: [UserID: Books.Account], open: [RequestID: Open], sums: Sums) {
        self.accounts = accounts
        self.open = open
        self.sums = sums
    }

    /// Why a line cannot follow those before it.
    public enum Fault: Error, Sendable, Hashable {
        /// A number that no line of ours has, or a sum beyond `Credits.bounds`.
        case amount
        /// A request begins that has begun already.
        case begunTwice(RequestID)
        /// A line of a request that has not begun, or is over; a correction of one
        /// that is not over yet.
        case notOpen(RequestID)
        /// What is given back is not what was held.
        case wrongHold(RequestID)
    }

    /// Adds the next line. After a fault nothing has changed.
    public mutating func add(_ posting: Posting) throws(Fault) {
        guard let legs = posting.legs else { throw .amount }
        var sums = sums
        sums.given = try Self.sum(sums.given, -legs.outside)
        sums.spent = try Self.sum(sums.spent, legs.spent)
        guard let user = posting.user else { return try follow(posting) }
        // Every settlement comes here: its user is looked up once.
        let place = accounts.index(forKey: user)
        var account = place.map { accounts.values[$0] } ?? Books.Account()
        account.free = try Self.sum(account.free, legs.free)
        account.held = try Self.sum(account.held, legs.held)
        try follow(posting)
        self.sums = sums
        if let place { accounts.values[place] = account } else { accounts[user] = account }
    }

    /// Of the line as a whole: within it a user may have more for a moment
    /// than anybody may.
    private static func sum(_ old: Int64, _ change: Int64) throws(Fault) -> Int64 {
        let (sum, overflow) = old.addingReportingOverflow(change)
        guard !overflow, Credits.bounds.contains(sum) else { throw .amount }
        return sum
    }

    /// Keeps the list of those that have begun and are not over.
    private mutating func follow(_ posting: Posting) throws(Fault) {
        switch posting {
        case .move: break
        case .reserve(let reservation):
            guard open[reservation.request] == nil else { throw .begunTwice(reservation.request) }
            open[reservation.request] = Open(reservation)
        case .grow(let request, let user, let credits):
            guard var running = open[request], running.user == user else { throw .notOpen(request) }
            running.credits = try Self.sum(running.credits, credits)
            guard Credits.amounts.contains(running.credits) else { throw .amount }
            open[request] = running
        case .sent(let request, let key, let generation):
            guard open[request] != nil else { throw .notOpen(request) }
            open[request]?.key = key
            open[request]?.generation = generation
        case .settle(let end) where end.isWhole:
            guard open[end.request] == nil else { throw .begunTwice(end.request) }
        case .settle(let end):
            guard let running = open[end.request], running.user == end.user else {
                throw .notOpen(end.request)
            }
            guard running.credits == end.held else { throw .wrongHold(end.request) }
            open[end.request] = nil
        case .correct(let correction):
            guard open[correction.request] == nil else { throw .notOpen(correction.request) }
        }
    }
}
