/// Who has how many credits, and how many of them are held by requests that
/// run. In memory; what is on disk are the postings.
///
/// A change of the data path is made here first and posted afterwards; one
/// whose posting cannot be written is taken back (ruling 5). A balance falls
/// below zero only by what a request turned out to cost beyond what it held.
public struct Books: Sendable {
    /// One user's account.
    public struct Account: Sendable, Hashable {
        /// What the user may spend besides what is held; below zero: owed.
        public var free: Int64
        /// By requests that run.
        public var held: Int64

        public init(free: Int64 = 0, held: Int64 = 0) {
            self.free = free
            self.held = held
        }

        /// What is the user's: what is free and what is held.
        public var balance: Int64 { free + held }
    }

    private var accounts: [UserID: Account] = [:]

    public init() {}

    /// Takes over what the postings on disk add up to.
    public mutating func load(_ accounts: [UserID: Account]) { self.accounts = accounts }

    /// Nil: nobody of that id has an account.
    public subscript(user: UserID) -> Account? { accounts[user] }

    /// A user who has none yet gets an account.
    public mutating func open(_ user: UserID) {
        if accounts[user] == nil { accounts[user] = Account() }
    }

    public mutating func close(_ user: UserID) { accounts[user] = nil }

    /// Holds all of it, or nothing.
    public mutating func hold(_ credits: Int64, of user: UserID) -> Bool {
        guard let place = accounts.index(forKey: user), credits >= 0 else { return false }
        return hold(credits, at: place)
    }

    /// Every request of a user comes here twice: its place is looked up once.
    private mutating func hold(_ credits: Int64, at place: Dictionary<UserID, Account>.Index) -> Bool {
        guard accounts.values[place].free >= credits else { return false }
        accounts.values[place].free -= credits
        accounts.values[place].held += credits
        return true
    }

    /// Holds as much as there is, at most so much.
    ///
    /// - Returns: how much; 0 where nothing is left.
    public mutating func holdSome(_ credits: Int64, of user: UserID) -> Int64 {
        guard let place = accounts.index(forKey: user) else { return 0 }
        let some = min(credits, accounts.values[place].free)
        return some > 0 && hold(some, at: place) ? some : 0
    }

    /// A request is over: what it held is given back, what it cost is taken.
    ///
    /// - Returns: the user's balance then; nil: the user is gone.
    @discardableResult
    public mutating func settle(held: Int64, charged: Int64, of user: UserID) -> Int64? {
        guard Credits.amounts.contains(held), Credits.amounts.contains(charged),
            let place = accounts.index(forKey: user), accounts.values[place].held >= held
        else { return nil }
        accounts.values[place].free += held - charged
        accounts.values[place].held -= held
        return accounts.values[place].balance
    }

    /// By somebody's order, or because more is known.
    ///
    /// - Returns: the balance then; nil: the user is gone, or it would leave
    ///   `Credits.bounds`.
    public mutating func move(_ credits: Int64, of user: UserID) -> Int64? {
        guard Credits.bounds.contains(credits), let account = accounts[user],
            Credits.bounds.contains(account.free + credits)
        else { return nil }
        accounts[user] = Account(free: account.free + credits, held: account.held)
        return account.balance + credits
    }
}
