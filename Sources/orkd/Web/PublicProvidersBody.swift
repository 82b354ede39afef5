import ORKit

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
