/// Times as upstreams write them: in headers, in bodies, in three units.
enum StatedTime {
    /// No limit lasts longer: a time further away, in either direction, is no
    /// statement (ruling 10).
    static let horizon: Int64 = 32 * 86_400_000

    /// `Retry-After`: seconds, whole or not, or an HTTP date (RFC 9110,
    /// 10.2.3). Nil for anything else.
    static func retryAfter(_ text: String, at now: WallTime) -> WallTime? {
        seconds(text, at: now) ?? WallTime(httpDate: text.trimmed) ?? WallTime(rfc3339: text.trimmed)
    }

    /// `X-RateLimit-Reset` and its kin: a date, or a number whose size tells
    /// its unit: from 10¹¹ up milliseconds since 1970 (OpenRouter's own), from
    /// 10⁹ up seconds since 1970, below that seconds from now.
    static func reset(_ text: String, at now: WallTime) -> WallTime? {
        guard let value = number(text) else {
            return WallTime(rfc3339: text.trimmed) ?? WallTime(httpDate: text.trimmed)
        }
        if value >= 1e11 { return WallTime(milliseconds: whole(value)) }
        if value >= 1e9 { return WallTime(milliseconds: whole(value * 1000)) }
        return now.advanced(byMilliseconds: whole(value * 1000))
    }

    /// Seconds from now.
    static func seconds(_ text: String, at now: WallTime) -> WallTime? {
        number(text).map { now.advanced(byMilliseconds: whole($0 * 1000)) }
    }

    /// A span of Go's and OpenAI's: `6m0s`, `1h2m3.5s`, `250ms`.
    static func span(_ text: String, at now: WallTime) -> WallTime? {
        var rest = text.trimmed[...]
        var total = 0.0
        guard !rest.isEmpty, rest.utf8.count <= 32 else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
            guard let value = number(String(digits)), let scale = milliseconds(of: unit) else { return nil }
            total += value * scale
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return now.advanced(byMilliseconds: whole(total))
    }

    private static func milliseconds(of unit: Substring) -> Double? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }

    /// The next midnight UTC, when daily limits start afresh.
    static func nextDay(after now: WallTime) -> WallTime { midnight(day(of: now) + 1) }

    static func nextMinute(after now: WallTime) -> WallTime {
        now.advanced(byMilliseconds: 60_000 - now.milliseconds.quotientAndRemainder(dividingBy: 60_000).1)
    }

    /// Next Monday, midnight UTC. 1970-01-01 was a Thursday.
    static func nextWeek(after now: WallTime) -> WallTime {
        let today = day(of: now)
        let sinceMonday = ((today + 3) % 7 + 7) % 7
        return midnight(today + 7 - sinceMonday)
    }

    /// The first of next month, midnight UTC.
    static func nextMonth(after now: WallTime) -> WallTime {
        let date = CivilDate(daysSince1970: day(of: now))
        let next = CivilDate(
            year: date.month == 12 ? date.year + 1 : date.year, month: date.month == 12 ? 1 : date.month + 1,
            day: 1)
        return midnight(next.daysSince1970)
    }

    private static func day(of time: WallTime) -> Int64 {
        let (day, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return rest < 0 ? day - 1 : day
    }

    private static func midnight(_ day: Int64) -> WallTime {
        let (milliseconds, overflow) = day.multipliedReportingOverflow(by: 86_400_000)
        return WallTime(milliseconds: overflow ? .max : milliseconds)
    }

    /// Decimal digits, a point, an exponent; no signs of hexadecimal or
    /// infinity that `Double` would take as well.
    private static func number(_ text: String) -> Double? {
        let text = text.trimmed
        guard !text.isEmpty, text.utf8.count <= 32,
            text.utf8.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    /// Rounded, and held inside ±9·10¹⁵.
    private static func whole(_ value: Double) -> Int64 { Int64(min(max(value, -9e15), 9e15).rounded()) }
}

extension String {
    fileprivate var trimmed: String {
        let bytes = utf8.drop { $0 == 0x20 || $0 == 0x09 }
        return String(decoding: bytes.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed(), as: UTF8.self)
    }
}
