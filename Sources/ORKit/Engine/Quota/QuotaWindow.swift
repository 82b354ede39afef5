/// The time over which a quota counts (QA-04).
///
/// Time is cut into cells, up to 62 to a window, numbered from 1970 on. Days
/// and months are the calendar's, in UTC, and begin anew at once. Everything
/// else slides (ruling 22): what was used leaves after its cell, the oldest
/// counted whole, so that no true window ever holds more than was allowed.
public enum QuotaWindow: Sendable, Hashable {
    /// The last so many milliseconds.
    case sliding(Int64)
    case day
    case month

    public static let hour = QuotaWindow.sliding(3_600_000)

    /// What a sliding one may be long.
    public static let lengths: ClosedRange<Int64> = 60_000...2_764_800_000

    /// `hourly`, `daily`, `monthly`, or a duration from a minute to 32 days,
    /// such as `90m`. Nil for anything else.
    public init?(text: String) {
        switch text {
        case "hourly": self = .hour
        case "daily": self = .day
        case "monthly": self = .month
        default:
            guard let length = Int64(duration: text), Self.lengths.contains(length) else { return nil }
            self = .sliding(length)
        }
    }

    public var text: String {
        switch self {
        case .hour: "hourly"
        case .sliding(let length): length.durationText
        case .day: "daily"
        case .month: "monthly"
        }
    }

    /// Length of a cell, milliseconds.
    var cell: Int64 {
        switch self {
        case .sliding(let length): (min(max(length, 1), Self.lengths.upperBound) + 59) / 60
        case .day: 1_440_000
        case .month: 43_200_000
        }
    }

    func number(at time: WallTime) -> Int64 { time.milliseconds.floored(by: cell) }

    /// The oldest cell that counts at that time.
    func first(at now: WallTime) -> Int64 {
        switch self {
        case .sliding: number(at: now) - Self.slidingCells
        case .day: now.milliseconds.floored(by: Self.dayLength) * (Self.dayLength / cell)
        case .month: firstDay(ofMonthAt: now).daysSince1970 * (Self.dayLength / cell)
        }
    }

    /// When it begins anew as a whole; nil: it slides.
    func end(at now: WallTime) -> WallTime? {
        switch self {
        case .sliding: return nil
        case .day: return Self.time(ofDay: now.milliseconds.floored(by: Self.dayLength) + 1)
        case .month:
            let first = firstDay(ofMonthAt: now)
            let next = CivilDate(
                year: first.month == 12 ? first.year + 1 : first.year,
                month: first.month == 12 ? 1 : first.month + 1, day: 1)
            return Self.time(ofDay: next.daysSince1970)
        }
    }

    /// The next Monday, UTC; 1970 began on a Thursday.
    static func week(after time: WallTime) -> WallTime {
        let day = time.milliseconds.floored(by: dayLength)
        return Self.time(ofDay: (day + 3).floored(by: 7) * 7 + 4)
    }

    /// When what lies in a cell no longer counts.
    func departure(ofCell number: Int64, at now: WallTime) -> WallTime {
        end(at: now) ?? start(ofCell: number + Self.slidingCells + 1)
    }

    func start(ofCell number: Int64) -> WallTime {
        let (time, overflow) = number.multipliedReportingOverflow(by: cell)
        return WallTime(milliseconds: overflow ? (number < 0 ? .min : .max) : time)
    }

    /// Full ones that a sliding window covers, besides the present one.
    static let slidingCells: Int64 = 60
    private static let dayLength: Int64 = 86_400_000

    private func firstDay(ofMonthAt now: WallTime) -> CivilDate {
        let today = CivilDate(daysSince1970: now.milliseconds.floored(by: Self.dayLength))
        return CivilDate(year: today.year, month: today.month, day: 1)
    }

    private static func time(ofDay day: Int64) -> WallTime {
        let (time, overflow) = day.multipliedReportingOverflow(by: dayLength)
        return WallTime(milliseconds: overflow ? (day < 0 ? .min : .max) : time)
    }
}
