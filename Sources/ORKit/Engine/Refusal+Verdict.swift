extension Refusal {
    /// What the caller is told when an upstream's failure is the last word:
    /// our own code, never the upstream's 401 or 402 (ruling 11), and a time
    /// only if the upstream stated one that another key would not undercut.
    init(_ verdict: Verdict, at now: WallTime) {
        let (code, status) = Self.words(for: verdict)
        var wait: Int64?
        if let stated = verdict.statedUntil, [.modelAtProvider, .provider, .network].contains(verdict.scope) {
            wait = max(1000, stated.milliseconds(since: now))
        }
        self.init(code: code, retryAfterMilliseconds: wait, status: status)
    }

    private static func words(for verdict: Verdict) -> (ErrorCode, Int) {
        switch verdict.cause {
        case .rateLimited: (.upstreamRateLimited, 429)
        case .creditsOut, .inFlightBudget: (.accountCreditsOut, 503)
        case .keyLimit: (.keyLimitReached, 503)
        case .rejected: (.keyRejected, 503)
        case .slow: (.upstreamSlow, 504)
        case .truncated: (.upstreamTruncated, 502)
        case .unreachable:
            (verdict.rule == Rule.addressRefused ? .upstreamAddressRefused : .upstreamUnreachable, 502)
        case .malformed: (verdict.rule == Rule.redirect ? .upstreamRedirect : .upstreamProtocol, 502)
        case .upstreamError: (.upstreamError, verdict.rule == Rule.overloaded ? 503 : 502)
        case .ok, .badRequest, .edge, .quotaSpent, .budgetSpent: (.upstreamError, 502)
        }
    }
}
