// RFC 3339 in UTC, for every machine output and for the dates upstreams send.
// Own arithmetic because ORKit has no Foundation; the calendar is the
// proleptic Gregorian one (days-from-civil, public domain algorithm).

extension WallTime {
    /// `2026-11-21T14:20:03.120Z`; milliseconds only when there are any.
    public var rfc3339: String {
        let (days, time) = milliseconds.quotientAndRemainderFloored(dividingBy: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let seconds = time / 1000
        let fraction = time % 1000
        let clock =
            "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
            + (fraction == 0 ? "" : "." + pad(fraction, 3))
        return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T\(clock)Z"
    }

    /// Reads RFC 3339 with `Z` or a numeric offset, and the same with a space
    /// in place of `T`. Nil for anything else.
    public init?(rfc3339 text: some StringProtocol) {
        var input = Digits(text.utf8)
        guard let year = input.number(4), input.eat("-"), let month = input.number(2), input.eat("-"),
            let day = input.number(2), input.eat("T") || input.eat("t") || input.eat(" "),
            let hour = input.number(2), input.eat(":"), let minute = input.number(2), input.eat(":"),
            let second = input.number(2),
            (1...12).contains(month), (1...CivilDate.days(inMonth: month, of: year)).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if input.eat(".") {
            guard let value = input.fraction() else { return nil }
            fraction = value
        }
        var offset: Int64 = 0
        if !(input.eat("Z") || input.eat("z")) {
            let sign: Int64
            if input.eat("+") { sign = 1 } else if input.eat("-") { sign = -1 } else { return nil }
            guard let hours = input.number(2), input.eat(":"), let minutes = input.number(2), hours < 24,
                minutes < 60
            else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard input.isEmpty else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        milliseconds = ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + fraction
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    public var httpDate: String {
        let (days, time) = milliseconds.quotientAndRemainderFloored(dividingBy: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let seconds = time / 1000
        // 1970 began on a Thursday.
        let weekday = (days + 4).quotientAndRemainderFloored(dividingBy: 7).1
        return "\(weekdayNames[Int(weekday)]), \(pad(date.day, 2)) \(monthNames[Int(date.month) - 1]) "
            + "\(pad(date.year, 4)) \(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2)) GMT"
    }

    /// Reads an HTTP date in its one current form,
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). Nil otherwise.
    public init?(httpDate text: some StringProtocol) {
        guard let comma = text.firstIndex(of: ",") else { return nil }
        let parts = text[text.index(after: comma)...].split(separator: " ")
        guard parts.count == 5, parts[4] == "GMT", parts[0].utf8.count == 2, parts[2].utf8.count == 4,
            let month = monthNames.firstIndex(where: { $0 == parts[1] })
        else { return nil }
        self.init(
            rfc3339: "\(parts[2])-\(pad(Int64(month + 1), 2))-\(parts[0])T\(parts[3])Z")
    }
}

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Hashable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64

    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    package init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainderFloored(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    package var daysSince1970: Int64 {
        let y = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = y.quotientAndRemainderFloored(dividingBy: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    /// Division that rounds down, so that times before 1970 stay in order.
    fileprivate func quotientAndRemainderFloored(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

private let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
private let weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

private func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// Reads fixed-width decimal fields from the front.
private struct Digits {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(bytes) }

    var isEmpty: Bool { rest.isEmpty }

    mutating func eat(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard rest.count >= width else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(width) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        rest.removeFirst(width)
        return value
    }

    /// Milliseconds from a fraction of any length.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var weight: Int64 = 100
        var count = 0
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            value += Int64(byte - 0x30) * weight
            weight /= 10
            count += 1
            rest.removeFirst()
        }
        return count == 0 ? nil : value
    }
}
