/// A model as the control API shows it.
public struct ModelOfferView: Codable, Sendable {
    public var id: String
    public var name: String
    /// What stands before the slash of the id.
    public var provider: String
    /// Tokens of a prompt and its answer together; absent where nobody said.
    public var context: Int64?
    /// The most tokens of one answer.
    public var longestAnswer: Int64?
    /// Known to cost nothing.
    public var free: Bool
    public var prices: PricesView
    /// From this many tokens of a prompt on, other prices hold.
    public var longFrom: Int64?
    /// The most that those can be; absent where there are none.
    public var longPrices: PricesView?
    /// The prices are an operator's (`upstream.prices`), not the upstream's.
    public var overridden: Bool
    /// When the upstream said so, RFC 3339.
    public var asOf: String

    public init(_ model: ModelOffer, asOf: WallTime) {
        id = model.id
        name = model.name
        provider = model.provider
        context = model.context
        longestAnswer = model.longestAnswer
        free = model.isFree
        prices = PricesView(model.prices)
        longFrom = model.longFrom
        longPrices = model.longFrom.map { _ in PricesView(model.dearestLong) }
        overridden = model.isOverridden
        self.asOf = asOf.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, provider, context, free, prices, overridden
        case longestAnswer = "longest_answer"
        case longFrom = "long_from"
        case longPrices = "long_prices"
        case asOf = "as_of"
    }
}

/// Prices in USD, as decimal strings; absent: unknown.
public struct PricesView: Codable, Sendable, Equatable {
    /// Of a million tokens, as are the four that follow.
    public var prompt: String?
    public var completion: String?
    public var cachedRead: String?
    public var cacheWrite: String?
    public var reasoning: String?
    /// Of one.
    public var request: String?
    public var image: String?

    public init(_ prices: TokenPrices) {
        prompt = prices.prompt.perMillion?.decimal
        completion = prices.completion.perMillion?.decimal
        cachedRead = prices.cachedRead.perMillion?.decimal
        cacheWrite = prices.cacheWrite.perMillion?.decimal
        reasoning = prices.reasoning.perMillion?.decimal
        request = prices.request.isKnown ? Money(pico: prices.request.pico).decimal : nil
        image = prices.image.isKnown ? Money(pico: prices.image.pico).decimal : nil
    }

    private enum CodingKeys: String, CodingKey {
        case prompt, completion, reasoning, request, image
        case cachedRead = "cached_read"
        case cacheWrite = "cache_write"
    }
}
