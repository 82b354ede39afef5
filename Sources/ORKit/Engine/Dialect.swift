/// In whose words an upstream speaks: which rules its answers are read by.
public enum Dialect: String, Sendable, CaseIterable {
    /// OpenRouter's envelope in each of its skins (openrouter-api.md 5, 6).
    case openRouter = "openrouter"
    /// OpenAI's errors and rate-limit headers, which many others copy.
    case openAI = "openai"
    /// Anthropic's errors and rate-limit headers.
    case anthropic
}
