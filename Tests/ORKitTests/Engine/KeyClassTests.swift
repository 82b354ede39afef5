import Testing

@testable import ORKit

/// What `GET /key` makes of a key.
@Suite("Classes of keys")
struct KeyClassTests {
    private let now = WallTime(milliseconds: 1_795_219_200_000)
    private let week: Int64 = 7 * 86_400_000

    private func classed(_ change: (inout KeyStatement) -> Void) -> KeyClass {
        var statement = KeyStatement()
        change(&statement)
        return statement.keyClass(at: now)
    }

    private func ending(_ milliseconds: Int64) -> KeyClass {
        classed { $0.expiresAt = now.advanced(byMilliseconds: milliseconds) }
    }

    @Test("a key of which nothing special is said is valid; so is one without an end or a limit")
    func plain() {
        #expect(classed { _ in } == .valid([]))
        #expect(classed { $0.hasLimitLeft = true } == .valid([]))
    }

    @Test("neither the free tier nor a limit that is used up keeps a key out")
    func traits() {
        #expect(classed { $0.isFreeTier = true } == .valid(.freeTier))
        #expect(classed { $0.hasLimitLeft = false } == .valid(.spent))
        let all = classed {
            $0.isFreeTier = true
            $0.hasLimitLeft = false
            $0.expiresAt = now.advanced(byMilliseconds: 1)
        }
        #expect(all == .valid([.freeTier, .spent, .expiring]))
        #expect(all.refusal == nil)
    }

    @Test("an end is told from seven days before it, and has come when its moment is there")
    func ends() {
        #expect(ending(week + 1) == .valid([]))
        #expect(ending(week) == .valid(.expiring))
        #expect(ending(1) == .valid(.expiring))
        #expect(ending(0) == .expired)
        #expect(ending(-1) == .expired)
    }

    @Test("a management key is one whatever else is said about it")
    func management() {
        let found = classed {
            $0.isManagement = true
            $0.expiresAt = now
            $0.hasLimitLeft = false
        }
        #expect(found == .management)
    }

    @Test("only what can serve nobody is refused, each class under a code of its own")
    func refusals() {
        let classes: [KeyClass] = [.valid([]), .limited, .expired, .management, .rejected, .unreachable]
        #expect(classes.map(\.refusal) == [nil, nil, .keyExpired, .managementKey, .keyRejected, nil])
        #expect(
            classes.map(\.word) == ["valid", "limited", "expired", "management", "rejected", "unreachable"])
    }

    @Test(
        "every key is counted in one class, and of valid ones what they have and of how many accounts they are"
    )
    func tally() {
        var tally = KeyTally()
        tally.count(.valid([]), of: "user_a")
        tally.count(.valid([.freeTier, .spent]), of: "user_a")
        tally.count(.valid(.expiring), of: "user_b")
        tally.count(.valid([]), of: nil)
        for other in [KeyClass.limited, .expired, .management, .rejected, .unreachable] {
            tally.count(other, of: "user_c")
        }
        tally.countDuplicate()
        var wanted = ImportChecks()
        (wanted.valid, wanted.accounts) = (4, 2)
        (wanted.freeTier, wanted.spent, wanted.expiring) = (1, 1, 1)
        (wanted.limited, wanted.expired, wanted.management) = (1, 1, 1)
        (wanted.rejected, wanted.unreachable, wanted.duplicates) = (1, 1, 1)
        #expect(tally.checks == wanted)
    }

    @Test("however many accounts there are, only so many are kept in mind")
    func bounded() {
        var tally = KeyTally()
        for number in 0..<(KeyTally.accountsKept + 10) { tally.count(.valid([]), of: "user_\(number)") }
        tally.count(.valid([]), of: "user_0")
        #expect(tally.checks.accounts == KeyTally.accountsKept)
        #expect(tally.checks.valid == KeyTally.accountsKept + 11)
    }
}
