/// What requests came to, of one user, client, key, account, model,
/// environment, or day.
public struct UsageSumView: Codable, Sendable, Hashable {
    /// A name; of a day or an hour its beginning, RFC 3339, UTC.
    public var name: String
    /// Where it has one.
    public var id: Int64?
    /// The two parts of the name, where usage is told by user and model.
    public var user: String?
    public var model: String?
    public var requests: Int64
    /// Those that did not end complete.
    public var failed: Int64
    public var promptTokens: Int64
    public var completionTokens: Int64
    /// Parts of the prompt's tokens.
    public var cachedTokens: Int64
    public var cacheWriteTokens: Int64
    /// A part of the completion's tokens.
    public var reasoningTokens: Int64
    public var totalTokens: Int64
    /// What upstream accounts were debited, USD.
    public var cost: String
    /// The same, 10⁻¹² USD.
    public var costPico: Int64
    /// What users were charged.
    public var credits: Int64
    /// Requests whose numbers are computed here.
    public var estimated: Int64
    /// Requests that may have cost something, and nothing is known.
    public var unknown: Int64

    public init(name: String, id: Int64?, user: String? = nil, model: String? = nil, _ sum: UsageSum) {
        self.name = name
        self.id = id
        self.user = user
        self.model = model
        requests = sum.requests
        failed = sum.failed
        promptTokens = sum.prompt
        completionTokens = sum.completion
        cachedTokens = sum.cached
        cacheWriteTokens = sum.cacheWrite
        reasoningTokens = sum.reasoning
        totalTokens = sum.tokens
        cost = sum.cost.decimal
        costPico = sum.cost.pico
        credits = sum.credits
        estimated = sum.estimated
        unknown = sum.unknown
    }

    private enum CodingKeys: String, CodingKey {
        case name, id, user, model, requests, failed, cost, credits, estimated, unknown
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case cachedTokens = "cached_tokens"
        case cacheWriteTokens = "cache_write_tokens"
        case reasoningTokens = "reasoning_tokens"
        case totalTokens = "total_tokens"
        case costPico = "cost_pico_usd"
    }
}

/// By what usage is told.
public enum UsageGroup: String, Codable, Sendable, CaseIterable {
    case user, client, key, account, model, environment, day, hour
    /// Each model of each user.
    case userModel = "user,model"
}
