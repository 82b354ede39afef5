import Testing

@testable import ORKit

@Suite("Limits of users and client keys")
struct LimitsTests {
    @Test(
        "each kind refuses what is one too many, names itself and says when to come back",
        arguments: [
            (LimitKind.requestsPerMinute, Int64(60_000)), (.requestsPerHour, 3_600_000),
            (.requestsPerDay, 43_200_000), (.burst, 1000),
        ])
    func requests(kind: LimitKind, length: Int64) throws {
        var desk = LimitsDesk()
        desk.bound([kind: 3])
        #expect(desk.ask(times: 3) == 3)
        let refusal = try refused(&desk)
        #expect(refusal.kind == kind && refusal.limit == 3 && refusal.left == 0)
        #expect(refusal.text == "the client's limit of 3 \(kind.text) is used up")
        guard case .milliseconds(let wait) = refusal.wait else {
            Issue.record("no time")
            return
        }
        #expect(kind == .requestsPerDay ? wait == length : (length...length + length / 20).contains(wait))
        desk.pass(milliseconds: wait - 1)
        #expect(desk.ask() != nil)
        desk.pass(milliseconds: 1)
        #expect(desk.ask() == nil)
    }

    @Test(
        "tokens are reserved, and counted as what they turned out to be",
        arguments: [LimitKind.tokensPerMinute, .tokensPerHour, .tokensPerDay])
    func tokens(kind: LimitKind) throws {
        var desk = LimitsDesk()
        desk.bound([kind: 100])
        guard case .admitted(let lease, let notice) = admit(&desk, tokens: 80) else {
            Issue.record("not admitted")
            return
        }
        #expect(notice.told?.left == 20)
        let refusal = try refused(&desk, tokens: 30)
        #expect(
            refusal.text
                == "the client's limit of 100 \(kind.text) has only 20 left, less than this request may need")
        desk.limits.end(lease, tokens: 10, at: desk.now)
        #expect(desk.used(kind) == 10)
        #expect(desk.ask(tokens: 90) == nil)
        let large = try refused(&desk, tokens: 101)
        #expect(large.wait == .never && large.text.hasSuffix("is less than this request alone needs"))
        #expect(desk.ask(tokens: 0) == nil)
    }

    @Test("tokens beyond what was reserved count, and nobody's knowledge leaves the reservation")
    func corrections() {
        var desk = LimitsDesk()
        desk.bound([.tokensPerMinute: 100])
        for (actual, used) in [(Int64(70), Int64(70)), (nil, 90)] {
            guard case .admitted(let lease, _) = admit(&desk, tokens: 20) else {
                Issue.record("not admitted")
                return
            }
            desk.limits.end(lease, tokens: actual, at: desk.now)
            #expect(desk.used(.tokensPerMinute) == used)
        }
        desk.pass(milliseconds: 61_000)
        #expect(desk.used(.tokensPerMinute) == 0)
    }

    @Test("so many at the same time; each that ends makes room for one")
    func concurrency() {
        var desk = LimitsDesk()
        desk.bound([.concurrency: 2])
        for _ in 0..<3 {
            guard case .admitted(let lease, _) = admit(&desk), desk.ask() == nil else {
                Issue.record("no room")
                return
            }
            let refusal = desk.ask()
            #expect(refusal?.kind == .concurrency && refusal?.wait == .unknown)
            desk.limits.end(lease, tokens: nil, at: desk.now)
            #expect(desk.limits.standing(of: .client(LimitsDesk.client), at: desk.now)?.underWay == 1)
            desk.bound([:])
            desk.bound([.concurrency: 2])
        }
    }

    @Test("a limit that was taken away and came back does not count what began before")
    func olderLeases() {
        var desk = LimitsDesk()
        desk.bound([.concurrency: 2])
        guard case .admitted(let old, _) = admit(&desk) else {
            Issue.record("no room")
            return
        }
        desk.bound([:])
        desk.bound([.concurrency: 1])
        #expect(desk.ask() == nil)
        desk.limits.end(old, tokens: nil, at: desk.now)
        #expect(desk.ask()?.kind == .concurrency)
    }

    @Test("a request is admitted by its user and its client, or counts nowhere")
    func both() {
        var desk = LimitsDesk()
        let (user, sibling) = (LimitsDesk.user, ClientID(8))
        desk.bound([.requestsPerMinute: 2])
        desk.limits.set(LimitRecord([.requestsPerMinute: 60, .tokensPerMinute: 50]), for: .user(user))
        #expect(desk.ask(times: 3, user: user) == 2)
        #expect(desk.used(.requestsPerMinute, of: .user(user)) == 2)
        #expect(desk.ask(times: 3, user: user, client: sibling) == 3)
        #expect(desk.ask(user: user, client: sibling, tokens: 51)?.subject == .user(user))
        desk.pass(milliseconds: 61_000)
        #expect(desk.ask(user: user, tokens: 51)?.wait == .never)
        #expect(desk.used(.requestsPerMinute) == 0)
    }

    @Test("of several windows the one is named that lasts longest, and coming back then is of use")
    func several() {
        var desk = LimitsDesk()
        desk.bound([.requestsPerMinute: 2, .requestsPerHour: 2, .burst: 2])
        #expect(desk.ask(times: 2) == 2)
        #expect(desk.ask()?.kind == .requestsPerHour)
    }

    @Test("a limit that only reports refuses nothing, and tells what it would have refused")
    func shadow() {
        var desk = LimitsDesk()
        desk.bound([.requestsPerMinute: 2], shadow: true)
        #expect(desk.ask(times: 2) == 2)
        guard case .admitted(_, let notice) = admit(&desk) else {
            Issue.record("refused")
            return
        }
        #expect(notice.over?.kind == .requestsPerMinute && notice.over?.isShadow == true)
        #expect(notice.told == nil)
        #expect(desk.limits.standing(of: .client(LimitsDesk.client), at: desk.now)?.refused == 1)
    }

    @Test("a user of whom nothing was said has the six numbers of all users; the house has none")
    func standard() {
        var desk = LimitsDesk(standard: .ofUsers)
        let numbers = LimitKind.allCases.prefix(6).map { desk.limits.record(of: .user(LimitsDesk.user))?[$0] }
        #expect(numbers == [60, 1000, 10_000, 10_000, 100_000, 1_000_000])
        #expect(desk.ask(times: 70, user: LimitsDesk.user) == 60)
        #expect(desk.ask(times: 70) == 70)
        desk.limits.set(LimitRecord(), for: .user(LimitsDesk.user))
        #expect(desk.ask(times: 70, user: LimitsDesk.user) == 70)
        desk.limits.remove(.user(LimitsDesk.user))
        #expect(desk.ask(times: 70, user: LimitsDesk.user) == 60)
    }

    @Test("users do not take from each other")
    func users() {
        var desk = LimitsDesk()
        for user in 1...300 as ClosedRange<Int64> {
            desk.limits.set(LimitRecord([.requestsPerHour: user]), for: .user(UserID(user)))
        }
        for _ in 0..<10 {
            for user in 1...300 as ClosedRange<Int64> {
                for _ in 0..<35 { _ = desk.ask(user: UserID(user), client: ClientID(1)) }
            }
        }
        for user in 1...300 as ClosedRange<Int64> {
            #expect(desk.used(.requestsPerHour, of: .user(UserID(user))) == user)
        }
    }

    @Test("another number leaves what was used; a window that is new begins empty")
    func changes() {
        var desk = LimitsDesk()
        desk.bound([.requestsPerMinute: 5])
        #expect(desk.ask(times: 5) == 5)
        desk.bound([.requestsPerMinute: 7, .requestsPerDay: 9])
        #expect(desk.ask(times: 5) == 2)
        #expect(desk.used(.requestsPerDay) == 2)
        desk.bound([.requestsPerMinute: 1])
        #expect(desk.ask() != nil)
        desk.bound([:])
        #expect(desk.limits.isEmpty && desk.ask(times: 50) == 50)
    }

    @Test("no number overflows, however large the requests and however long it only reports")
    func largest() {
        var desk = LimitsDesk()
        desk.bound([.tokensPerDay: LimitRecord.most, .tokensPerMinute: LimitRecord.most], shadow: true)
        for _ in 0..<10_000 { #expect(desk.ask(tokens: .max) == nil) }
        desk.now = Now(monotonic: .max, wall: WallTime(milliseconds: .max))
        #expect(desk.ask(tokens: .min) == nil)
        desk.now = Now(monotonic: .min, wall: WallTime(milliseconds: .min))
        #expect(desk.ask(tokens: 1) == nil)
        #expect(LimitRecord([.burst: 0, .concurrency: -1, .requestsPerDay: .max]).isEmpty)
    }

    private func admit(_ desk: inout LimitsDesk, tokens: Int64 = 0) -> LimitAdmission {
        desk.limits.admit(client: LimitsDesk.client, tokens: tokens, at: desk.now)
    }

    private func refused(_ desk: inout LimitsDesk, tokens: Int64 = 0) throws -> LimitRefusal {
        let refusal = desk.ask(tokens: tokens)
        return try #require(refusal)
    }
}
