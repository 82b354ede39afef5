import Testing

@testable import ORKit

@Suite("Cost beside its estimate")
struct ComparedCostTests {
    private static let start = WallTime(milliseconds: 1_795_219_200_000)
    private let table: PriceTable

    init() {
        var model = ModelOffer(id: "v/m")
        // A millionth of a dollar a token, and two.
        model.prices.prompt = Price(pico: 1_000_000)
        model.prices.cachedRead = Price(pico: 1)
        model.prices.cacheWrite = model.prices.prompt
        model.prices.completion = Price(pico: 2_000_000)
        model.prices.reasoning = model.prices.completion
        (model.dearest, model.dearestLong) = (model.prices, model.prices)
        var free = ModelOffer(id: "v/free")
        free.prices = TokenPrices(numbers: [0, 0, 0, 0, 0, 0, 0]) ?? TokenPrices()
        table = PriceTable([model, free, ModelOffer(id: "v/unpriced")])
    }

    private func view(
        _ prompt: Int64, _ completion: Int64, cost: Int64?, model: String = "v/m", listedAfter: Int64 = -1
    ) -> ComparedCostView? {
        var usage = Usage()
        (usage.prompt, usage.completion, usage.cached) = (prompt, completion, prompt)
        usage.cost = cost.map { Money(pico: $0) }
        return ComparedCostView(
            table, asOf: Self.start.advanced(byMilliseconds: listedAfter), model: model, usage: usage,
            startedAt: Self.start)
    }

    @Test("the error is the actual cost less the estimate, its share is of the estimate")
    func error() throws {
        let dearer = try #require(view(100, 50, cost: 250_000_000))
        #expect(dearer.estimate == "0.0002" && dearer.actual == "0.00025" && dearer.currency == "USD")
        #expect(dearer.error == "0.00005" && dearer.errorPercent == "25.00")
        let cheaper = try #require(view(100, 50, cost: 199_990_000))
        #expect(cheaper.error == "-0.00000001" && cheaper.errorPercent == "0.00")
        let less = try #require(view(100, 50, cost: 188_000_000))
        #expect(less.errorPercent == "-6.00")
        let none = try #require(view(100, 50, cost: 0))
        #expect(none.error == "-0.0002" && none.errorPercent == "-100.00")
    }

    @Test("what was not stated is not compared, and of nothing there is no share")
    func absent() throws {
        let open = try #require(view(100, 50, cost: nil))
        #expect(open.actual == nil && open.error == nil && open.errorPercent == nil)
        let free = try #require(view(100, 50, cost: 7, model: "v/free"))
        #expect(free.estimate == "0.00" && free.error == "0.000000000007" && free.errorPercent == nil)
        #expect(view(0, 0, cost: 7) == nil)
        #expect(view(1, 1, cost: 7, model: "v/unpriced") == nil && view(1, 1, cost: 7, model: "v/x") == nil)
    }

    @Test("a list that is younger than the request says so")
    func later() throws {
        for (age, isLater) in [(Int64(-1), false), (0, false), (1, true)] {
            let found = try #require(view(1, 1, cost: 1, listedAfter: age))
            #expect(found.pricesAreLater == isLater)
        }
    }

    @Test("no sum is too large to be compared", arguments: [Int64.min, -1, 0, 1, .max])
    func large(cost: Int64) throws {
        for tokens in [Int64(1), 1_000_000_000, .max] { _ = view(tokens, tokens, cost: cost) }
        let found = try #require(view(4_000_000_000_000, 0, cost: .max))
        #expect(found.estimate == "4000000.00" && found.errorPercent == "130.58")
    }
}
