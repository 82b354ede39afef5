import Testing

@testable import ORKit

@Suite("Time zones and the periods of budgets")
struct ZoneTests {
    /// A file as the zone database has it, whose clocks follow a rule alone.
    private static func file(_ rule: String) -> [UInt8] {
        var counts = [UInt8](repeating: 0, count: 24)
        counts[19] = 1
        counts[23] = 4
        var part: [UInt8] = Array("TZif2".utf8)
        part += [UInt8](repeating: 0, count: 15)
        part += counts
        // An hour ahead.
        part += [0, 0, 0x0E, 0x10, 0, 0]
        part += Array("LMT".utf8)
        part.append(0)
        // The old part, the new one, the rule.
        var file = part
        file += part
        file += Array("\n\(rule)\n".utf8)
        return file
    }

    private static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"

    private func span(_ period: BudgetPeriod, _ time: String, _ rule: String) throws -> [String] {
        let zone = try #require(ZoneRules(Self.file(rule)))
        let span = BudgetSpan(period, around: try #require(WallTime(rfc3339: time)), in: zone)
        return [span.start, span.end ?? 0].map { WallTime(milliseconds: $0).rfc3339 }
    }

    @Test(
        "a period is the calendar's where its clocks are, also when a day has 23 or 25 hours",
        arguments: [
            Case(.day, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            Case(.day, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
            Case(.day, "2026-07-01T22:00:00Z", "2026-07-01T22:00:00Z", "2026-07-02T22:00:00Z"),
            Case(.hour, "2026-10-25T00:59:59Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
            Case(.week, "2026-11-22T22:59:59Z", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z"),
            Case(.week, "2026-11-22T23:00:00Z", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z"),
            Case(.month, "2026-03-31T21:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
            Case(.month, "2026-12-31T22:00:00Z", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
        ])
    func spans(one: Case) throws {
        #expect(try span(one.period, one.time, Self.berlin) == [one.start, one.end])
    }

    struct Case: Sendable {
        var period: BudgetPeriod
        var time: String
        var start: String
        var end: String

        init(_ period: BudgetPeriod, _ time: String, _ start: String, _ end: String) {
            self.period = period
            self.time = time
            self.start = start
            self.end = end
        }
    }

    @Test("a midnight that the clocks skip is over when it would have been")
    func skipped() throws {
        // From 24:00 of the Saturday on clocks are an hour ahead: no Sunday has a midnight.
        let rule = "<-04>4<-03>,M9.1.6/24,M4.1.6/24"
        #expect(
            try span(.day, "2026-09-06T12:00:00Z", rule) == ["2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"])
        #expect(
            try span(.day, "2026-09-06T03:30:00Z", rule) == ["2026-09-05T04:00:00Z", "2026-09-06T04:00:00Z"])
    }

    @Test("rules by number of the day, with minutes, below zero, and without a summer are read")
    func rules() throws {
        func offset(_ rule: String, _ time: String) throws -> Int64 {
            let zone = try #require(ZoneRules(Self.file(rule)))
            return zone.offset(at: try #require(WallTime(rfc3339: time)).milliseconds / 1000)
        }
        #expect(try offset("<+0545>-5:45", "2026-06-01T00:00:00Z") == 3600)
        #expect(try offset("AAA3BBB,J60/0,J300/0", "2028-03-01T02:59:59Z") == -3 * 3600)
        #expect(try offset("AAA3BBB,J60/0,J300/0", "2028-03-01T03:00:00Z") == -2 * 3600)
        #expect(try offset("AAA3BBB2:30,59/0,299/0", "2028-02-29T03:00:00Z") == -9000)
        #expect(try offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z") == -3600)
        #expect(try offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z") == -7200)
    }

    @Test("what is no such file, or is cut off anywhere, is none; nothing traps")
    func damaged() {
        let whole = Self.file(Self.berlin)
        #expect(ZoneRules(whole) != nil)
        for length in whole.indices { #expect(ZoneRules(Array(whole.prefix(length))) == nil, "\(length)") }
        for place in whole.indices {
            for byte in [UInt8(0), 0x39, 0x7F, 0xFF] {
                var other = whole
                other[place] = byte
                if let zone = ZoneRules(other) {
                    _ = BudgetSpan(.month, around: WallTime(milliseconds: .max), in: zone)
                    _ = BudgetSpan(.day, around: WallTime(milliseconds: .min), in: zone)
                }
            }
        }
        for rule in ["CET", "CET-1CEST", "CET-1CEST,M3", "CET-1CEST,M13.1.0,M10.5.0", "C-1", "CET-999"] {
            #expect(ZoneRules(Self.file(rule)) == nil, "\(rule)")
        }
    }

    @Test("the clock of budgets goes on over a restart, and no setting of the time moves it back")
    func clock() {
        let day: Int64 = 86_400_000
        func now(_ days: Int64, monotonic: Int64 = 0) -> Now {
            Now(monotonic: monotonic * day * 1_000_000, wall: WallTime(milliseconds: days * day))
        }
        let clock = BudgetClock(at: now(100))
        #expect(clock.moment(at: now(500, monotonic: 2)).steady == 102 * day)
        #expect(clock.moment(at: now(3, monotonic: -5)).steady == 100 * day)
        let kept = clock.moment(at: now(102, monotonic: 2))
        #expect(
            BudgetClock(kept: kept, at: now(103, monotonic: 9)).moment(at: now(103, monotonic: 9)).steady
                == 103 * day)
        #expect(BudgetClock(kept: kept, at: now(50)).moment(at: now(50, monotonic: 1)).steady == 103 * day)
        let absurd = BudgetMoment(wall: WallTime(milliseconds: .min), steady: .max)
        _ = BudgetClock(kept: absurd, at: now(5)).moment(
            at: Now(monotonic: .max, wall: WallTime(milliseconds: .max)))
    }
}
