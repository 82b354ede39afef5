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

    /// More of them than there are guesses where one is, and many names that look alike.
    @Test("settlements that agree in little come to the same as each alone", arguments: 1...3)
    func manyKinds(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var (together, apart) = (UsageTally(), UsageTally())
        for number in 0..<800 {
            var usage = Usage()
            usage.prompt = Int64.random(in: 0...2, using: &dice)
            let posting = Posting.settle(
                Settlement(
                    request: RequestID(raw: UInt64(number)), user: UserID(.random(in: 0..<4, using: &dice)),
                    client: ClientID(.random(in: 0..<8, using: &dice)),
                    key: [nil, KeyID(.min), KeyID(.max), KeyID(5)].randomElement(using: &dice) ?? nil,
                    model: ["a/b1-x", "a/b2-x", "a/b3-x", "", nil].randomElement(using: &dice) ?? nil,
                    end: .complete, usage: usage, quality: .exact, held: 0, charged: usage.prompt,
                    isWhole: true, generation: nil))
            let time = WallTime(milliseconds: .random(in: -7_200_000...7_200_000, using: &dice))
            together.add(posting, at: time)
            for kind in UsageSubject.Kind.allCases { apart.add(posting, at: time, to: kind) }
        }
        #expect(together.size > 256)
        #expect(together.sums == apart.sums && together.models == apart.models)
    }
}
