extension Exchange {
    /// What the upstream refuses before any provider sees the request; nil
    /// when the request may run.
    func refusal(by book: AccountBook, key: MockKey, now: Int64) -> Answer? {
        if model.hasSuffix(":free") {
            switch book.countFree(account: key.account, now: now) {
            case .fits: break
            case .minute(let limit, let reset): return freeTier(perDay: false, limit: limit, reset: reset)
            case .day(let limit, let reset): return freeTier(perDay: true, limit: limit, reset: reset)
            }
            guard let credits = account?.credits, credits < .zero else { return nil }
            return refuse(.creditsOut)
        }
        if let remaining = key.remaining {
            if remaining <= .zero { return refuse(.keySpent(key.limitWord)) }
            if let wanted = estimate, wanted > remaining {
                return refuse(
                    .keyTooSmall(key.limitWord, wanted: allowedTokens ?? 0, affordable: affordable(remaining))
                )
            }
        }
        if let credits = account?.credits {
            if credits <= .zero { return refuse(.creditsOut) }
            if let wanted = estimate, wanted > credits {
                return refuse(.accountTooSmall(wanted: allowedTokens ?? 0, affordable: affordable(credits)))
            }
        }
        if let estimate, !book.hold(estimate, account: key.account) {
            return refuse(.inFlightBudget(retryAfter: 1))
        }
        return nil
    }

    /// The output that the request allows; nil when it sets no bound.
    var allowedTokens: Int? {
        for name in ["max_completion_tokens", "max_tokens", "max_output_tokens"] {
            if let bound = body?[name]?.integer { return Int(clamping: min(max(bound, 0), 10_000_000)) }
        }
        return nil
    }

    /// The cost of the request if all the allowed output comes.
    var estimate: USD? {
        allowedTokens.map { options.promptPrice * promptTokens + options.completionPrice * $0 }
    }

    private func affordable(_ money: USD) -> Int {
        Int(
            max(
                0,
                (money.pico - (options.promptPrice * promptTokens).pico)
                    / max(1, options.completionPrice.pico)))
    }

    /// A token is four bytes of the body here.
    var promptTokens: Int { max(1, request.bodySize / 4) }

    /// Whatever makes two requests one conversation (openrouter-api 9.2).
    var conversation: String {
        if let session = body?["session_id"]?.text ?? request.value("x-session-id") { return "id:" + session }
        if let cache = body?["prompt_cache_key"]?.text { return "cache:" + cache }
        let messages = body?["messages"]?.elements ?? []
        let isSystem = { (message: JSON) in ["system", "developer"].contains(message["role"]?.text ?? "") }
        let opening = [messages.first(where: isSystem), messages.first { !isSystem($0) }]
        return "hash:" + opening.compactMap { $0?.encoded }.joined(separator: "\n")
    }
}
