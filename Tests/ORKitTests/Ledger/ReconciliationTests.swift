import Testing

@testable import ORKit

@Suite("The ledger against the upstream's numbers")
struct ReconciliationTests {
    private func result(_ upstream: Int64?, _ ledger: Int64, percent: Int = 1, least: Int64 = 10) -> String {
        var sum = UsageSum()
        sum.cost = Money(pico: ledger)
        return ReconciliationView(
            name: "a", id: KeyID(1), window: .daily, since: WallTime(milliseconds: 0),
            upstream: upstream.map { Money(pico: $0) }, ledger: sum,
            within: ReconciliationTolerance(percent: percent, least: Money(pico: least))
        ).result
    }

    @Test("sums agree within a share of the upstream's, or within a little, in either direction")
    func tolerance() {
        #expect(result(10_000, 9900) == "agrees" && result(10_000, 10_100) == "agrees")
        #expect(result(10_000, 9899) == "differs" && result(10_000, 10_101) == "differs")
        #expect(result(0, 10) == "agrees" && result(0, 11) == "differs")
        #expect(
            result(5, 4, percent: 0, least: 0) == "differs" && result(5, 5, percent: 0, least: 0) == "agrees")
        #expect(result(nil, 5) == "unknown")
    }

    @Test("numbers at the edge of their range neither trap nor agree")
    func edges() {
        #expect(result(.max, .min) == "differs" && result(.min, .max, percent: 0) == "differs")
    }

    @Test("days, weeks from Monday, and months begin in UTC")
    func windows() throws {
        let time = try #require(WallTime(rfc3339: "2026-11-22T13:14:15Z"))
        #expect(UpstreamQuota.Reset.daily.begin(at: time).rfc3339 == "2026-11-22T00:00:00Z")
        #expect(UpstreamQuota.Reset.weekly.begin(at: time).rfc3339 == "2026-11-16T00:00:00Z")
        #expect(UpstreamQuota.Reset.monthly.begin(at: time).rfc3339 == "2026-11-01T00:00:00Z")
        let monday = try #require(WallTime(rfc3339: "2026-11-16T00:00:00Z"))
        #expect(UpstreamQuota.Reset.weekly.begin(at: monday) == monday)
    }
}
