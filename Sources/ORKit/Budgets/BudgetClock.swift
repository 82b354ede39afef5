/// The clock by which periods have really passed: nobody can set it, and it
/// goes on over a restart.
///
/// Down time is told by the wall clock; one that was set back says that none
/// has passed.
public struct BudgetClock: Sendable {
    /// Where the two clocks meet: nanoseconds, milliseconds.
    private let origin: Int64
    private let base: Int64

    /// Far from where sums overflow: the year 140,000.
    static let latest: Int64 = 1 << 52

    public init(at now: Now) {
        origin = now.monotonic
        base = min(max(0, now.wall.milliseconds), Self.latest)
    }

    /// - Parameter kept: the last moment that is on disk.
    public init(kept: BudgetMoment, at now: Now) {
        let down = min(max(0, now.wall.milliseconds(since: kept.wall)), Self.latest)
        origin = now.monotonic
        base = min(min(max(0, kept.steady), Self.latest) + down, Self.latest)
    }

    public func moment(at now: Now) -> BudgetMoment {
        let (elapsed, overflow) = now.monotonic.subtractingReportingOverflow(origin)
        return BudgetMoment(wall: now.wall, steady: base + (overflow ? 0 : max(0, elapsed) / 1_000_000))
    }
}
