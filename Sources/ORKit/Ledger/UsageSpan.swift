/// A span of time as usage is added up in it: whole days, whole hours at the
/// ends of these, and what is left at the very ends, for which the ledger
/// itself must be read.
public struct UsageSpan: Sendable, Hashable {
    /// Milliseconds since 1970; the end is not part of it.
    public let whole: Range<Int64>
    /// Numbers of days since 1970, UTC.
    public let days: Range<Int64>
    /// Numbers of hours since 1970: before the first day and behind the last.
    public let hours: [Range<Int64>]
    /// Milliseconds since 1970: parts of hours.
    public let rest: [Range<Int64>]

    private static let hour: Int64 = 3_600_000

    /// An end before the beginning is an empty span.
    ///
    /// - Parameter pruned: the newest time of which the ledger's own lines may
    ///   be gone. Of the hours up to it only the sums are known: where the span
    ///   begins or ends within one, it begins or ends with that hour's
    ///   beginning, so that spans that adjoin still add up.
    public init(since: WallTime, until: WallTime, pruned: WallTime? = nil) {
        let known = pruned.map { Self.beginning(of: $0.milliseconds) }
        func edge(_ time: WallTime) -> Int64 {
            let hour = Self.beginning(of: time.milliseconds)
            return known.map { hour <= $0 } ?? false ? hour : time.milliseconds
        }
        let low = edge(since)
        let high = max(low, edge(until))
        whole = low..<high
        let (firstHour, lastHour) = (low.ceiling(Self.hour), high.floor(Self.hour))
        guard firstHour <= lastHour else {
            (days, hours, rest) = (0..<0, [], low < high ? [low..<high] : [])
            return
        }
        rest = [low..<firstHour.held(times: Self.hour), lastHour.held(times: Self.hour)..<high].filter {
            !$0.isEmpty
        }
        let (firstDay, lastDay) = (firstHour.ceiling(24), lastHour.floor(24))
        guard firstDay < lastDay else {
            days = 0..<0
            hours = firstHour < lastHour ? [firstHour..<lastHour] : []
            return
        }
        days = firstDay..<lastDay
        hours = [firstHour..<firstDay * 24, lastDay * 24..<lastHour].filter { !$0.isEmpty }
    }

    /// Of the hour that a time lies in.
    private static func beginning(of time: Int64) -> Int64 { time.floor(hour).held(times: hour) }
}

extension Int64 {
    fileprivate func floor(_ unit: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: unit)
        return rest < 0 ? quotient - 1 : quotient
    }

    fileprivate func ceiling(_ unit: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: unit)
        return rest > 0 ? quotient + 1 : quotient
    }

    /// At the very ends of what a number can be there is no whole hour.
    fileprivate func held(times unit: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: unit)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}
