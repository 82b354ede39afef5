extension Rule {
    /// 429 of OpenRouter's own (6.1, 6.7 8 and 9).
    static let rates = [
        Rule(
            "429-free-tier-daily-text", .account, .rateLimited, .rotate,
            impliedEnd: .nextDay
        ) { $0.status == 429 && $0.message.contains("free-models-per-day") },
        Rule(
            "429-free-tier-minute-text", .account, .rateLimited, .rotate,
            impliedEnd: .nextMinute
        ) { $0.status == 429 && $0.message.contains("free-models-") },
        // Only OpenRouter's own limits carry a reset time, and its only own limits are the free tier's.
        Rule("429-free-reset", .account, .rateLimited, .rotate) {
            $0.status == 429 && $0.hasResetTime && $0.isFreeClass
        },
    ]

    /// A 429 that does not say whose limit it is, in every dialect.
    static let plainRates = [
        Rule("429-timed", .modelAtKey, .rateLimited, .rotate) { $0.status == 429 && $0.end?.time != nil },
        Rule(Rule.bareLimit, .modelAtKey, .rateLimited, .rotate) { $0.status == 429 },
    ]
}
