import ORKit

// What an operator allows the client: asked before the engine is, corrected and
// given back at the end.

extension ProxyExchange {
    /// What it may take of limits on tokens.
    var tokenEstimate: Int64 {
        guard gateway.box.boundsTokens, path.class == .inference, method == .post else { return 0 }
        return body.tokenEstimate
    }

    func refuse(_ refusal: LimitRefusal) {
        let wait: Int64? =
            switch refusal.wait {
            case .milliseconds(let time): time
            // Others end at any time.
            case .unknown: 1000
            case .never: nil
            }
        rateLimit = RateLimitFields(refusal, at: loop.now.wall)
        refuse(
            ErrorAnswer(
                .rateLimited, detail: refusal.text, retryAfterMilliseconds: wait))
    }

    /// Its place is free again; what it took is known, or never will be.
    func endLimits() {
        guard let lease = limitLease.take() else { return }
        let tokens: Int64? =
            if let usage = scanner.usage {
                max(usage.total, usage.prompt.addingReportingOverflow(usage.completion).partialValue)
            } else if attempts.contains(where: { $0.mayHaveRun }) {
                nil
            } else {
                0
            }
        gateway.box.end(lease, tokens: tokens, isPosted: ledger.isOpen, at: loop.now)
    }
}
