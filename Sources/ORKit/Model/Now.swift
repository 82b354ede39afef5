/// A moment, read once by the caller and handed in: the decisions themselves
/// never look at a clock.
///
/// Waits are measured on the monotonic clock; deadlines that must survive a
/// restart, and calendar windows, are wall time.
public struct Now: Hashable, Sendable {
    /// Nanoseconds of a clock that never goes back; its zero means nothing.
    public var monotonic: Int64
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var wall: WallTime

    public init(monotonic: Int64, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
public struct WallTime: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    /// Later by that many milliseconds, held inside the range of `Int64`.
    public func advanced(byMilliseconds delta: Int64) -> WallTime {
        let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
        return WallTime(milliseconds: overflow ? (delta < 0 ? .min : .max) : sum)
    }

    /// Milliseconds from `other` to this moment, held inside the range of
    /// `Int64`.
    public func milliseconds(since other: WallTime) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        return overflow ? (milliseconds < other.milliseconds ? .min : .max) : difference
    }
}
