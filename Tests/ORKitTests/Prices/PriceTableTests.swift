import Testing

@testable import ORKit

@Suite("Table of prices")
struct PriceTableTests {
    /// Prices in micro-dollars a token, so that sums can be done by hand.
    private static func model(_ id: String, _ prompt: Int64, _ completion: Int64) -> ModelOffer {
        var model = ModelOffer(id: id)
        let (input, output) = (dollars(prompt), dollars(completion))
        (model.prices.prompt, model.prices.cachedRead, model.prices.cacheWrite) = (input, input, input)
        (model.prices.completion, model.prices.reasoning) = (output, output)
        (model.dearest, model.dearestLong) = (model.prices, model.prices)
        return model
    }

    private static func dollars(_ millionths: Int64) -> Price { Price(pico: millionths * micro) }

    /// One that prices everything apart, and long prompts otherwise.
    private static var cached: ModelOffer {
        var model = model("v/cached", 10, 50)
        model.prices.cachedRead = dollars(1)
        model.prices.cacheWrite = dollars(12)
        model.prices.reasoning = dollars(70)
        model.prices.request = dollars(100)
        model.prices.image = dollars(1000)
        model.dearest = model.prices
        model.dearestLong = model.prices
        model.dearestLong.prompt = dollars(20)
        model.longestAnswer = 10
        model.longFrom = 5000
        return model
    }

    private static let micro: Int64 = 1_000_000
    private let table: PriceTable

    init() {
        var cheap = Self.model("v/cheap", 1, 2)
        cheap.longestAnswer = 100
        var dear = Self.model("v/dear", 10, 5)
        dear.context = 1000
        dear.slug = "v/dear-2026"
        var free = Self.model("v/cheap:free", 0, 0)
        free.longestAnswer = 1000
        var router = Self.model("openrouter/auto", 1, 1)
        router.prices.prompt = .unknown
        router.dearest.prompt = .unknown
        table = PriceTable([cheap, dear, free, Self.cached, router, Self.model("v/endless", 1, 1)])
    }

    private func usage(
        _ prompt: Int64, _ completion: Int64, cached: Int64 = 0, write: Int64 = 0, reasoning: Int64 = 0
    )
        -> Usage
    {
        var usage = Usage()
        (usage.prompt, usage.completion, usage.cached) = (prompt, completion, cached)
        (usage.cacheWrite, usage.reasoning) = (write, reasoning)
        return usage
    }

    private func money(_ millionths: Int64) -> Money { Money(pico: millionths * Self.micro) }

    @Test(
        "a name finds its model: the exact one first, then without the suffix of a route",
        arguments: [
            ("v/cheap", "v/cheap"), ("v/cheap:free", "v/cheap:free"), ("v/cheap:nitro", "v/cheap"),
            ("v/cheap:floor", "v/cheap"), ("v/cheap:exacto", "v/cheap"), ("v/cheap:batch", "v/cheap"),
            ("v/cheap:free:nitro", "v/cheap:free"), ("v/dear-2026", "v/dear"),
            ("v/dear-2026:nitro", "v/dear"),
            ("v/dear:free", nil), ("v/dear:thinking", nil), ("v/dear:extended", nil), ("v/cheap:online", nil),
            ("v/cheap:nitro:online", nil), ("v/cheap:", nil), (":nitro", nil), ("", nil), ("V/cheap", nil),
            ("@preset/x", nil), ("v/cheap:nitro:nitro:nitro", nil), ("nosuch/m", nil),
        ] as [(String, String?)])
    func names(name: String, id: String?) {
        #expect(table[name]?.id == id)
    }

    @Test("a slug never hides the id of another model")
    func slugs() {
        var other = Self.model("v/other", 1, 1)
        other.slug = "v/cheap"
        #expect(PriceTable([other, Self.model("v/cheap", 2, 2)])["v/cheap"]?.id == "v/cheap")
    }

    @Test("an answer costs what each class costs, and no token is counted twice")
    func estimate() {
        #expect(table.estimate(usage(100, 10), model: "v/cheap") == money(120))
        // 10 plain, 60 read, 30 written; 30 said, 20 thought; one request, two images.
        let all = usage(100, 50, cached: 60, write: 30, reasoning: 20)
        let parts: [Int64] = [100, 60, 360, 1500, 1400, 100, 2000]
        #expect(table.estimate(all, model: "v/cached", images: 2) == money(parts.reduce(0, +)))
        let apart = usage(100, 50, cached: 60, reasoning: 20)
        #expect(table.estimate(apart, model: "v/cheap") == money(200))
        #expect(table.estimate(usage(100, 100), model: "v/cheap:free") == .zero)
    }

    @Test("a long prompt is estimated at what long ones cost")
    func long() {
        #expect(table.estimate(usage(4999, 0), model: "v/cached") == money(50_090))
        #expect(table.estimate(usage(5000, 0), model: "v/cached") == money(100_100))
    }

    @Test("an unknown model or price gives no estimate, unless it is not needed; nor does what does not fit")
    func noEstimate() {
        #expect(table.estimate(usage(1, 1), model: "nosuch/m") == nil)
        #expect(table.estimate(usage(1, 1), model: "openrouter/auto") == nil)
        #expect(table.estimate(usage(0, 3), model: "openrouter/auto") == money(3))
        #expect(table.estimate(usage(.max, 0), model: "v/cheap") == nil)
        // Each part fits, the sum does not.
        let half = Int64.max / Self.micro
        #expect(table.estimate(usage(half, 0), model: "v/cheap") != nil)
        #expect(table.estimate(usage(half, half / 2), model: "v/cheap") == nil)
    }

