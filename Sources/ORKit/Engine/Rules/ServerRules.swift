extension Rule {
    /// Failures behind the upstream's door (5.3), in every dialect: every key
    /// may hear them, one key alone rarely.
    static let server = [
        Rule("408-timeout", .modelAtProvider, .slow, .retry) { $0.status == 408 },
        Rule("500-internal", .modelAtProvider, .upstreamError, .retry) { $0.status == 500 },
        Rule("502-provider", .modelAtProvider, .upstreamError, .retry) { $0.status == 502 },
        Rule(Rule.overloaded, .modelAtProvider, .upstreamError, .retry) {
            $0.status == 503 || $0.status == 529
        },
        Rule("504-timeout", .modelAtProvider, .slow, .retry) { $0.status == 504 },
        Rule("5xx-other", .modelAtProvider, .upstreamError, .retry) { $0.status >= 500 && $0.status < 600 },
    ]
}
