import ORKit

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
