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
        self.asOf = asOf.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, provider, context, free, prices
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

/// How fresh what is known about models is.
public struct ModelCacheView: Codable, Sendable {
    public var hasData: Bool
    public var models: Int
    /// Elements of the upstream's list that could not be read.
    public var unread: Int
    /// When the upstream said so; absent: it never was asked, or never
    /// answered.
    public var fetchedAt: String?
    public var ageSeconds: Int64?
    /// After this it is asked again; 0: only when somebody wants it.
    public var ttlSeconds: Int64
    /// There is something, and it is no older than that.
    public var valid: Bool
    /// Why the last asking failed; absent when it did not.
    public var failure: String?

    public init(
        models: Int, unread: Int, fetchedAt: WallTime?, ttlSeconds: Int64, failure: String?, at now: WallTime
    ) {
        hasData = fetchedAt != nil
        self.models = models
        self.unread = unread
        self.fetchedAt = fetchedAt?.rfc3339
        ageSeconds = fetchedAt.map { max(0, now.milliseconds(since: $0)) / 1000 }
        self.ttlSeconds = ttlSeconds
        valid = ageSeconds.map { ttlSeconds == 0 || $0 <= ttlSeconds } ?? false
        self.failure = failure
    }

    private enum CodingKeys: String, CodingKey {
        case models, unread, valid, failure
        case hasData = "has_data"
        case fetchedAt = "fetched_at"
        case ageSeconds = "age_seconds"
        case ttlSeconds = "ttl_seconds"
    }
}
