internal import ORKit

extension Listing<ModelOfferView> {
    static let models = Listing(
        noun: "models", schema: "ork.models/1",
        columns: [
            Column("model") { $0.id },
            Column("context", number: true, text: { row, _ in Cell(row.context.map { Human.count($0) }) }) {
                $0.context.map(String.init)
            },
            Column(
                "longest-answer", number: true,
                text: { row, _ in Cell(row.longestAnswer.map { Human.count($0) }) },
                value: { $0.longestAnswer.map(String.init) }),
            .price("prompt") { $0.prices.prompt }, .price("completion") { $0.prices.completion },
            .price("cached-read") { $0.prices.cachedRead },
            Column("name", .wide) { $0.name },
            Column("provider", .wide) { $0.provider },
            Column("free", .wide) { $0.free ? "yes" : "no" },
            .price("cache-write", .wide) { $0.prices.cacheWrite },
            .price("reasoning", .wide) { $0.prices.reasoning },
            .price("request", .wide) { $0.prices.request }, .price("image", .wide) { $0.prices.image },
            Column(
                "long-from", .wide, number: true,
                text: { row, _ in Cell(row.longFrom.map { Human.count($0) }) }
            ) {
                $0.longFrom.map(String.init)
            },
            Column("overridden", .wide) { $0.overridden ? "yes" : "no" },
            Column("as-of", .wide, text: { Cell($1.ago($0.asOf)) }, value: { $0.asOf }),
            .price("long-prompt", .detail) { $0.longPrices?.prompt },
            .price("long-completion", .detail) { $0.longPrices?.completion },
        ],
        name: { $0.id })
}

extension Listing<ModelProviderView> {
    static let modelProviders = Listing(
        noun: "providers", schema: "ork.models.providers/1",
        columns: [
            Column("provider") { $0.name },
            Column("models", number: true) { String($0.models) },
            Column("free", number: true) { String($0.free) },
            Column("priced", number: true) { String($0.priced) },
            Column("cheapest") { $0.cheapest },
            .price("prompt") { $0.cheapestPrices?.prompt },
            .price("completion") { $0.cheapestPrices?.completion },
            Column("largest") { $0.largest },
            Column(
                "context", number: true, text: { row, _ in Cell(row.largestContext.map { Human.count($0) }) }
            ) {
                $0.largestContext.map(String.init)
            },
        ],
        name: { $0.name })
}

extension Listing<ModelCacheView> {
    static let modelCache = Listing(
        noun: "models", schema: "ork.models.cache/1",
        columns: [
            Column(
                "state", text: { row, _ in Cell(row.state, row.valid ? .good : .warning) },
                value: { $0.state }),
            Column("models", number: true) { String($0.models) },
            Column("unread", number: true) { String($0.unread) },
            Column("fetched-at", text: { Cell($1.ago($0.fetchedAt)) }, value: { $0.fetchedAt }),
            Column("age", text: { row, _ in Cell(row.ageSeconds.map { Human.span($0 * 1000) }) }) {
                $0.ageSeconds.map(String.init)
            },
            Column(
                "ttl",
                text: { row, _ in Cell(row.ttlSeconds == 0 ? "none" : Human.span(row.ttlSeconds * 1000)) }
            ) {
                String($0.ttlSeconds)
            },
            Column("failure") { $0.failure },
        ],
        name: { $0.state })
}

extension ModelCacheView {
    fileprivate var state: String { valid ? "valid" : hasData ? "stale" : "empty" }
}

extension Column {
    /// In full for people too: cents are too coarse for what a token costs.
    fileprivate static func price(
        _ name: String, _ level: Level = .table, _ amount: @escaping @Sendable (Row) -> String?
    ) -> Column {
        Column(
            name, level, number: true, text: { row, _ in Cell(amount(row).map { "$" + $0 }) }, value: amount)
    }
}
