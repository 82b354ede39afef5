import Testing

@testable import ORKit

@Suite("Wall time")
struct WallTimeTests {
    @Test(
        "RFC 3339 is written and read back",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_270_803_120, "2026-11-21T14:20:03.120Z"),
            (-1000, "1969-12-31T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        ] as [(Int64, String)])
    func rfc3339(milliseconds: Int64, text: String) {
        #expect(WallTime(milliseconds: milliseconds).rfc3339 == text)
        #expect(WallTime(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "offsets, a space and any fraction are understood",
        arguments: [
            ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31 23:30:00-00:30", 0),
            ("1970-01-01t00:00:00.5z", 500),
            ("1970-01-01T00:00:00.1239999Z", 123),
        ] as [(String, Int64)])
    func variants(text: String, milliseconds: Int64) {
        #expect(WallTime(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "anything else is no time",
        arguments: [
            "", "1970-01-01", "1970-13-01T00:00:00Z", "1970-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00Zx", "1970-1-01T00:00:00Z",
            "1970-00-01T00:00:00Z",
        ])
    func refuses(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test("an HTTP date is read in its current form only")
    func httpDate() {
        #expect(WallTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.milliseconds == 784_111_777_000)
        for text in [
            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC", "",
        ] {
            #expect(WallTime(httpDate: text) == nil)
        }
    }

    @Test("an HTTP date is written in the form in which it is read")
    func httpDateWritten() {
        let written = [
            (784_111_777_999, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_399_000, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ]
        for (milliseconds, text) in written {
            #expect(WallTime(milliseconds: Int64(milliseconds)).httpDate == text)
        }
    }

    @Test("sums and differences stop at the ends of the range")
    func clamped() {
        let most = WallTime(milliseconds: .max)
        let least = WallTime(milliseconds: .min)
        #expect(most.advanced(byMilliseconds: 1) == most)
        #expect(least.advanced(byMilliseconds: -1) == least)
        #expect(most.milliseconds(since: least) == .max)
        #expect(least.milliseconds(since: most) == .min)
        #expect(WallTime(milliseconds: 7).milliseconds(since: WallTime(milliseconds: 9)) == -2)
    }

    @Test("days and dates agree over eight centuries")
    func calendar() {
        var date = CivilDate(daysSince1970: -146_097)
        for day in Int64(-146_097)..<146_097 {
            #expect(CivilDate(daysSince1970: day) == date)
            #expect(date.daysSince1970 == day)
            let isLast = date.day == CivilDate.days(inMonth: date.month, of: date.year)
            let isYearEnd = isLast && date.month == 12
            date = CivilDate(
                year: isYearEnd ? date.year + 1 : date.year,
                month: isYearEnd ? 1 : isLast ? date.month + 1 : date.month,
                day: isLast ? 1 : date.day + 1)
        }
    }
}
