/// How many dollars somebody or something may cost in a period, and what is
/// spent of it, as the control API shows it. Amounts are decimal strings, USD.
public struct BudgetView: Codable, Sendable, Hashable {
    public var id: Int64
    /// `user:alice/month`: whose it is, and how long it lasts.
    public var name: String
    /// `all`, `user`, `client`, `key`, `pool`.
    public var subject: String
    /// Its name; absent where all is meant.
    public var owner: String?
    public var period: BudgetPeriod
    /// By whose midnights it begins anew.
    public var timeZone: String
    public var limit: String
    public var spent: String
    /// By requests under way.
    public var held: String
    public var left: String
    /// Refuses what would exceed it; else it only warns.
    public var hard: Bool
    /// Percent of the limit.
    public var warnAt: [Int]
    /// When this period began and will end, RFC 3339; absent where there is
    /// no such time.
    public var start: String?
    public var end: String?
    public var version: Int64

    public init(_ standing: BudgetStanding, subject: String, owner: String?, version: Int64) {
        let budget = standing.budget
        id = budget.id.raw
        name = BudgetName(subject: subject, owner: owner, period: budget.period).text
        self.subject = subject
        self.owner = owner
        period = budget.period
        timeZone = budget.zone
        limit = budget.limit.decimal
        spent = standing.spent.decimal
        held = standing.held.decimal
        left = standing.left.decimal
        hard = budget.isHard
        warnAt = budget.warnings
        if let last = standing.span.end {
            start = WallTime(milliseconds: standing.span.start).rfc3339
            end = WallTime(milliseconds: last).rfc3339
        }
        self.version = version
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, subject, owner, period, limit, spent, held, left, hard, start, end, version
        case timeZone = "time_zone"
        case warnAt = "warn_at"
    }
}

/// `PATCH /v1/budgets`: one that is not there is made; absent fields stay as
/// they are.
public struct BudgetSet: Codable, Sendable {
    /// Names such as `user:alice/month`.
    public var budgets: [String]
    /// USD, a decimal string above zero; a new one needs it.
    public var limit: String?
    /// `UTC`, `Europe/Berlin`; with another one what was spent begins anew.
    public var timeZone: String?
    public var hard: Bool?
    /// Percent of the limit, rising.
    public var warnAt: [Int]?
    /// Refuse with `version-lost` when the version is another one; a new one
    /// has 0.
    public var ifVersion: Int64?

    public init(budgets: [String]) { self.budgets = budgets }

    private enum CodingKeys: String, CodingKey {
        case budgets, limit, hard
        case timeZone = "time_zone"
        case warnAt = "warn_at"
        case ifVersion = "if_version"
    }
}