    @Test("the worst case takes the caller's bound, else the model's, else its context, times n")
    func worst() {
        func worst(_ bound: RequestBound, _ model: String) -> WorstCase? {
            table.worstCase(of: bound, models: [model])
        }
        var bound = RequestBound(prompt: 50, completion: 7)
        #expect(worst(bound, "v/cheap") == WorstCase(tokens: 57, cost: money(64)))
        bound.answers = 3
        #expect(worst(bound, "v/cheap") == WorstCase(tokens: 171, cost: money(192)))
        bound.answers = 0
        #expect(worst(bound, "v/cheap")?.tokens == 57)
        #expect(worst(RequestBound(prompt: 50), "v/cheap")?.tokens == 150)
        #expect(worst(RequestBound(prompt: 50), "v/dear")?.tokens == 1050)
        #expect(worst(RequestBound(prompt: 50), "v/cheap:free")?.cost == .zero)
        // The dearest class of the prompt, 600, and of the answer, 700, a request, an image.
        bound = RequestBound(prompt: 50, completion: 10)
        bound.images = 1
        #expect(worst(bound, "v/cached")?.cost == money(2400))
        let long = RequestBound(prompt: 5000, completion: 0)
        #expect(worst(long, "v/cached")?.cost == money(100_100))
    }

    @Test("of several models the dearest counts, and the one that may say most")
    func several() {
        let worst = table.worstCase(of: RequestBound(prompt: 1), models: ["v/cheap:free", "v/cheap"])
        #expect(worst == WorstCase(tokens: 1001, cost: money(201)))
    }

    @Test("an operator's price holds in place of the list's for all classes and lengths, for no other model")
    func overridden() throws {
        let word = try #require(PriceOverride("v/cached=3/4"))
        let other = try #require(PriceOverride("nosuch/m=1/1"))
        let stated = PriceTable(table.models, overrides: [word, other])
        let long = usage(9000, 100, cached: 5000, write: 100, reasoning: 50)
        // 27 000, 400, and the 100 of the request, in millionths.
        #expect(stated.estimate(long, model: "v/cached") == Money(pico: 27_500 * Self.micro))
        let worst = stated.worstCase(of: RequestBound(prompt: 9000, completion: 10), models: ["v/cached"])
        #expect(worst?.cost == Money(pico: 27_140 * Self.micro))
        #expect(stated["v/cached"]?.isOverridden == true && stated["v/cached"]?.longestAnswer == 10)
        #expect(stated.models.filter(\.isOverridden).count == 1 && stated["nosuch/m"] == nil)
        #expect(stated["v/dear"] == table["v/dear"] && table["v/cached"]?.isOverridden == false)
    }

    @Test("there is no bound where anything has none")
    func none() {
        func worst(_ bound: RequestBound, _ models: [String]) -> WorstCase? {
            table.worstCase(of: bound, models: models)
        }
        let bound = RequestBound(prompt: 1, completion: 1)
        #expect(worst(bound, []) == nil && worst(bound, ["nosuch/m"]) == nil)
        #expect(worst(bound, ["v/cheap", "nosuch/m"]) == nil && worst(bound, ["openrouter/auto"]) == nil)
        #expect(worst(RequestBound(prompt: nil, completion: 1), ["v/cheap"]) == nil)
        #expect(worst(RequestBound(prompt: 1), ["v/endless"]) == nil)
        #expect(worst(RequestBound(prompt: -1, completion: 1), ["v/cheap"]) == nil)
        #expect(worst(RequestBound(prompt: 1, completion: -1), ["v/cheap"]) == nil)
        #expect(worst(RequestBound(prompt: .max, completion: 1), ["v/cheap"]) == nil)
        var many = bound
        many.answers = .max
        #expect(worst(many, ["v/cheap"]) == nil)
        #expect(worst(RequestBound(prompt: .max, completion: 1), ["v/cheap:free"]) == nil)
    }

    @Test("no answer within the bounds costs more than the worst case, whatever its classes")
    func bounds() throws {
        var dice = Dice(seed: 73)
        let models = ["v/cheap", "v/dear", "v/cached", "v/cheap:free"]
        for _ in 0..<5000 {
            let bound = RequestBound(
                prompt: Int64.random(in: 0...9000, using: &dice),
                completion: Int64.random(in: 0...500, using: &dice))
            let worst = try #require(table.worstCase(of: bound, models: models))
            let answer = usage(
                Int64.random(in: 0...(bound.prompt ?? 0), using: &dice),
                Int64.random(in: 0...(bound.completion ?? 0), using: &dice),
                cached: Int64.random(in: 0...9000, using: &dice),
                write: Int64.random(in: 0...9000, using: &dice),
                reasoning: Int64.random(in: 0...500, using: &dice))
            let model = models[Int.random(in: 0..<models.count, using: &dice)]
            let cost = try #require(table.estimate(answer, model: model))
            #expect(cost <= worst.cost && answer.prompt + answer.completion <= worst.tokens)
        }
    }
}
