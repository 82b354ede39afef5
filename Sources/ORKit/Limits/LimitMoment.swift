/// A moment by the clock of limits.
struct LimitMoment: Sendable {
    /// Milliseconds of the clock that never goes back.
    let steady: Int64
    /// Number of the day.
    let day: Int64
    let wall: WallTime
    let clock: LimitClock

    /// The calendar's next day is only worked out where it is told.
    var nextDay: Int64 { clock.nextDay(after: wall) }
}
