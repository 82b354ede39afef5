internal import ORKit

extension Listing<UsageSumView> {
    static let usage = Listing(
        noun: "usage", schema: "ork.usage/1",
        columns: [
            Column("name") { $0.name },
            count("requests") { $0.requests },
            count("failed") { $0.failed },
            count("prompt-tokens") { $0.promptTokens },
            count("completion-tokens") { $0.completionTokens },
            count("total-tokens") { $0.totalTokens },
            Column("cost", number: true) { $0.cost },
            count("credits") { $0.credits },
            count("cached-tokens", .wide) { $0.cachedTokens },
            count("cache-write-tokens", .wide) { $0.cacheWriteTokens },
            count("reasoning-tokens", .wide) { $0.reasoningTokens },
            count("estimated", .wide) { $0.estimated },
            count("unknown", .wide) { $0.unknown },
            Column("id", .wide, number: true) { $0.id.map { String($0) } },
            Column("user", .wide) { $0.user },
            Column("model", .wide) { $0.model },
        ],
        name: { $0.name })

    private static func count(
        _ name: String, _ level: Column<UsageSumView>.Level = .table,
        _ number: @escaping @Sendable (UsageSumView) -> Int64
    ) -> Column<UsageSumView> {
        Column(
            name, level, number: true, text: { row, _ in Cell(Human.count(number(row))) },
            value: { String(number($0)) })
    }
}
