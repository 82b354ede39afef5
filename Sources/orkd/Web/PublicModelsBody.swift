import ORKit

/// How old an answer about models is.
struct PublicModelsAge {
    let timestamp: String
    let cachedAt: String?
    let seconds: Int64?
    /// It should have been asked for again by now, and could not be.
    let isStale: Bool

    init(_ cache: ModelCacheView, at now: WallTime) {
        timestamp = now.rfc3339
        cachedAt = cache.fetchedAt
        seconds = cache.ageSeconds
        isStale = !cache.valid
    }
}

/// The body of `/models`. The names inside a model are the upstream's.
struct PublicModelsBody: Encodable {
    var status = "success"
    var total: Int
    var models: [Model]
    var timestamp: String
    var cachedAt: String?
    var age: Int64?
    var stale: Bool

    struct Model: Encodable {
        var id: String
        var name: String
        var provider: String
        var context: Int64?
        /// USD a token, or each; `-1` is unknown.
        var pricing: [String: String]
        var top: Top

        struct Top: Encodable {
            var longestAnswer: Int64?

            private enum CodingKeys: String, CodingKey {
                case longestAnswer = "max_completion_tokens"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case id, name, provider, pricing
            case context = "context_length"
            case top = "top_provider"
        }
    }

    init(_ list: ModelList, age: PublicModelsAge) {
        models = list.table.models.map(Model.init)
        total = models.count
        timestamp = age.timestamp
        cachedAt = age.cachedAt
        self.age = age.seconds
        stale = age.isStale
    }

    private enum CodingKeys: String, CodingKey {
        case status, models, timestamp, stale
        case total = "total_models"
        case cachedAt = "cached_at"
        case age = "cache_age_seconds"
    }
}

extension PublicModelsBody.Model {
    init(_ model: ModelOffer) {
        id = model.id
        name = model.name
        provider = model.provider
        context = model.context
        top = Top(longestAnswer: model.longestAnswer)
        let prices = model.prices
        var named = [
            "prompt": prices.prompt, "completion": prices.completion, "request": prices.request,
            "image": prices.image,
        ]
        // What is not priced apart is not named apart.
        if prices.cachedRead != prices.prompt { named["input_cache_read"] = prices.cachedRead }
        if prices.cacheWrite != prices.prompt { named["input_cache_write"] = prices.cacheWrite }
        if prices.reasoning != prices.completion { named["internal_reasoning"] = prices.reasoning }
        pricing = named.mapValues { $0.isKnown ? Money(pico: $0.pico).decimal : "-1" }
    }
}

/// The body of `/models/providers`.
struct PublicProvidersBody: Encodable {
    var status = "success"
    var totalProviders: Int
    var totalModels: Int
    var suggested: Int
    /// Of how many it is known what a token costs.
    var priced: Int
    var providers: [String: Provider]
    var timestamp: String
    var cachedAt: String?
    var age: Int64?
    var stale: Bool

    struct Provider: Encodable {
        var name: String
        var models: Int
        var suggested: Int

        private enum CodingKeys: String, CodingKey {
            case name
            case models = "model_count"
            case suggested = "suggested_models"
        }
    }

    init(_ list: ModelList, age: PublicModelsAge) {
        let models = list.table.models
        providers = Dictionary(grouping: models, by: \.provider).reduce(into: [:]) { providers, group in
            providers[group.key] = Provider(
                name: group.key, models: group.value.count, suggested: group.value.count(where: \.isSuggested)
            )
        }
        totalProviders = providers.count
        totalModels = models.count
        suggested = models.count(where: \.isSuggested)
        priced = models.count(where: \.isPriced)
        timestamp = age.timestamp
        cachedAt = age.cachedAt
        self.age = age.seconds
        stale = age.isStale
    }

    private enum CodingKeys: String, CodingKey {
        case status, providers, timestamp, stale
        case totalProviders = "total_providers"
        case totalModels = "total_models"
        case suggested = "suggested_models"
        case priced = "pricing_available"
        case cachedAt = "cached_at"
        case age = "cache_age_seconds"
    }
}

extension ModelOffer {
    /// Everything is known of it that says what a request to it can cost.
    fileprivate var isSuggested: Bool { isPriced && context != nil }
}
