extension Rule {
    /// Anthropic's own meanings: rates are limited for an organization and one
    /// model; two of its 400s are about money.
    static let anthropic = [
        Rule("anthropic-spend-limit", .account, .creditsOut, .rotate) {
            $0.status == 400 && $0.message.hasPrefix("You have reached your specified")
        },
        Rule("anthropic-credits", .account, .creditsOut, .rotate) {
            $0.status == 402 || $0.status == 400 && $0.message.contains("credit balance is too low")
        },
        Rule("anthropic-rate", .modelAtAccount, .rateLimited, .rotate) {
            $0.status == 429 && $0.type == "rate_limit_error"
        },
    ]
}
