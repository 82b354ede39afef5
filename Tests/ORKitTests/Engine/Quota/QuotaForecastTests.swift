import Testing

@testable import ORKit

/// When a quota will be used up (QA-10), against what then happens.
@Suite("Forecasts of quotas")
struct QuotaForecastTests {
    private static let start = WallTime(rfc3339: "2026-11-21T00:00:00Z")!

    /// Requests at even distances until the quota is used up.
    private func exhaustion(of quota: Quota, every milliseconds: Int64, upTo days: Int64 = 40) -> WallTime? {
        var (use, now) = (QuotaUse(), Self.start)
        while now.milliseconds(since: Self.start) < days * 86_400_000 {
            use.countRequest(in: quota.window, at: now)
            if QuotaStanding(quota, use, at: now).requestsLeft == 0 { return now }
            now = now.advanced(byMilliseconds: milliseconds)
        }
        return nil
    }

    private func use(_ quota: Quota, every milliseconds: Int64, for length: Int64) -> (QuotaUse, WallTime) {
        var (use, now) = (QuotaUse(), Self.start)
        while now.milliseconds(since: Self.start) < length {
            use.countRequest(in: quota.window, at: now)
            now = now.advanced(byMilliseconds: milliseconds)
        }
        return (use, now)
    }

    @Test(
        "under a steady load the prediction is right within a tenth, and not unsure of itself",
        arguments: [(QuotaWindow.day, Int64(10_000)), (.month, 200_000), (.hour, 4_000)])
    func steady(window: QuotaWindow, every: Int64) throws {
        let quota = try #require(Quota(requests: 700, tokens: nil, window: window))
        let truth = try #require(exhaustion(of: quota, every: every))
        let whole = truth.milliseconds(since: Self.start)
        for part in [Int64(2), 5, 8] {
            let (use, now) = use(quota, every: every, for: whole * part / 10)
            let forecast = try #require(QuotaForecast(quota, use, at: now))
            let at = try #require(forecast.at)
            let left = Double(truth.milliseconds(since: now))
            #expect(abs(Double(at.milliseconds(since: truth))) <= left / 10, "\(window.text) \(part)")
            #expect(abs(forecast.rate - 3_600_000 / Double(every)) <= 360_000 / Double(every))
        }
        let (late, now) = use(quota, every: every, for: whole * 8 / 10)
        #expect(QuotaForecast(quota, late, at: now)?.confidence != .low)
    }

    @Test("what the window gives back in time is never used up")
    func lasting() throws {
        for window in [QuotaWindow.hour, .day] {
            let quota = try #require(Quota(requests: 1000, tokens: nil, window: window))
            let (use, now) = use(quota, every: 100_000, for: 20_000_000)
            let forecast = try #require(QuotaForecast(quota, use, at: now))
            #expect(forecast.at == nil && forecast.risk(at: now) == nil)
            #expect(exhaustion(of: quota, every: 100_000, upTo: 3) == nil)
        }
    }

    @Test("uneven use lowers the confidence, and too little tells nothing")
    func uneven() throws {
        let quota = try #require(Quota(requests: 100_000, tokens: nil, window: .day))
        var use = QuotaUse()
        var rng = SeededGenerator(seed: 3)
        var now = Self.start
        for hour in 0..<12 {
            for _ in 0..<(hour % 4 == 0 ? 2000 : Int.random(in: 0...20, using: &rng)) {
                use.countRequest(in: .day, at: now)
            }
            now = now.advanced(byMilliseconds: 3_600_000)
        }
        let forecast = try #require(QuotaForecast(quota, use, at: now))
        #expect(forecast.confidence == .low && forecast.uncertainty > 0.3)

        var little = QuotaUse()
        for _ in 0..<4 { little.countRequest(in: .day, at: Self.start) }
        #expect(QuotaForecast(quota, little, at: Self.start.advanced(byMilliseconds: 1000)) == nil)
    }

    @Test(
        "an end within four hours is critical, within a day constrained",
        arguments: [(Int64(100), QuotaForecast.Risk?.some(.critical)), (1000, .constrained), (20_000, nil)])
    func risks(requests: Int64, risk: QuotaForecast.Risk?) throws {
        let quota = try #require(Quota(requests: requests, tokens: nil, window: .month))
        // 50 an hour for an hour.
        let (use, now) = use(quota, every: 72_000, for: 3_600_000)
        #expect(try #require(QuotaForecast(quota, use, at: now)).risk(at: now) == risk)
    }

    @Test("of requests and tokens, the one that ends first is told")
    func units() throws {
        let quota = try #require(Quota(requests: 1000, tokens: 10_000, window: .month))
        var (use, now) = (QuotaUse(), Self.start)
        for _ in 0..<50 {
            use.countRequest(in: .month, at: now)
            use.countTokens(100, in: .month, at: now)
            now = now.advanced(byMilliseconds: 60_000)
        }
        let forecast = try #require(QuotaForecast(quota, use, at: now))
        #expect(forecast.unit == .tokens)
        #expect(abs(forecast.rate - 6000) < 600)
        let minutes = Double(try #require(forecast.at).milliseconds(since: now)) / 60_000
        #expect(abs(minutes - 50) <= 5)
    }
}
