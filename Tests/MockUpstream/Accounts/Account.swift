/// An account behind keys: what OpenRouter counts for all of them together.
public struct Account: Sendable {
    public var id: String
    /// Nil: never runs out.
    public var credits: USD?
    /// The all-time purchase decides the free tier: 50 a day below ten
    /// dollars, 1000 from there on.
    public var purchased: USD
    public var freePerMinute = 20
    /// Estimated cost that may run at once; nil: no bound.
    public var inFlightBudget: USD?

    public internal(set) var spent = USD.zero
    public internal(set) var held = USD.zero
    var freeMinute: Int64 = -1
    var freeInMinute = 0
    var freeDay: Int64 = -1
    var freeInDay = 0

    public init(id: String, credits: USD? = nil, purchased: USD = .dollars(10), inFlightBudget: USD? = nil) {
        self.id = id
        self.credits = credits
        self.purchased = purchased
        self.inFlightBudget = inFlightBudget
    }

    public var freePerDay: Int { purchased >= .dollars(10) ? 1000 : 50 }
}

/// A key of an account.
public struct MockKey: Sendable {
    public enum Reset: String, Sendable { case daily, weekly, monthly }

    public var secret: String
    public var account: String
    public var limit: USD?
    public var reset: Reset?
    public var isManagement = false
    public var disabled = false
    /// As `/key` tells it; nobody is refused because of it.
    public var expiresAt: String?
    public internal(set) var used = USD.zero

    public init(_ secret: String, account: String, limit: USD? = nil, reset: Reset? = nil) {
        self.secret = secret
        self.account = account
        self.limit = limit
        self.reset = reset
    }

    /// `sk-or-v1-abc...123`, as in `/key`.
    public var label: String { secret.count > 15 ? "\(secret.prefix(12))...\(secret.suffix(3))" : "..." }
    public var remaining: USD? { limit.map { max(.zero, $0 - used) } }
    var limitWord: String { reset?.rawValue ?? "total" }
}
