/// A bound in dollars on what somebody or something may cost in a period.
public struct Budget: Sendable, Hashable {
    public var id: BudgetID
    public var subject: BudgetSubject
    /// Above zero.
    public var limit: Money
    public var period: BudgetPeriod
    /// Name of a time zone, `UTC` or `Europe/Berlin`: by its midnights.
    public var zone: String
    /// Refuses what would exceed it; otherwise it only warns.
    public var isHard: Bool
    /// Percent of the limit at which somebody is told, rising, 1 to 1000.
    public var warnings: [Int]

    public init(
        id: BudgetID, subject: BudgetSubject, limit: Money, period: BudgetPeriod, zone: String, isHard: Bool,
        warnings: [Int]
    ) {
        self.id = id
        self.subject = subject
        self.limit = limit
        self.period = period
        self.zone = zone
        self.isHard = isHard
        self.warnings = warnings
    }
}

/// Of a budget; never given out twice.
public struct BudgetID: Hashable, Sendable, Codable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
}

/// Whose costs are counted.
public enum BudgetSubject: Hashable, Sendable {
    case everything
    case user(UserID)
    case client(ClientID)
    case key(KeyID)
    case pool(PoolID)
}

/// How long a budget lasts before it begins anew.
public enum BudgetPeriod: String, Sendable, CaseIterable, Codable {
    case hour, day
    /// From Monday.
    case week
    case month
    /// It never begins anew.
    case total
}

/// One period of the calendar: milliseconds since 1970, the end not part of it.
public struct BudgetSpan: Sendable, Hashable {
    public var start: Int64
    /// Nil: it has none.
    public var end: Int64?

    public init(start: Int64, end: Int64?) {
        self.start = start
        self.end = end
    }
}

/// The period of that kind in that time zone that a moment lies in. Days with
/// 23 and 25 hours are as long as they are.
public typealias BudgetCalendar =
    @Sendable (_ period: BudgetPeriod, _ zone: String, _ time: WallTime) -> BudgetSpan

/// A moment, by the wall clock and by one that nobody can set.
public struct BudgetMoment: Sendable, Hashable {
    public var wall: WallTime
    /// Milliseconds; never goes back, not even over a restart.
    public var steady: Int64

    public init(wall: WallTime, steady: Int64) {
        self.wall = wall
        self.steady = steady
    }
}

/// What was spent of a budget, as it is kept.
public struct BudgetUse: Sendable, Hashable {
    public var span: BudgetSpan
    /// When the period began, by the clock that nobody can set.
    public var began: Int64
    public var spent: Money
    /// Warnings given in this period.
    public var warned: Int

    public init(span: BudgetSpan, began: Int64, spent: Money, warned: Int) {
        self.span = span
        self.began = began
        self.spent = spent
        self.warned = warned
    }
}

/// A budget at one moment.
public struct BudgetStanding: Sendable, Hashable {
    public var budget: Budget
    public var spent: Money
    /// By requests that run.
    public var held: Money
    public var span: BudgetSpan

    public init(budget: Budget, spent: Money, held: Money, span: BudgetSpan) {
        self.budget = budget
        self.spent = spent
        self.held = held
        self.span = span
    }

    /// What is left besides what is held; never below zero.
    public var left: Money {
        let (used, overflow) = spent.pico.addingReportingOverflow(held.pico)
        return overflow ? .zero : Money(pico: max(0, budget.limit.pico - max(0, used)))
    }
}

/// What a request holds until it is over.
public struct BudgetHold: Sendable, Hashable {
    let ids: [BudgetID]
    let cost: Money
}

/// Whether a request may begin.
public enum BudgetAdmission: Sendable {
    /// No budget is about it.
    case free
    case admitted(BudgetHold)
    /// By the first that would be exceeded.
    case refused(BudgetStanding)
}

/// So much of a budget is spent that somebody wants to know.
public struct BudgetWarning: Sendable, Hashable {
    public var standing: BudgetStanding
    /// The mark that was passed.
    public var percent: Int
}
