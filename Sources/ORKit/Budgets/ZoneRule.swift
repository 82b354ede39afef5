/// The rule at the end of a zone's file, such as `CET-1CEST,M3.5.0,M10.5.0/3`:
/// how its clocks change each year from then on.
struct ZoneRule {
    private var standard: Int64
    private var summer: (offset: Int64, begin: Day, end: Day)?

    /// When in a year: seconds after the midnight before a day.
    fileprivate struct Day {
        var form: Form
        var seconds: Int64

        enum Form {
            /// The last of the month where `week` is 5; Sunday is 0.
            case weekday(month: Int64, week: Int64, day: Int64)
            /// From 1, without the 29th of February.
            case julian(Int64)
            /// From 0, with it.
            case ordinal(Int64)
        }
    }

    init?(_ text: [UInt8]) {
        var reader = Reader(rest: text[...])
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        if reader.isAtEnd { return }
        guard reader.name() else { return nil }
        var offset = standard + 3600
        if reader.next != 0x2C {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        guard let begin = reader.day(), let end = reader.day(), reader.isAtEnd else { return nil }
        summer = (offset, begin, end)
    }

    /// In their order.
    func changes(in year: Int64) -> [(at: Int64, offset: Int64)] {
        guard let summer else { return [] }
        return [
            (summer.begin.local(in: year) - standard, summer.offset),
            (summer.end.local(in: year) - summer.offset, standard),
        ].sorted { $0.0 < $1.0 }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        var isAtEnd: Bool { rest.isEmpty }
        var next: UInt8? { rest.first }

        mutating func eat(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// Letters, or anything between angle brackets.
        mutating func name() -> Bool {
            if eat(0x3C) {
                guard let end = rest.firstIndex(of: 0x3E) else { return false }
                rest = rest[(end + 1)...]
                return true
            }
            let letters = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
            rest = rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        mutating func number() -> Int64? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        /// `hh[:mm[:ss]]` with a sign or without: seconds.
        mutating func time() -> Int64? {
            let isNegative = eat(0x2D)
            if !isNegative { _ = eat(0x2B) }
            guard let hours = number(), hours <= 167 else { return nil }
            var seconds = hours * 3600
            for unit in [Int64(60), 1] where eat(0x3A) {
                guard let part = number(), part < 60 else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        mutating func day() -> Day? {
            guard eat(0x2C) else { return nil }
            let form: Day.Form
            if eat(0x4D) {
                guard let month = number(), (1...12).contains(month), eat(0x2E), let week = number(),
                    (1...5).contains(week), eat(0x2E), let day = number(), (0...6).contains(day)
                else { return nil }
                form = .weekday(month: month, week: week, day: day)
            } else if eat(0x4A) {
                guard let day = number(), (1...365).contains(day) else { return nil }
                form = .julian(day)
            } else {
                guard let day = number(), (0...365).contains(day) else { return nil }
                form = .ordinal(day)
            }
            guard eat(0x2F) else { return Day(form: form, seconds: 7200) }
            return time().map { Day(form: form, seconds: $0) }
        }
    }
}

extension ZoneRule.Day {
    /// Seconds since 1970 as its clocks show them.
    fileprivate func local(in year: Int64) -> Int64 {
        let day: Int64
        switch form {
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).daysSince1970
            // 1970 began on a Thursday.
            let of = (first + 4) - (first + 4).floored(by: 7) * 7
            let step = (weekday - of + 7) % 7 + (week - 1) * 7
            let length = CivilDate.days(inMonth: month, of: year)
            day = first + (step < length ? step : step - 7)
        case .julian(let number):
            let isLate = number >= 60 && CivilDate.days(inMonth: 2, of: year) == 29
            day = CivilDate(year: year, month: 1, day: 1).daysSince1970 + number - (isLate ? 0 : 1)
        case .ordinal(let number):
            day = CivilDate(year: year, month: 1, day: 1).daysSince1970 + number
        }
        return day * 86_400 + seconds
    }
}
