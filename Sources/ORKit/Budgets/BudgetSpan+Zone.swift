extension BudgetSpan {
    /// The period of that kind that a moment lies in, by the clocks of a zone.
    public init(_ period: BudgetPeriod, around time: WallTime, in zone: ZoneRules) {
        let now = min(max(-BudgetClock.latest, time.milliseconds), BudgetClock.latest).floored(by: 1000)
        let local = now + zone.offset(at: now)
        let today = local.floored(by: Self.day)
        let span: (Int64, Int64)
        switch period {
        case .total:
            self.init(start: 0, end: nil)
            return
        case .hour:
            // Of those that come twice each is its own.
            let start = now - (local - local.floored(by: 3600) * 3600)
            self.init(start: start * 1000, end: (start + 3600) * 1000)
            return
        case .day: span = (today, today + 1)
        case .week:
            // 1970 began on a Thursday.
            let monday = (today + 3).floored(by: 7) * 7 - 3
            span = (monday, monday + 7)
        case .month:
            let date = CivilDate(daysSince1970: today)
            let isLast = date.month == 12
            span = (
                CivilDate(year: date.year, month: date.month, day: 1).daysSince1970,
                CivilDate(
                    year: isLast ? date.year + 1 : date.year, month: isLast ? 1 : date.month + 1, day: 1
                ).daysSince1970
            )
        }
        self.init(
            start: zone.first(showing: span.0 * Self.day) * 1000,
            end: zone.first(showing: span.1 * Self.day) * 1000)
    }

    private static let day: Int64 = 86_400
}
