import Testing

@testable import ORKit

@Suite("What a request holds of its user's credits")
struct ClaimTests {
    private let alice = UserID(1)

    private func books(_ free: Int64) -> Books {
        var books = Books()
        books.load([alice: .init(free: free)])
        return books
    }

    private func claim(
        _ bytes: Int64 = 80, n: Int64? = nil, max: Int64? = nil, cap: Int64? = nil, stream: Bool = false
    ) -> Claim {
        Claim(bodyBytes: bytes, answers: n, maxTokens: max, modelCap: cap, isStream: stream)
    }

    @Test("of a model that nobody knows as much is held as models usually give, so that others may begin")
    func unknownModel() {
        let claim = Claim(bodyBytes: 100, answers: 2, maxTokens: nil, modelCap: nil, isStream: false)
        var books = Books()
        books.load([UserID(1): Books.Account(free: 600_000)])
        let held = 100 + 2 * Claim.usualAnswer
        #expect(books.admit(claim, of: UserID(1)) == .elastic(held))
        #expect(books.admit(claim, of: UserID(1)) == .elastic(held))
        #expect(books.admit(claim, of: UserID(1)) == .elastic(600_000 - 2 * held))
        #expect(books.admit(claim, of: UserID(1)) == .refused(required: claim.likelyPrompt, available: 0))
    }

    @Test("a stated bound holds in full, times the answers that are wanted, or the request is refused")
    func strict() {
        var books = books(1000)
        let first = books.admit(claim(n: 2, max: 300), of: alice)
        let second = books.admit(claim(n: 2, max: 300), of: alice)
        #expect(first == .strict(680) && second == .refused(required: 680, available: 320))
    }

    @Test("of what is asked and what the model can give the smaller counts")
    func smallerBound() {
        #expect(claim(max: 300, cap: 100).most == 180)
        #expect(claim(max: 300).most == 380 && claim(cap: 100).most == 180 && claim().most == nil)
    }

    @Test("of 200 strict requests on a balance worth one, one begins")
    func oneBegins() {
        var books = books(400)
        let begun = (0..<200).count { _ in books.admit(claim(max: 300), of: alice).credits > 0 }
        #expect(begun == 1)
    }

    @Test("without a bound it begins as long as something is left, and then holds all of it")
    func unbounded() {
        var books = books(25)
        let first = books.admit(claim(), of: alice)
        let second = books.admit(claim(), of: alice)
        #expect(first == .elastic(25) && second == .refused(required: 21, available: 0))
    }

    @Test("where the model's own cap is covered, an unbounded request is strict")
    func modelCap() {
        var books = books(1000)
        let covered = books.admit(claim(cap: 500), of: alice)
        let rest = books.admit(claim(cap: 500), of: alice)
        #expect(covered == .strict(580) && rest == .elastic(420))
    }

    @Test("a stream without a bound begins with a step, and leaves the rest to others")
    func stream() {
        var books = books(10_000)
        let held = books.admit(claim(stream: true), of: alice)
        #expect(held == .elastic(21 + Books.step))
        #expect(books[alice]?.free == 10_000 - 21 - Books.step)
    }

    @Test("absurd numbers hold nothing and trap nowhere", arguments: [Int64.max, .min, -1, 0])
    func absurd(number: Int64) {
        var books = books(100)
        for stream in [false, true] {
            let hold = books.admit(
                claim(number, n: number, max: number, cap: number, stream: stream), of: alice)
            #expect(hold.credits >= 0 && hold.credits <= 100)
        }
        let hold = books.admit(claim(number, n: number, max: .max, cap: nil), of: UserID(2))
        #expect(hold.credits == 0)
    }

    @Test("a stream's tokens are estimated by its events, and by what is longer than the smallest")
    func meter() {
        var meter = StreamMeter()
        for _ in 0..<10 { meter.note(bytes: 200, events: 1) }
        #expect(meter.tokens == 10)
        meter.note(bytes: 600, events: 1)
        #expect(meter.tokens == 11 + 100)
        meter.note(bytes: 400, events: 0)
        #expect(meter.tokens == 11 + 200)
    }
}
