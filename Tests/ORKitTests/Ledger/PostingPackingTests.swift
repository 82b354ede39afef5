import Testing

@testable import ORKit

@Suite("Packed postings")
struct PostingPackingTests {
    @Test("what was packed is read back as it was", arguments: 1...30)
    func roundTrip(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let postings = LedgerStory(steps: 200, &dice).postings
        #expect(Posting.unpack(Posting.pack(postings)) == postings)
        let joined = Posting.joined(postings)
        #expect(Posting.unpack(Posting.pack(joined)) == joined)
    }

    @Test("numbers at the edge of their range are kept")
    func edges() {
        var usage = Usage()
        usage.prompt = .max
        usage.completion = .min
        usage.cost = Money(pico: 0)
        let postings: [Posting] = [
            .correct(
                Correction(
                    request: RequestID(raw: .max), user: UserID(.min), client: ClientID(.max), key: nil,
                    model: "", usage: usage, quality: .reconciled, charged: .min)),
            .grow(RequestID(raw: 0), UserID(.max), credits: .max),
        ]
        #expect(Posting.unpack(Posting.pack(postings)) == postings)
    }

    @Test("bytes that are cut, or longer, or of another version are refused")
    func damage() {
        var dice = Dice(seed: 5)
        let bytes = Posting.pack(LedgerStory(steps: 60, &dice).postings)
        for count in 0..<bytes.count { #expect(Posting.unpack(Array(bytes.prefix(count))) == nil) }
        #expect(Posting.unpack(bytes + [0]) == nil)
        #expect(Posting.unpack([2] + bytes.dropFirst()) == nil)
    }

    @Test("a settled request takes less than 72 bytes when it came to the disk in one piece")
    func size() throws {
        let settlements = (0..<100).map { number in
            var usage = Usage()
            usage.prompt = 1200
            usage.completion = 300
            usage.total = 1500
            usage.cost = Money(pico: 30_000_000_000)
            return Posting.settle(
                Settlement(
                    request: RequestID(raw: 1_800_000_000_000 << 20 + UInt64(number) << 14), user: UserID(4),
                    client: ClientID(12), key: KeyID(77), model: "openai/gpt-4o-mini", end: .complete,
                    usage: usage, quality: .exact, held: 2000, charged: 1500, isWhole: true,
                    generation: "gen-1795356186-s7M5RxZ4ZWeyIZOGUSAS"))
        }
        #expect(Posting.pack(settlements).count / 100 < 72)
    }
}
