import Testing

@testable import ORKit

@Suite("What lines of the ledger add up to by hour")
struct UsageTallyTests {
    @Test("all kinds at once come to the same as each alone", arguments: 1...10)
    func kinds(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var (together, apart) = (UsageTally(), UsageTally())
        for (place, posting) in LedgerStory(steps: 400, &dice).postings.enumerated() {
            let time = WallTime(milliseconds: Int64(place) * 60_000 - 3_600_000)
            together.add(posting, at: time)
            for kind in UsageSubject.Kind.allCases { apart.add(posting, at: time, to: kind) }
        }
        #expect(together.sums.count > 50 && together.sums == apart.sums)
        #expect(!together.models.isEmpty && together.models == apart.models)
    }
}
