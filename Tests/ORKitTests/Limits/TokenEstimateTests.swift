import Testing

@testable import ORKit

@Suite("Estimates of tokens")
struct TokenEstimateTests {
    private func estimate(_ body: String, rest: Int64 = 0, answer: Int64? = nil, answers: Int64? = nil)
        -> Int64
    {
        Array(body.utf8).withUnsafeBytes {
            TokenEstimate.of($0, rest: rest, answer: answer, answers: answers)
        }
    }

    @Test("four bytes of text are a token, and the answer is what the caller bounds it to")
    func text() {
        let text = String(repeating: "four ", count: 800)
        #expect(estimate(text, answer: 0) == 1001)
        #expect(estimate(text) == 2001)
        #expect(estimate(text, answer: 50, answers: 3) == 1151)
        #expect(estimate("", rest: 4000, answer: 0) == 1001)
    }

    @Test("an image is worth a thousand, however large it is")
    func media() {
        let image = "data:image/png;base64," + String(repeating: "iVBORw0KGgo/", count: 100_000)
        #expect((1000...1040).contains(estimate(#"{"url":"\#(image)","text":"what is it"}"#, answer: 0)))
        #expect(estimate(String(repeating: "a", count: 2048), answer: 0) == 513)
    }

    @Test(
        "wherever they stand, and between text; what is shorter than two thousand signs is text",
        arguments: 0...40)
    func places(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var (body, expected) = ("", Int64(0))
        for _ in 0..<6 {
            let words = Int.random(in: 30...900, using: &dice)
            body += String(repeating: "word, ", count: words)
            expected += Int64(words * 6)
            let isMedium = Bool.random(using: &dice)
            let signs = Int.random(in: isMedium ? 2200...9000 : 1...1900, using: &dice)
            body += String(repeating: "Q", count: signs)
            expected += isMedium ? 4000 : Int64(signs)
        }
        #expect(abs(estimate(body, answer: 0) - expected / 4) < 100)
    }

    @Test("no number overflows")
    func largest() {
        #expect(estimate("", rest: .max, answer: .max, answers: .max) == LimitRecord.most)
        #expect(estimate("", rest: .min, answer: .min, answers: .min) == 1)
    }
}
