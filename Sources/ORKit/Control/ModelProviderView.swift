/// The models of one provider taken together.
public struct ModelProviderView: Codable, Sendable {
    public var name: String
    public var models: Int
    /// Of these, how many are known to cost nothing.
    public var free: Int
    /// And of how many the price of a token is known.
    public var priced: Int
    /// The one whose token in and token out cost least together, of those that
    /// cost anything; absent where there is none.
    public var cheapest: String?
    public var cheapestPrices: PricesView?
    /// The one with the longest context.
    public var largest: String?
    public var largestContext: Int64?

    /// - Parameter models: its models; the first of equals is named.
    public init(name: String, models: [ModelOffer]) {
        self.name = name
        self.models = models.count
        free = models.count(where: \.isFree)
        priced = models.count(where: \.isPriced)
        let cheapest = models.filter { $0.isPriced && !$0.isFree }.min { Self.sum($0) < Self.sum($1) }
        self.cheapest = cheapest?.id
        cheapestPrices = cheapest.map { PricesView($0.prices) }
        let longest = models.reduce(ModelOffer?.none) { best, one in
            one.context ?? 0 > best?.context ?? 0 ? one : best
        }
        largest = longest?.id
        largestContext = longest?.context
    }

    private static func sum(_ model: ModelOffer) -> Money {
        Money(pico: model.prices.prompt.pico).addingClamped(Money(pico: model.prices.completion.pico))
    }

    private enum CodingKeys: String, CodingKey {
        case name, models, free, priced, cheapest, largest
        case cheapestPrices = "cheapest_prices"
        case largestContext = "largest_context"
    }
}
