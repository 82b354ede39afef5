/// A user's credits as the control API shows them.
public struct BalanceView: Codable, Sendable {
    public var user: String
    public var id: UserID
    /// What is free and what running requests hold; below zero: owed.
    public var balance: Int64
    /// What the user may spend now.
    public var free: Int64
    public var held: Int64

    public init(user: String, id: UserID, balance: Int64, free: Int64, held: Int64) {
        self.user = user
        self.id = id
        self.balance = balance
        self.free = free
        self.held = held
    }
}

/// One movement of credits by somebody's order.
public struct MovementView: Codable, Sendable {
    public var id: Int64
    public var at: String
    public var user: String
    /// Negative: taken out.
    public var credits: Int64
    /// `top-up`, `start`, `deduct` or `refund`.
    public var reason: String
    public var note: String?
    /// The movement that this one took back.
    public var refunds: Int64?
    /// Of whoever ordered it.
    public var uid: UInt32
    /// The user's, once it was done; absent in a history.
    public var balance: Int64?

    public init(
        id: Int64, at: String, user: String, credits: Int64, reason: String, note: String?, refunds: Int64?,
        uid: UInt32, balance: Int64? = nil
    ) {
        self.id = id
        self.at = at
        self.user = user
        self.credits = credits
        self.reason = reason
        self.note = note
        self.refunds = refunds
        self.uid = uid
        self.balance = balance
    }
}

/// `POST /v1/credits`: moves credits, once for each idempotency key.
public struct CreditMove: Codable, Sendable {
    public var user: String
    /// More than 0.
    public var credits: Int64
    /// Take them out instead of putting them in.
    public var deduct: Bool?
    public var note: String?
    /// The caller's name for this order: the same order under the same name is
    /// carried out once, however often it comes.
    public var idempotencyKey: String?

    public init(user: String, credits: Int64) {
        self.user = user
        self.credits = credits
    }

    private enum CodingKeys: String, CodingKey {
        case user, credits, deduct, note
        case idempotencyKey = "idempotency_key"
    }
}

/// `POST /v1/credits/refund`: takes a movement back, once.
public struct CreditRefund: Codable, Sendable {
    public var movement: Int64
    public var note: String?

    public init(movement: Int64) { self.movement = movement }
}
