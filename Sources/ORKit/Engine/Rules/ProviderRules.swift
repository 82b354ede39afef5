extension Rule {
    /// A provider behind OpenRouter spoke (6.2, 6.7 3): the key is healthy.
    static let provider = [
        // The operator's own credential at a provider belongs to the account; other accounts have others.
        Rule("429-byok", .modelAtAccount, .rateLimited, .rotate) { $0.status == 429 && $0.isBYOK },
        Rule("402-byok", .modelAtAccount, .creditsOut, .rotate) { $0.status == 402 && $0.isBYOK },
        // Capacity is pooled over all users of OpenRouter: every key hears the same.
        Rule("429-upstream", .modelAtProvider, .rateLimited, .giveUp) {
            $0.status == 429 && $0.isFromProvider
        },
        Rule("401-upstream", .modelAtProvider, .upstreamError, .retry) {
            $0.status == 401 && $0.isFromProvider
        },
        Rule("402-upstream", .modelAtProvider, .upstreamError, .retry) {
            $0.status == 402 && $0.isFromProvider && !$0.limitSource.hasPrefix("openrouter_")
        },
        Rule("403-region", .request, .badRequest, .relay) {
            $0.status == 403 && $0.availability == "region_restricted"
        },
        Rule("403-upstream", .modelAtProvider, .badRequest, .relay) {
            $0.status == 403 && $0.isFromProvider && !$0.limitSource.hasPrefix("openrouter_")
        },
    ]
}
