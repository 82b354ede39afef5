/// Something that OpenRouter says no with: status, message and metadata of
/// the envelope (openrouter-api 5 and 6). Every skin wraps it in its own way.
public struct Trouble: Sendable {
    public var status: Int
    public var message: String
    public var type: String?
    public var metadata: [JSON.Member] = []
    public var headers: [(name: String, value: String)] = []
    /// Whether the body names the account.
    public var namesAccount = true

    public init(
        _ status: Int, _ message: String, type: String? = nil, metadata: [JSON.Member] = [],
        headers: [(name: String, value: String)] = [], namesAccount: Bool = true
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.metadata = metadata
        self.headers = headers
        self.namesAccount = namesAccount
    }

    public static let noCredential = Trouble(401, "Missing Authentication header", namesAccount: false)
    public static let userNotFound = Trouble(401, "User not found.", namesAccount: false)
    public static let managementOnly = Trouble(403, "Only management keys can perform this operation")

    public static let creditsOut = Trouble(
        402, "Insufficient credits. Add more using https://openrouter.ai/credits", type: "payment_required",
        metadata: [.init("limit_source", "openrouter_credits")])

    /// `word` is daily, weekly, monthly or total.
    public static func keySpent(_ word: String) -> Trouble {
        Trouble(
            403, "Key limit exceeded (\(word) limit). Manage it using https://openrouter.ai/settings/keys",
            namesAccount: false)
    }

    public static func keyTooSmall(_ word: String, wanted: Int, affordable: Int) -> Trouble {
        Trouble(
            402,
            "This request requires more credits, or fewer max_tokens. You requested up to \(wanted) tokens, but can "
                + "only afford \(affordable). To increase, visit https://openrouter.ai/settings/keys and create a key "
                + "with a higher \(word) limit",
            type: "payment_required",
            metadata: [.init("provider_name", nil), .init("limit_source", "openrouter_key_limit")])
    }

    public static func accountTooSmall(wanted: Int, affordable: Int) -> Trouble {
        Trouble(
            402,
            "This request requires more credits, or fewer max_tokens. You requested up to \(wanted) tokens, but can "
                + "only afford \(affordable). To increase, visit https://openrouter.ai/settings/credits and upgrade to "
                + "a paid account",
            type: "payment_required", metadata: [.init("provider_name", nil)])
    }

    public static func inFlightBudget(retryAfter seconds: Int) -> Trouble {
        Trouble(
            402, "Too much of your balance is held by running requests", type: "payment_required",
            metadata: [
                .init("reason", "in_flight_budget_exhausted"),
                .init("limit_source", "openrouter_in_flight_budget"),
            ], headers: [("Retry-After", String(seconds))])
    }

    /// The free tier's own limit. The reset is epoch milliseconds, as a
    /// string, always in the body and on request in real headers as well.
    public static func freeTier(perDay: Bool, limit: Int, reset: Int64, inHeaders: Bool = false) -> Trouble {
        let name = perDay ? (limit >= 1000 ? "per-day-high-balance" : "per-day") : "per-min"
        let headers = [
            ("X-RateLimit-Limit", String(limit)), ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", String(reset)),
        ]
        return Trouble(
            429, "Rate limit exceeded: free-models-\(name). ", type: "rate_limit_exceeded",
            metadata: [
                .init("headers", .object(headers.map { .init($0.0, .string($0.1)) })),
                .init(
                    "limit_source",
                    .string(perDay ? "openrouter_free_tier_daily" : "openrouter_free_tier_per_minute")),
                .init("remedy_hint", "Slow down"),
            ], headers: inHeaders ? headers.map { (name: $0.0, value: $0.1) } : [])
    }

    /// The provider's limit, the same for every key.
    public static func upstreamLimit(provider: String = "Mock", retryAfter seconds: Int? = nil) -> Trouble {
        var metadata: [JSON.Member] = [
            .init("raw", "the model is temporarily rate-limited upstream. Please retry shortly."),
            .init("provider_name", .string(provider)), .init("is_byok", false),
            .init("limit_source", "upstream_provider_shared_pool"),
        ]
        if let seconds { metadata.append(.init("retry_after_seconds", JSON(seconds))) }
        return Trouble(
            429, "Provider returned error", type: "rate_limit_exceeded", metadata: metadata,
            headers: seconds.map { [("Retry-After", String($0))] } ?? [])
    }

    /// The provider failed: 502, 503, 504, 524, 529.
    public static func providerDown(_ status: Int, provider: String = "Mock") -> Trouble {
        let type = [
            502: "provider_unavailable", 503: "provider_overloaded", 504: "timeout",
            529: "provider_overloaded",
        ]
        return Trouble(
            status, "Provider returned error", type: type[status] ?? "server",
            metadata: [.init("provider_name", .string(provider)), .init("raw", "upstream went away")])
    }

    public static let moderation = Trouble(
        403, "Your input was flagged", type: "permission_denied",
        metadata: [
            .init("reasons", ["violence"]), .init("flagged_input", "…"), .init("provider_name", "Mock"),
        ])

    public static let badModel = Trouble(400, "nosuch/model is not a valid model ID", type: "invalid_request")
}

extension Exchange {
    /// The refusal in this skin's envelope.
    public func refuse(_ trouble: Trouble) -> Answer {
        var answer = Answer(status: trouble.status, headers: trouble.headers, json: envelope(trouble))
        if account != nil, trouble.status != 401 { answer.headers.append(("X-Generation-Id", generation)) }
        return answer
    }

    func freeTier(perDay: Bool, limit: Int, reset: Int64) -> Answer {
        refuse(.freeTier(perDay: perDay, limit: limit, reset: reset, inHeaders: options.freeTierHeaders))
    }

    private func envelope(_ trouble: Trouble) -> JSON {
        var metadata = trouble.metadata
        if let type = trouble.type { metadata.insert(.init("error_type", .string(type)), at: 0) }
        guard skin == .messages else {
            var error: JSON = ["message": .string(trouble.message), "code": JSON(trouble.status)]
            if !metadata.isEmpty { error["metadata"] = .object(metadata) }
            var body: JSON = ["error": error]
            if trouble.namesAccount, let account { body["user_id"] = .string(account.id) }
            return body
        }
        var error: JSON = ["type": .string(trouble.anthropicType), "message": .string(trouble.message)]
        if let type = trouble.type { error["error_type"] = .string(type) }
        var body: JSON = [
            "type": "error", "error": error,
            "request_id": trouble.status == 401 ? .null : .string(generation),
        ]
        if !trouble.metadata.isEmpty { body["metadata"] = .object(trouble.metadata) }
        return body
    }
}

extension Trouble {
    /// Anthropic's word for the status.
    var anthropicType: String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        case 408, 504, 524: "timeout_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }
}
