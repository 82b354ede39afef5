/// The time that limits are counted by.
///
/// Minutes and hours run with the monotonic clock: setting the time changes
/// nothing in them. A day is the calendar's, and begins when the calendar
/// shows a new one and a day has passed since the last one began: a clock set
/// forward gets it no sooner than the old one would have, a clock set back
/// not a second time. After a restart the wall clock says how long it took;
/// one that was set back says that no time passed.
struct LimitClock: Sendable {
    /// Milliseconds; never goes back, not even over a restart.
    private(set) var steady: Int64
    /// Counts the days that have begun.
    private(set) var day: Int64 = 0
    /// The calendar's day that began last, and when it did by the steady clock.
    private var newest: Int64
    private var began: Int64
    /// Where the two clocks meet: nanoseconds, milliseconds.
    private var origin: Int64
    private var base: Int64

    private static let dayLength: Int64 = 86_400_000
    /// Two clocks never agree to the second; so much sooner is soon enough.
    private static let slack: Int64 = 60_000

    init(at now: Now) {
        base = min(max(0, now.wall.milliseconds), Self.latest)
        steady = base
        origin = now.monotonic
        newest = Self.calendarDay(now.wall)
        began = base - Self.timeOfDay(now.wall)
    }

    /// Far from where sums overflow: the year 140,000.
    private static let latest: Int64 = 1 << 52

    mutating func tick(_ now: Now) {
        let (elapsed, overflow) = now.monotonic.subtractingReportingOverflow(origin)
        if !overflow, elapsed > 0 { steady = max(steady, base + elapsed / 1_000_000) }
        let today = Self.calendarDay(now.wall)
        guard today != newest, isNew(today), steady >= due else { return }
        day += 1
        newest = today
        began = max(due, steady - Self.timeOfDay(now.wall))
    }

    /// The next one begins no sooner.
    private var due: Int64 { began + Self.dayLength - Self.slack }

    /// Days that lie behind the newest have had their turn, unless the clock
    /// that showed that one was wrong altogether.
    private func isNew(_ day: Int64) -> Bool { day > newest || newest - day > 1 }

    func moment(at now: Now) -> LimitMoment {
        LimitMoment(steady: steady, day: day, wall: now.wall, clock: self)
    }

    /// A moment that has passed.
    func moment(steady past: Int64, at now: Now) -> LimitMoment {
        LimitMoment(
            steady: min(past, steady), day: past >= began ? day : day - 1, wall: now.wall, clock: self)
    }

    /// When the next day will begin if nobody sets the clock.
    func nextDay(after wall: WallTime) -> Int64 {
        var today = Self.calendarDay(wall)
        var from = steady
        var midnight = steady + Self.dayLength - Self.timeOfDay(wall)
        for _ in 0..<4 {
            let start = max(from, due)
            if today != newest, isNew(today), start < midnight { return start }
            today += 1
            from = midnight
            midnight += Self.dayLength
        }
        return from
    }

    private static func calendarDay(_ wall: WallTime) -> Int64 {
        bounded(wall).flooredQuotient(by: dayLength)
    }

    private static func timeOfDay(_ wall: WallTime) -> Int64 {
        bounded(wall) - calendarDay(wall) * dayLength
    }

    private static func bounded(_ wall: WallTime) -> Int64 {
        min(max(-latest, wall.milliseconds), latest)
    }
}

extension LimitClock {
    private static let form: UInt8 = 1

    func packed(at now: Now) -> [UInt8] {
        var writer = PackWriter(bytes: [Self.form])
        for number in [steady, Self.bounded(now.wall), day, newest, began] { writer.signed(number) }
        return writer.bytes
    }

    /// Nil where the bytes are no such clock.
    ///
    /// - Parameter last: what it showed later than that, and what the wall did:
    ///   between the two somebody may have set the wall's.
    init?(packed: [UInt8], last: (steady: Int64, wall: WallTime)? = nil, at now: Now) {
        let numbers = packed.withUnsafeBytes { bytes -> [Int64]? in
            var reader = PackReader(bytes: bytes)
            guard reader.byte() == Self.form else { return nil }
            var numbers: [Int64] = []
            while !reader.isAtEnd, let number = reader.signed() { numbers.append(number) }
            return numbers.count == 5 && reader.isAtEnd ? numbers : nil
        }
        let sane = -(Self.latest + Self.dayLength)...(Self.latest + Self.dayLength)
        guard let numbers, numbers.allSatisfy(sane.contains), numbers[0] >= 0 else { return nil }
        self.init(at: now)
        let seen =
            last.map { (min($0.steady, Self.latest), Self.bounded($0.wall)) } ?? (numbers[0], numbers[1])
        base = min(seen.0 + max(0, Self.bounded(now.wall) - seen.1), Self.latest)
        steady = base
        day = numbers[2]
        newest = numbers[3]
        began = min(numbers[4], steady)
        tick(now)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
