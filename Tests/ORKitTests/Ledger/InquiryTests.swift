import Testing

@testable import ORKit

@Suite("What the upstream is asked afterwards")
struct InquiryTests {
    private static func settlement(
        _ quality: UsageQuality = .estimated, end: RequestEnd = .complete, user: Int64 = 7,
        prompt: Int64 = 0, charged: Int64 = 0, key: Int64? = 3, generation: String? = "gen-1-a"
    ) -> Posting {
        var usage = Usage()
        usage.prompt = prompt
        usage.total = prompt
        return .settle(
            Settlement(
                request: RequestID(raw: 1), user: UserID(user), client: ClientID(2),
                key: key.map { KeyID($0) },
                model: "a/b", end: end, usage: usage, quality: quality, held: 100, charged: charged,
                generation: generation))
    }

    private static func known(_ prompt: Int64, _ completion: Int64) -> Usage {
        var usage = Usage()
        (usage.prompt, usage.completion, usage.total) = (prompt, completion, prompt + completion)
        usage.cost = Money(pico: 5)
        return usage
    }

    @Test("asked is about what is estimated or unknown, where key and generation are known")
    func whatIsMissing() {
        #expect(Inquiry(Self.settlement(.estimated)) != nil && Inquiry(Self.settlement(.unknown)) != nil)
        for quality in [UsageQuality.none, .exact, .reconciled] {
            #expect(Inquiry(Self.settlement(quality)) == nil)
        }
        #expect(Inquiry(Self.settlement(key: nil)) == nil && Inquiry(Self.settlement(generation: nil)) == nil)
        #expect(Inquiry(.sent(RequestID(raw: 1), KeyID(3), generation: "gen-1-a")) == nil)
    }

    @Test("an id that would mean something in a path is not asked about")
    func ids() {
        for id in ["", "a&b", "a b", "../key", "a\r\nb", "gen/1", String(repeating: "a", count: 129)] {
            #expect(Inquiry(Self.settlement(generation: id)) == nil, "\(id)")
        }
        #expect(Inquiry(Self.settlement(generation: "gen-1795356186-s7M5RxZ4ZWeyIZOGUSAS")) != nil)
    }

    @Test("a correction makes the sum of both what the upstream says")
    func sums() throws {
        let posting = Self.settlement(prompt: 40, charged: 40)
        let inquiry = try #require(Inquiry(posting))
        let correction = inquiry.correction(Self.known(8, 17))
        #expect(correction.usage.prompt == -32 && correction.usage.completion == 17)
        #expect(correction.usage.cost == Money(pico: 5) && correction.charged == -15)
        #expect(correction.was == .estimated && correction.quality == .reconciled)
        var tally = UsageTally()
        let at = WallTime(milliseconds: 0)
        tally.add(posting, at: at)
        tally.add(.correct(correction), at: at)
        for subject in [UsageSubject.user(UserID(7)), .client(ClientID(2)), .key(KeyID(3)), .model("a/b")] {
            let sum = try #require(tally.sums[.init(subject, hour: 0)])
            #expect(sum.requests == 1 && sum.tokens == 25 && sum.cost == Money(pico: 5))
            #expect(sum.credits == 25 && sum.estimated == 0 && sum.unknown == 0)
        }
    }

    @Test("a request of which nothing was known is counted with its model when something is")
    func unknownModel() throws {
        let posting = Self.settlement(.unknown, end: .clientGone)
        let correction = try #require(Inquiry(posting)).correction(Self.known(8, 17))
        var tally = UsageTally()
        tally.add(posting, at: WallTime(milliseconds: 0))
        #expect(tally.sums[.init(.model("a/b"), hour: 0)] == nil)
        tally.add(.correct(correction), at: WallTime(milliseconds: 0))
        let model = try #require(tally.sums[.init(.model("a/b"), hour: 0)])
        #expect(model.requests == 1 && model.unknown == 0 && model.tokens == 25)
        #expect(tally.sums[.init(.client(ClientID(2)), hour: 0)]?.unknown == 0)
    }

    @Test("charged is what was answered or left; what failed, or died with us, stays free")
    func charges() throws {
        func charged(_ posting: Posting) throws -> Int64 {
            try #require(Inquiry(posting)).correction(Self.known(8, 17)).charged
        }
        #expect(try charged(Self.settlement(.unknown, end: .clientGone)) == 25)
        #expect(try charged(Self.settlement(.estimated, end: .stalled, charged: 30)) == -5)
        #expect(try charged(Self.settlement(.estimated, end: .truncated, charged: 30)) == -5)
        for end in [RequestEnd.interrupted, .refused, .truncated, .complete] {
            #expect(try charged(Self.settlement(.unknown, end: end)) == 0)
        }
        #expect(try charged(Self.settlement(.unknown, end: .clientGone, user: UserID.house.raw)) == 0)
    }

    @Test("pauses grow to ten minutes; who is not known in that time never is, who is out of reach has a day")
    func pauses() {
        let minute: Int64 = 60_000
        #expect(
            (1...4).map { Inquiry.pause(after: .notFound, tries: $0, age: 0) } == [2000, 4000, 8000, 16000])
        #expect(Inquiry.pause(after: .unavailable, tries: 900, age: 0) == 10 * minute)
        #expect(Inquiry.pause(after: .notFound, tries: 9, age: 10 * minute) == nil)
        #expect(Inquiry.pause(after: .unavailable, tries: 9, age: 10 * minute) != nil)
        #expect(Inquiry.pause(after: .unavailable, tries: 9, age: 24 * 60 * minute) == nil)
        #expect(Inquiry.pause(after: .known(Usage()), tries: 1, age: 0) == nil)
    }
}
