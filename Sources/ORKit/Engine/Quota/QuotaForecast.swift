/// When a quota will be used up if its use goes on as lately (QA-10).
public struct QuotaForecast: Sendable, Hashable {
    public enum Confidence: String, Sendable, CaseIterable, Codable {
        case low, medium, high

        /// - Parameter isLong: what was looked at has seen ups and downs.
        init(_ uncertainty: Double, isLong: Bool) {
            self = uncertainty <= 0.1 && isLong ? .high : uncertainty <= 0.3 ? .medium : .low
        }
    }

    public enum Risk: String, Sendable, CaseIterable, Codable {
        /// Within a day.
        case constrained
        /// Within four hours.
        case critical

        /// - Parameter end: nil: there is none.
        init?(_ end: WallTime?, at now: WallTime) {
            guard let left = end?.milliseconds(since: now), left < 24 * QuotaForecast.hour else { return nil }
            self = left < 4 * QuotaForecast.hour ? .critical : .constrained
        }
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

    public func risk(at now: WallTime) -> Risk? { Risk(at, at: now) }

    static let hour: Int64 = 3_600_000

    /// Nil: too little was used lately to tell.
    public init?(_ quota: Quota, _ use: QuotaUse, at now: WallTime) {
        guard let sample = QuotaSample(quota.window, use, at: now) else { return nil }
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
        confidence = Confidence(sample.uncertainty, isLong: sample.isLong)
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

    static func milliseconds(_ value: Double) -> Int64 { Int64(exactly: value.rounded()) ?? .max }
}
