import Testing

@testable import ORKit

/// What is left of a quota, as a function of what was used and of the time.
@Suite("Quotas")
struct QuotaTests {
    private static let noon = WallTime(rfc3339: "2026-11-21T12:00:00Z")!

    private func quota(_ requests: Int64?, _ tokens: Int64? = nil, _ window: QuotaWindow = .day) throws
        -> Quota
    {
        try #require(Quota(requests: requests, tokens: tokens, window: window))
    }

    private func used(_ requests: Int, of quota: Quota, at now: WallTime = noon) -> QuotaUse {
        var use = QuotaUse()
        for _ in 0..<requests { use.countRequest(in: quota.window, at: now) }
        return use
    }

    @Test(
        "the capacity changes at each boundary",
        arguments: [
            (0, Capacity.abundant), (19, .abundant), (20, .constrained), (50, .constrained), (51, .critical),
            (80, .critical), (81, .exhausted), (99, .exhausted), (100, .exhausted),
        ])
    func boundaries(requests: Int, capacity: Capacity) throws {
        let quota = try quota(100)
        let standing = QuotaStanding(quota, used(requests, of: quota), at: Self.noon)
        #expect(standing.capacity == capacity)
        #expect(standing.requestsLeft == Int64(100 - requests))
        #expect((standing.back != nil) == (requests == 100))
    }

    @Test("a day and a month begin anew at once, with the calendar")
    func calendar() throws {
        for (window, last, next) in [
            (QuotaWindow.day, "2026-11-21T23:59:59.999Z", "2026-11-22T00:00:00Z"),
            (.month, "2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00Z"),
        ] {
            let quota = try quota(100, nil, window)
            let use = used(100, of: quota)
            let (last, next) = (try #require(WallTime(rfc3339: last)), try #require(WallTime(rfc3339: next)))
            let before = QuotaStanding(quota, use, at: last)
            #expect(before.requestsLeft == 0 && before.back == next && before.reset == next)
            let after = QuotaStanding(quota, use, at: next)
            #expect(after.requestsLeft == 100 && after.capacity == .abundant && after.back == nil)
        }
        #expect(
            QuotaWindow.month.end(at: WallTime(rfc3339: "2026-12-31T23:00:00Z")!)?.rfc3339
                == "2027-01-01T00:00:00Z")
    }

    @Test("an hour slides: never more than the limit in any sixty minutes, and at most a minute late")
    func sliding() throws {
        let quota = try quota(10, nil, .hour)
        var (use, now, sent) = (QuotaUse(), Self.noon, [WallTime]())
        var rng = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            now = now.advanced(byMilliseconds: Int64.random(in: 0...400_000, using: &rng))
            use.roll(in: quota.window, at: now)
            let left = QuotaStanding(quota, use, at: now).requestsLeft ?? 0
            let inHour = sent.count { now.milliseconds(since: $0) < 3_600_000 }
            let inMore = sent.count { now.milliseconds(since: $0) < 3_660_000 }
            #expect(left <= 10 - Int64(inHour))
            #expect(left >= 10 - Int64(inMore))
            guard left > 0 else { continue }
            use.countRequest(in: quota.window, at: now)
            sent = sent.suffix(20) + [now]
        }
        #expect(use.cells.count <= 61)
    }

    @Test("what is used up comes back when a twentieth is there again, and is then recovering")
    func recovering() throws {
        let quota = try quota(100, nil, .hour)
        var meter = Meter(quota, QuotaUse())
        meter.countRequest(at: Self.noon)
        let later = Self.noon.advanced(byMilliseconds: 600_000)
        for _ in 0..<10 { meter.countRequest(at: later) }
        let last = Self.noon.advanced(byMilliseconds: 1_200_000)
        for _ in 0..<89 { meter.countRequest(at: last) }
        let back = try #require(meter.look(at: last).standing.back)
        #expect(back == Self.noon.advanced(byMilliseconds: 600_000 + 3_660_000))
        // One request has left the window, which is not worth coming back for.
        let early = meter.look(at: Self.noon.advanced(byMilliseconds: 3_660_000)).standing
        #expect(early.requestsLeft == 1 && early.back == back && early.capacity == .exhausted)
        let there = meter.look(at: back)
        #expect(there.standing.back == nil && there.standing.capacity == .recovering)
        let whole = meter.look(at: last.advanced(byMilliseconds: 3_660_000))
        #expect(whole.before == .recovering && whole.standing.capacity == .abundant)
    }

    @Test("requests and tokens are counted apart; of both, the scarcer says how much is left")
    func units() throws {
        let both = try quota(10, 1000)
        var use = QuotaUse()
        use.countRequest(in: .day, at: Self.noon)
        use.countTokens(900, in: .day, at: Self.noon)
        let standing = QuotaStanding(both, use, at: Self.noon)
        #expect(standing.requestsLeft == 9 && standing.tokensLeft == 100)
        #expect(standing.capacity == .exhausted && both.unit == .mixed)
        let requests = QuotaStanding(try quota(10), use, at: Self.noon)
        #expect(requests.tokensLeft == nil && requests.capacity == .abundant)
        #expect(QuotaStanding(try quota(nil, 1000), use, at: Self.noon).requestsLeft == nil)
        #expect(standing.text == "9 of 10 requests left, 100 of 1000 tokens left, daily")
    }

    @Test(
        "windows are read as they are written",
        arguments: ["hourly", "daily", "monthly", "1m", "90m", "5d", "32d"])
    func windows(text: String) throws {
        #expect(try #require(QuotaWindow(text: text)).text == (text == "90m" ? "1h30m" : text))
    }

    @Test(
        "what is no window, and no quota, is refused", arguments: ["", "weekly", "59s", "33d", "60", "-1h"])
    func refused(text: String) {
        #expect(QuotaWindow(text: text) == nil)
        #expect(Quota(requests: nil, tokens: nil, window: .day) == nil)
        #expect(Quota(requests: 0, tokens: nil, window: .day) == nil)
        #expect(Quota(requests: 1, tokens: .max, window: .day) == nil)
    }

    @Test("a clock that goes back gives nothing back, and one that was far ahead does not count for ever")
    func clock() throws {
        let quota = try quota(10, nil, .hour)
        var use = used(4, of: quota)
        use.countRequest(in: .hour, at: Self.noon.advanced(byMilliseconds: -600_000))
        #expect(use.amount(in: .hour, at: Self.noon).requests == 5)
        use.countRequest(in: .hour, at: Self.noon.advanced(byMilliseconds: 3_600_000 * 24 * 365))
        use.countRequest(in: .hour, at: Self.noon)
        #expect(use.amount(in: .hour, at: Self.noon).requests == 1)
    }

    @Test("what was kept is believed only as far as it can be true")
    func kept() {
        let cells = [
            QuotaUse.Cell(number: .max, amount: QuotaAmount(requests: .max, tokens: .max)),
            QuotaUse.Cell(number: 3, amount: QuotaAmount(requests: -1)),
            QuotaUse.Cell(number: .min, amount: QuotaAmount(requests: .max)),
        ]
        var use = QuotaUse(width: 60_000, cells: cells, phase: .out, tokensEach: .nan, since: Self.noon)
        #expect(use.amount(in: .hour, at: Self.noon) == QuotaAmount())
        #expect(use.amount(in: .day, at: Self.noon) == QuotaAmount())
        use.countRequest(in: .hour, at: Self.noon)
        #expect(use.amount(in: .hour, at: Self.noon).requests == 1)
    }
}
