/// When a quota will be used up if its use goes on as lately (QA-10).
public struct QuotaForecast: Sendable, Hashable {
    public enum Confidence: String, Sendable, CaseIterable, Codable { case low, medium, high }

    public enum Risk: String, Sendable, CaseIterable, Codable {
        /// Within a day.
        case constrained
        /// Within four hours.
        case critical
    }

    /// What runs out first; without an end, what is nearest to it.
    public let unit: Quota.Unit
    /// Of that unit, an hour.
    public let rate: Double
    /// Nil: the window gives back sooner than it is used up.
    public let at: WallTime?
    /// Of the rate, as a part of it: 0.1 is one in ten more or less.
    public let uncertainty: Double
    public let confidence: Confidence

    public func risk(at now: WallTime) -> Risk? {
        guard let left = at?.milliseconds(since: now) else { return nil }
        if left < 4 * Self.hour { return .critical }
        return left < 24 * Self.hour ? .constrained : nil
    }

    private static let hour: Int64 = 3_600_000
    /// Cells looked at, besides the present one.
    private static let memory: Int64 = 10
    /// A shorter look tells nothing, milliseconds.
    private static let shortest: Int64 = 60_000
    /// Fewer requests tell nothing.
    private static let fewest: Int64 = 5

    /// Nil: too little was used lately to tell.
    public init?(_ quota: Quota, _ use: QuotaUse, at now: WallTime) {
        guard let sample = Sample(quota.window, use, at: now) else { return nil }
        let standing = QuotaStanding(quota, use, at: now)
        var found: (unit: Quota.Unit, rate: Double, at: WallTime?)?
        for (unit, total, part) in [
            (Quota.Unit.requests, quota.requests, \QuotaAmount.requests),
            (.tokens, quota.tokens, \QuotaAmount.tokens),
        ] {
            guard let total else { continue }
            let rate = Double(sample.amount[keyPath: part]) / sample.milliseconds
            guard rate > 0 else { continue }
            let end = Self.end(total, part, rate, standing, use, at: now)
            if found == nil || (end ?? .init(milliseconds: .max)) < (found?.at ?? .init(milliseconds: .max)) {
                found = (unit, rate, end)
            }
        }
        guard let found else { return nil }
        unit = found.unit
        rate = found.rate * Double(Self.hour)
        at = found.at
        uncertainty = sample.uncertainty
        confidence =
            sample.uncertainty <= 0.1 && sample.isLong ? .high : sample.uncertainty <= 0.3 ? .medium : .low
    }

    /// When so much is used up, with what leaves the window meanwhile.
    private static func end(
        _ total: Int64, _ part: KeyPath<QuotaAmount, Int64>, _ rate: Double, _ standing: QuotaStanding,
        _ use: QuotaUse, at now: WallTime
    ) -> WallTime? {
        let window = standing.quota.window
        var left = Double(total - min(total, standing.used[keyPath: part]))
        if left <= 0 { return now }
        var time = now
        for cell in use.counted(in: window, at: now) {
            let departure = window.departure(ofCell: cell.number, at: now)
            let gained = rate * Double(departure.milliseconds(since: time))
            if gained >= left { return time.advanced(byMilliseconds: milliseconds(left / rate)) }
            // A calendar's window gives everything back at once.
            if window.end(at: now) != nil { return nil }
            left += Double(cell.amount[keyPath: part]) - gained
            time = departure
        }
        return nil
    }

    private static func milliseconds(_ value: Double) -> Int64 { Int64(exactly: value.rounded()) ?? .max }

    /// What was used lately, and how evenly.
    private struct Sample {
        let amount: QuotaAmount
        let milliseconds: Double
        let uncertainty: Double
        /// Long enough to have seen ups and downs.
        let isLong: Bool

        init?(_ window: QuotaWindow, _ use: QuotaUse, at now: WallTime) {
            let present = window.number(at: now)
            let oldest = present - QuotaForecast.memory
            let cells = use.counted(in: window, at: now).filter { $0.number >= oldest }
            let amount = cells.reduce(QuotaAmount()) { $0 + $1.amount }
            guard let since = use.since, amount.requests >= QuotaForecast.fewest else { return nil }
            let start = max(since, window.start(ofCell: oldest), window.start(ofCell: window.first(at: now)))
            let length = now.milliseconds(since: start)
            guard length >= min(QuotaForecast.shortest, 10 * window.cell) else { return nil }
            self.amount = amount
            milliseconds = Double(length)
            // Whole cells only, also those in which nothing was used.
            let firstWhole = max(oldest, window.number(at: start) + 1)
            let whole = max(0, present - firstWhole)
            let counts = cells.filter { $0.number >= firstWhole && $0.number < present }
                .map { Double($0.amount.requests) }
            isLong = whole >= 3
            let chance = 1 / Double(amount.requests).squareRoot()
            let mean = counts.reduce(0, +) / Double(max(whole, 1))
            guard isLong, mean > 0 else {
                uncertainty = chance
                return
            }
            let squares =
                counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                + mean * mean * Double(whole - Int64(counts.count))
            let spread = (squares / Double(whole - 1)).squareRoot() / mean
            uncertainty = max(spread / Double(whole).squareRoot(), min(chance, 0.05))
        }
    }
}
