extension Rule {
    /// The request itself was refused for what it says (6.6, 4 and 5): passed
    /// on, never tried elsewhere.
    static let contentRefusals = [
        Rule("403-moderation", .request, .badRequest, .relay) { $0.status == 403 && $0.isModeration },
        Rule("403-guardrail", .request, .badRequest, .relay) { $0.status == 403 && $0.isGuardrailBlock },
    ]

    /// Everything else that another key would hear as well (5.3), in every
    /// dialect.
    static let request = [
        Rule("400-bad-request", .request, .badRequest, .relay) { $0.status == 400 },
        Rule("403-other", .request, .badRequest, .relay) { $0.status == 403 },
        Rule("404-not-found", .request, .badRequest, .relay) { $0.status == 404 },
        Rule("413-too-large", .request, .badRequest, .relay) { $0.status == 413 },
        Rule("422-unprocessable", .request, .badRequest, .relay) { $0.status == 422 },
        Rule("4xx-other", .request, .badRequest, .relay) { (400..<500).contains($0.status) },
        Rule(Rule.redirect, .provider, .malformed, .giveUp) { (300..<400).contains($0.status) },
    ]
}
