import Testing

@testable import ORKit

@Suite("Prices")
struct PriceTests {
    @Test(
        "a price is read exactly, and what is below a pico-dollar is rounded up",
        arguments: [
            ("0", 0), ("-0.0", 0), ("0.00000015", 150_000), ("1.5e-7", 150_000), ("0.000000000001", 1),
            ("0.0000000000001", 1), ("1e-13", 1), ("0.0000000000019", 2),
            ("0.1000000000000", 100_000_000_000),
            ("1e-999", 1), ("10", 10_000_000_000_000), ("-1", -1), ("-0.5", -1), ("-1e-13", -1),
        ] as [(String, Int64)])
    func reads(text: String, pico: Int64) {
        #expect(Price(decimal: text)?.pico == pico)
    }

    @Test(
        "what is no number or does not fit is none",
        arguments: ["", "-", "free", "NaN", "1e19", "0x1", "1.", "99999999999999999999", "1 "])
    func refuses(text: String) {
        #expect(Price(decimal: text) == nil)
    }

    @Test("of none it is nothing, unknown is unknown, and too much is no amount")
    func times() {
        #expect(Price.unknown.times(0) == .zero && Price.unknown.times(1) == nil)
        #expect(Price(pico: 150_000).times(1_000_000) == Money(pico: 150_000_000_000))
        #expect(Price(pico: .max).times(1) == Money(pico: .max) && Price(pico: .max).times(2) == nil)
        #expect(Price(pico: -7) == .unknown)
        #expect(Price(pico: 150_000).perMillion?.decimal == "0.15" && Price.unknown.perMillion == nil)
    }

    @Test("unknown is higher than every price")
    func higher() {
        #expect(Price.free.orHigher(Price(pico: 3)) == Price(pico: 3))
        #expect(Price(pico: .max).orHigher(.unknown) == .unknown && Price.unknown.orHigher(.free) == .unknown)
    }

    @Test("tokens are in one class each, whatever the parts claim")
    func classes() {
        var usage = Usage()
        (usage.prompt, usage.cached, usage.cacheWrite) = (100, 60, 30)
        (usage.completion, usage.reasoning) = (50, 20)
        var tokens = TokenClasses(usage)
        #expect(tokens.prompt == 10 && tokens.cachedRead == 60 && tokens.cacheWrite == 30)
        #expect(tokens.completion == 30 && tokens.reasoning == 20)
        (usage.cached, usage.cacheWrite, usage.reasoning) = (80, .max, 51)
        tokens = TokenClasses(usage)
        #expect(tokens.prompt == 0 && tokens.cachedRead == 80 && tokens.cacheWrite == 20)
        #expect(tokens.completion == 0 && tokens.reasoning == 50)
        (usage.prompt, usage.cached, usage.completion, usage.reasoning) = (-5, -5, .min, .min)
        #expect(TokenClasses(usage) == TokenClasses())
    }

    @Test("the classes of random usage always add up to the wholes")
    func sums() {
        var dice = Dice(seed: 71)
        for _ in 0..<5000 {
            var usage = Usage()
            usage.prompt = Int64.random(in: 0...1000, using: &dice)
            usage.completion = Int64.random(in: 0...1000, using: &dice)
            usage.cached = Int64.random(in: -10...1500, using: &dice)
            usage.cacheWrite = Int64.random(in: -10...1500, using: &dice)
            usage.reasoning = Int64.random(in: -10...1500, using: &dice)
            let tokens = TokenClasses(usage)
            #expect(tokens.prompt + tokens.cachedRead + tokens.cacheWrite == usage.prompt)
            #expect(tokens.completion + tokens.reasoning == usage.completion)
            let all = [
                tokens.prompt, tokens.cachedRead, tokens.cacheWrite, tokens.completion, tokens.reasoning,
            ]
            #expect(all.allSatisfy { $0 >= 0 })
        }
    }

    @Test("prices are kept as numbers and come back")
    func numbers() {
        var prices = TokenPrices()
        (prices.prompt, prices.reasoning, prices.image) = (Price(pico: 1), Price(pico: 5), Price(pico: 7))
        #expect(prices.numbers == [1, -1, -1, -1, 5, 0, 7])
        #expect(TokenPrices(numbers: prices.numbers) == prices)
        #expect(TokenPrices(numbers: [1, 2]) == nil)
    }
}
