import ORKit

/// The shape in which a caller's SDK expects an error.
enum ErrorDialect: Sendable {
    /// Chat, completions, embeddings, models and everything unknown (K-04).
    case openai
    /// Routes beside the proxy: the same, and S2's `detail` beside it (K-04).
    case gateway
    /// `/responses`: the OpenAI body; its own event inside a stream.
    case responses
    /// `/messages`.
    case anthropic

    /// The `type` word for a status: what the SDK of that dialect maps to its
    /// exception classes and people search for.
    func typeWord(status: Int) -> String {
        switch (self, status) {
        case (_, 401): "authentication_error"
        case (_, 402): self == .anthropic ? "billing_error" : "insufficient_quota"
        case (_, 403): "permission_error"
        case (_, 404): self == .anthropic ? "not_found_error" : "invalid_request_error"
        case (.anthropic, 413): "request_too_large"
        case (_, 429): "rate_limit_error"
        case (.anthropic, 503): "overloaded_error"
        case (_, 503): "service_unavailable_error"
        case (.anthropic, 504): "timeout_error"
        case (_, 400..<500): "invalid_request_error"
        default: "api_error"
        }
    }
}
