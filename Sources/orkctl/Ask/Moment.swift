internal import ArgumentParser
import Glibc
internal import ORKit

/// A time as given on the command line: `-15m` or `15m` (ago), `today`, `yesterday`,
/// `2026-11-21`, `2026-11-21 14:00[:30]` (local time) or RFC 3339.
enum Moment: ExpressibleByArgument, Equatable {
    case ago(milliseconds: Int64)
    /// So many days before the midnight that began today, local time.
    case midnight(daysAgo: Int)
    /// Local time.
    case local(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int)
    case exact(WallTime)

    init?(argument text: String) {
        if let time = WallTime(rfc3339: text) {
            self = .exact(time)
        } else if text == "now" {
            self = .ago(milliseconds: 0)
        } else if text == "today" {
            self = .midnight(daysAgo: 0)
        } else if text == "yesterday" {
            self = .midnight(daysAgo: 1)
        } else if let span = Int64(duration: text.hasPrefix("-") ? text.dropFirst() : text[...]) {
            self = .ago(milliseconds: span)
        } else if let local = Self.readLocal(text) {
            self = local
        } else {
            return nil
        }
    }

    /// The same moment for the control API.
    func resolved(at now: WallTime) -> WallTime {
        switch self {
        case .exact(let time): return time
        case .ago(let milliseconds): return now.advanced(byMilliseconds: -milliseconds)
        case .midnight(let days):
            var seconds = time_t(now.milliseconds / 1000)
            var fields = tm()
            localtime_r(&seconds, &fields)
            (fields.tm_hour, fields.tm_min, fields.tm_sec) = (0, 0, 0)
            fields.tm_mday -= Int32(days)
            return Self.wall(&fields)
        case .local(let year, let month, let day, let hour, let minute, let second):
            var fields = tm()
            fields.tm_year = Int32(year - 1900)
            fields.tm_mon = Int32(month - 1)
            fields.tm_mday = Int32(day)
            fields.tm_hour = Int32(hour)
            fields.tm_min = Int32(minute)
            fields.tm_sec = Int32(second)
            return Self.wall(&fields)
        }
    }

    private static func wall(_ fields: inout tm) -> WallTime {
        // The system knows whether summer time applies.
        fields.tm_isdst = -1
        return WallTime(milliseconds: Int64(mktime(&fields)) * 1000)
    }

    private static func readLocal(_ text: String) -> Moment? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard (1...2).contains(parts.count) else { return nil }
        let clock = parts.count == 2 ? String(parts[1]) : "00:00:00"
        let withSeconds = clock.utf8.count == 5 ? clock + ":00" : clock
        // The strict reader checks the ranges; only the zone is another one.
        guard WallTime(rfc3339: "\(parts[0])T\(withSeconds)Z") != nil else { return nil }
        let date = parts[0].split(separator: "-").compactMap { Int($0) }
        let time = withSeconds.split(separator: ":").compactMap { Int($0) }
        guard date.count == 3, time.count == 3 else { return nil }
        return .local(
            year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1], second: time[2])
    }
}

extension WallTime {
    /// Of the system's clock, which only programs may read, not decisions.
    static var current: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
