/// One budget and what is used of it.
struct BudgetMeter: Sendable {
    private(set) var budget: Budget
    private(set) var use: BudgetUse
    private(set) var held = Money.zero

    /// Milliseconds. Two clocks never agree to the second; so much sooner is
    /// soon enough.
    private static let slack: Int64 = 60_000

    init(_ budget: Budget, _ calendar: BudgetCalendar, at moment: BudgetMoment) {
        self.budget = budget
        use = Self.begin(budget, calendar, at: moment)
    }

    private static func begin(
        _ budget: Budget, _ calendar: BudgetCalendar, at moment: BudgetMoment
    ) -> BudgetUse {
        let span = calendar(budget.period, budget.zone, moment.wall)
        let late = max(0, moment.wall.milliseconds(since: WallTime(milliseconds: span.start)))
        return BudgetUse(span: span, began: moment.steady - late, spent: .zero, warned: 0)
    }

    var standing: BudgetStanding {
        BudgetStanding(budget: budget, spent: use.spent, held: held, span: use.span)
    }

    mutating func change(_ budget: Budget, _ calendar: BudgetCalendar, at moment: BudgetMoment) {
        let isSamePeriod = budget.period == self.budget.period && budget.zone == self.budget.zone
        self.budget = budget
        if !isSamePeriod { use = Self.begin(budget, calendar, at: moment) }
        // A higher limit may have marks before it again.
        use.warned = min(use.warned, passed)
    }

    mutating func load(_ kept: BudgetUse, _ calendar: BudgetCalendar, at moment: BudgetMoment) {
        use = kept
        use.began = min(max(kept.began, -BudgetClock.latest), moment.steady)
        _ = roll(calendar, at: moment)
    }

    /// Begins anew when the calendar says so, and as much time has really
    /// passed as the period is long: a clock that is set forward gets nobody a
    /// budget sooner, one that is set back gets nobody the same one twice.
    ///
    /// - Returns: whether it did.
    mutating func roll(_ calendar: BudgetCalendar, at moment: BudgetMoment) -> Bool {
        guard let end = use.span.end, moment.wall.milliseconds >= end else { return false }
        let (length, overflow) = end.subtractingReportingOverflow(use.span.start)
        guard !overflow, moment.steady - use.began >= length - Self.slack else { return false }
        let due = use.began + length - Self.slack
        use = Self.begin(budget, calendar, at: moment)
        use.began = max(use.began, due)
        return true
    }

    /// A hard one does when that much more would exceed it, or nothing is left.
    func refuses(_ cost: Money) -> Bool {
        guard budget.isHard else { return false }
        let left = standing.left
        return left <= .zero || cost > left
    }

    mutating func hold(_ cost: Money) { held = held.addingClamped(cost) }

    mutating func release(_ cost: Money) { held = Money(pico: max(0, held.pico - cost.pico)) }

    /// Below zero: less was spent than it seemed.
    mutating func spend(_ cost: Money) { use.spent = max(.zero, use.spent.addingClamped(cost)) }

    /// Marks that were passed and not told of yet, one after the other.
    mutating func nextWarning() -> BudgetWarning? {
        guard use.warned < passed else { return nil }
        defer { use.warned += 1 }
        return BudgetWarning(standing: standing, percent: budget.warnings[use.warned])
    }

    /// How many marks lie at or below what is spent.
    private var passed: Int {
        budget.warnings.count { percent in
            let (mark, overflow) = (budget.limit.pico / 100).multipliedReportingOverflow(by: Int64(percent))
            return !overflow && use.spent.pico >= mark
        }
    }
}
