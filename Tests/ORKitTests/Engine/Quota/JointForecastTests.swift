import Testing

@testable import ORKit

/// When the quotas of several keys will all be used up, against what then
/// happens.
@Suite("Forecasts of several quotas together")
struct JointForecastTests {
    private static let start = WallTime(rfc3339: "2026-11-01T00:00:00Z")!

    /// Two keys by turns; when one is used up the other serves alone.
    private struct Pair {
        let quotas: [Quota]
        var uses = [QuotaUse(), QuotaUse()]
        var now = JointForecastTests.start
        var firstOut: WallTime?

        init(_ totals: [Int64], _ window: QuotaWindow) throws {
            quotas = try totals.map { try #require(Quota(requests: $0, tokens: nil, window: window)) }
        }

        private func left(_ key: Int) -> Int64 {
            QuotaStanding(quotas[key], uses[key], at: now).requestsLeft ?? 0
        }

        /// - Returns: false when nothing was left.
        @discardableResult
        mutating func request(every milliseconds: Int64, turn: Int) -> Bool {
            guard let key = [turn % 2, (turn + 1) % 2].first(where: { left($0) > 0 }) else { return false }
            uses[key].countRequest(in: quotas[key].window, at: now)
            if left(key) == 0, firstOut == nil { firstOut = now }
            now = now.advanced(byMilliseconds: milliseconds)
            return true
        }

        var forecast: JointForecast? {
            var sum = QuotaSum()
            for (quota, use) in zip(quotas, uses) { sum.add(quota, use, at: now) }
            return sum.forecast(at: now)
        }
    }

    @Test("the end of all and the end of the first are right within a tenth, and not unsure of themselves")
    func steady() throws {
        var truth = try Pair([1000, 3000], .month)
        var turn = 0
        while truth.request(every: 300_000, turn: turn) { turn += 1 }
        #expect(turn == 4000)
        let first = try #require(truth.firstOut)
        for looked in [600, 1200, 1800] {
            var pair = try Pair([1000, 3000], .month)
            for turn in 0..<looked { pair.request(every: 300_000, turn: turn) }
            let forecast = try #require(pair.forecast)
            #expect(forecast.unit == .requests && forecast.keys == 2)
            #expect(forecast.left == Int64(4000 - looked))
            #expect(abs(forecast.rate - 12) <= 1.2)
            let (end, earliest) = (try #require(forecast.at), try #require(forecast.earliest))
            let left = Double(truth.now.milliseconds(since: pair.now))
            #expect(abs(Double(end.milliseconds(since: truth.now))) <= left / 10, "\(looked)")
            let leftOfFirst = Double(first.milliseconds(since: pair.now))
            #expect(abs(Double(earliest.milliseconds(since: first))) <= max(leftOfFirst / 10, 3_600_000))
            #expect(forecast.confidence != .low)
        }
    }

    @Test("one that will be used up is no end while the other gives enough")
    func one() throws {
        var pair = try Pair([300, 100_000], .day)
        for turn in 0..<400 { pair.request(every: 100_000, turn: turn) }
        let forecast = try #require(pair.forecast)
        #expect(forecast.at == nil && forecast.earliest != nil)
    }

    @Test(
        "of one key it is that key's own forecast",
        arguments: [QuotaWindow.day, .month, .hour, .sliding(5_400_000), .sliding(2_592_000_000)])
    func alone(window: QuotaWindow) throws {
        var rng = SeededGenerator(seed: 11)
        for total in [60, 200, 1000, 100_000] as [Int64] {
            let quota = try #require(Quota(requests: total, tokens: total * 100, window: window))
            var (use, now) = (QuotaUse(), Self.start)
            for _ in 0..<50 {
                use.countRequest(in: window, at: now)
                use.countTokens(Int64.random(in: 1...200, using: &rng), in: window, at: now)
                now = now.advanced(byMilliseconds: Int64.random(in: 1...(window.cell * 2), using: &rng))
                var sum = QuotaSum()
                sum.add(quota, use, at: now)
                let (joint, own) = (sum.forecast(at: now), QuotaForecast(quota, use, at: now))
                #expect(joint?.at == own?.at && joint?.earliest == own?.at && joint?.unit == own?.unit)
                #expect(joint?.confidence == own?.confidence)
                #expect(abs((joint?.uncertainty ?? 0) - (own?.uncertainty ?? 0)) < 1e-9)
            }
        }
    }

    @Test(
        "uneven use lowers the confidence; keys without use of late tell nothing, but what they have left counts"
    )
    func uneven() throws {
        let quota = try #require(Quota(requests: 100_000, tokens: nil, window: .day))
        var (use, now) = (QuotaUse(), Self.start)
        var rng = SeededGenerator(seed: 3)
        for hour in 0..<12 {
            for _ in 0..<(hour % 4 == 0 ? 2000 : Int.random(in: 0...20, using: &rng)) {
                use.countRequest(in: .day, at: now)
            }
            now = now.advanced(byMilliseconds: 3_600_000)
        }
        var sum = QuotaSum()
        sum.add(quota, QuotaUse(), at: now)
        #expect(sum.forecast(at: now) == nil)
        sum.add(quota, use, at: now)
        let forecast = try #require(sum.forecast(at: now))
        #expect(forecast.confidence == .low && forecast.keys == 2 && forecast.left > 190_000 - 7000)
    }

    @Test("what runs out first is spoken of, be it requests or tokens")
    func units() throws {
        let requests = try #require(Quota(requests: 1000, tokens: nil, window: .month))
        let tokens = try #require(Quota(requests: nil, tokens: 5000, window: .month))
        var (use, now) = (QuotaUse(), Self.start)
        for _ in 0..<100 {
            use.countRequest(in: .month, at: now)
            use.countTokens(40, in: .month, at: now)
            now = now.advanced(byMilliseconds: 600_000)
        }
        var sum = QuotaSum()
        sum.add(requests, use, at: now)
        #expect(sum.forecast(at: now)?.unit == .requests)
        sum.add(tokens, use, at: now)
        let forecast = try #require(sum.forecast(at: now))
        #expect(forecast.unit == .tokens && forecast.keys == 1 && forecast.left == 1000)
    }

    @Test("keys that are taken out do not count, and each counts for its pool")
    func pieces() throws {
        let quota = try #require(Quota(requests: 10, tokens: nil, window: .day))
        var desk = EngineDesk(keys: 0)
        desk.apply(.pool(PoolRecord(id: PoolID(2))))
        desk.apply(
            .add(
                (1...300).map { number in
                    EngineDesk.record(number) {
                        $0.quota = number == 7 ? nil : quota
                        $0.pool = number > 200 ? PoolID(2) : .first
                        $0.enabled = number != 9
                    }
                }))
        let all = (0..<Engine.quotaPieces).flatMap { desk.engine.quotas(inPiece: $0) }
        #expect(all.count { $0.pool == .first } == 198 && all.count { $0.pool == PoolID(2) } == 100)
    }
}
