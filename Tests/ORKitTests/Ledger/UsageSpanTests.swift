import Testing

@testable import ORKit

@Suite("Spans of usage")
struct UsageSpanTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour

    private func span(_ low: Int64, _ high: Int64) -> UsageSpan {
        UsageSpan(since: WallTime(milliseconds: low), until: WallTime(milliseconds: high))
    }

    @Test("whole days, whole hours around them, and what is left")
    func parts() {
        let span = span(2 * Self.day - 3 * Self.hour - 5, 4 * Self.day + Self.hour + 7)
        #expect(span.days == 2..<4)
        #expect(span.hours == [45..<48, 96..<97])
        #expect(
            span.rest == [
                2 * Self.day - 3 * Self.hour - 5..<2 * Self.day - 3 * Self.hour,
                4 * Self.day + Self.hour..<4 * Self.day + Self.hour + 7,
            ])
    }

    @Test("short spans, aligned ones, backward ones")
    func short() {
        #expect(span(5, 9).rest == [5..<9] && span(5, 9).hours.isEmpty && span(5, 9).days.isEmpty)
        #expect(span(5, 5).rest.isEmpty && span(9, 5).rest.isEmpty)
        #expect(span(0, Self.hour).hours == [0..<1] && span(0, Self.hour).rest.isEmpty)
        #expect(span(0, Self.day).days == 0..<1 && span(0, Self.day).hours.isEmpty)
        #expect(
            span(Self.hour - 1, Self.hour + 1).rest == [Self.hour - 1..<Self.hour, Self.hour..<Self.hour + 1])
        #expect(span(-Self.day, 0).days == -1..<0)
        #expect(span(.min, .max).rest.count == 2)
    }

    @Test("where lines are gone a span begins and ends with hours, so that spans that adjoin add up")
    func pruned() {
        let gone = WallTime(milliseconds: 2 * Self.day + Self.hour / 2)
        func span(_ low: Int64, _ high: Int64) -> UsageSpan {
            UsageSpan(
                since: WallTime(milliseconds: low), until: WallTime(milliseconds: high), pruned: gone)
        }
        let (first, middle, last): (Int64, Int64, Int64) = (
            5, Self.day + 7, 2 * Self.day + Self.hour + 9
        )
        #expect(span(first, middle).whole == 0..<Self.day && span(first, middle).rest.isEmpty)
        #expect(span(middle, last).whole == Self.day..<last)
        #expect(span(middle, last).rest == [2 * Self.day + Self.hour..<last])
        // Of the hour in which the last of them was, not all is there.
        #expect(span(gone.milliseconds + 1, last).whole.lowerBound == 2 * Self.day)
        #expect(span(5, 9).whole.isEmpty)
        #expect(span(last, last + 1).whole == last..<last + 1)
        #expect(span(.min, .max).whole.lowerBound == .min)
    }

    @Test("the parts of 10,000 random spans are together the span, and none overlaps another")
    func exact() {
        var rng = SeededGenerator(seed: 17)
        for _ in 0..<10_000 {
            let low = Int64.random(in: -3 * Self.day...3 * Self.day, using: &rng)
            let high = Int64.random(in: low...low + 5 * Self.day, using: &rng)
            let span = span(low, high)
            var parts = span.rest
            parts += span.hours.map { $0.lowerBound * Self.hour..<$0.upperBound * Self.hour }
            if !span.days.isEmpty {
                parts.append(span.days.lowerBound * Self.day..<span.days.upperBound * Self.day)
            }
            parts.sort { $0.lowerBound < $1.lowerBound }
            var place = low
            for part in parts {
                #expect(part.lowerBound == place && !part.isEmpty)
                place = part.upperBound
            }
            #expect(place == max(low, high))
        }
    }
}
