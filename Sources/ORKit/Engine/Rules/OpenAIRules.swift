extension Rule {
    /// OpenAI's own meanings, and those of the many that speak like it: a quota
    /// is money and comes under several statuses; rates are limited for an
    /// organization and one model.
    static let openAI = [
        Rule("openai-quota", .account, .creditsOut, .rotate) {
            $0.status == 402
                || [400, 403, 429].contains($0.status)
                    && ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"].contains(
                        $0.type)
        },
        Rule("openai-rate", .modelAtAccount, .rateLimited, .rotate) {
            $0.status == 429 && ["rate_limit_exceeded", "requests", "tokens"].contains($0.type)
        },
    ]
}
