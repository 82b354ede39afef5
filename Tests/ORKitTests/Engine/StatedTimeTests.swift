import Testing

@testable import ORKit

@Suite("Stated times")
struct StatedTimeTests {
    /// Saturday, 2026-11-21T14:20:03.120Z
    let now = WallTime(rfc3339: "2026-11-21T14:20:03.120Z")!

    @Test(
        "Retry-After is read as seconds or as a date [RT-05]",
        arguments: [
            ("7", 7000), (" 7 ", 7000), ("0", 0), ("1.5", 1500), ("-3", -3000),
            ("Sat, 21 Nov 2026 14:21:00 GMT", 56_880), ("2026-11-21T14:21:00Z", 56_880),
        ] as [(String, Int64)])
    func retryAfter(text: String, wait: Int64) {
        #expect(StatedTime.retryAfter(text, at: now)?.milliseconds(since: now) == wait)
    }

    @Test(
        "words, hexadecimal, infinity and the empty text are no times",
        arguments: ["", "soon", "0x10", "inf", "nan", "1e999", "--1", "Sat, 31 Feb 2026 14:21:00 GMT"])
    func nonsense(text: String) {
        #expect(StatedTime.retryAfter(text, at: now) == nil)
        #expect(StatedTime.reset(text, at: now) == nil)
    }

    @Test(
        "a reset is read as milliseconds, seconds or a wait, by its size [RT-05]",
        arguments: [
            ("1795270800000", "2026-11-21T14:20:00Z"), ("1795273200000", "2026-11-21T15:00:00Z"),
            ("1795273200", "2026-11-21T15:00:00Z"), ("30", "2026-11-21T14:20:33.120Z"),
            ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        ])
    func reset(text: String, end: String) {
        #expect(StatedTime.reset(text, at: now)?.rfc3339 == end)
    }

    @Test(
        "a span is read with its units, and nothing else is one",
        arguments: [
            ("6m0s", 360_000), ("1h2m3.5s", 3_723_500), ("17ms", 17), (" 1d ", 86_400_000), ("1", nil),
            ("s", nil),
            ("1s2", nil), ("1x", nil), ("-1s", nil), ("1.2.3s", nil), ("", nil), ("9e9s", nil),
            (String(repeating: "1s", count: 17), nil),
        ] as [(String, Int64?)])
    func span(text: String, wait: Int64?) {
        #expect(StatedTime.span(text, at: now)?.milliseconds(since: now) == wait)
    }

    @Test("absurd numbers are held inside the range")
    func absurd() {
        #expect(StatedTime.reset("9e300", at: now) != nil)
        #expect(StatedTime.seconds("-9e300", at: now) != nil)
    }

    @Test("calendar boundaries are UTC; weeks begin on Monday")
    func calendar() {
        #expect(StatedTime.nextMinute(after: now).rfc3339 == "2026-11-21T14:21:00Z")
        #expect(StatedTime.nextDay(after: now).rfc3339 == "2026-11-22T00:00:00Z")
        #expect(StatedTime.nextWeek(after: now).rfc3339 == "2026-11-23T00:00:00Z")
        #expect(StatedTime.nextMonth(after: now).rfc3339 == "2026-12-01T00:00:00Z")
        let monday = WallTime(rfc3339: "2026-11-23T00:00:00Z")!
        #expect(StatedTime.nextWeek(after: monday).rfc3339 == "2026-11-30T00:00:00Z")
        let december = WallTime(rfc3339: "2026-12-31T23:59:59Z")!
        #expect(StatedTime.nextMonth(after: december).rfc3339 == "2027-01-01T00:00:00Z")
    }
}
