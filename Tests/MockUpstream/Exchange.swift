/// One request with everything that an answer to it can depend on.
public struct Exchange: Sendable {
    public var request: RecordedRequest
    public var skin: Skin
    /// Path below the API's prefix; nil outside it.
    public var route: String?
    /// The body, if it is JSON.
    public var body: JSON?
    /// The account of the key; nil for an unknown key.
    public var account: Account?
    /// `gen-…`, this answer's own.
    public var generation: String
    /// Seconds since 1970.
    public var created: Int64
    /// Which provider the upstream's router chose.
    public var provider: String
    /// Whether that provider has seen this conversation before.
    public var warm: Bool
    public var options: MockOpenRouter.Options

    public var model: String { request.model ?? options.defaultModel }
    public var wantsStream: Bool { request.stream }
}

/// The dialects of inference.
public enum Skin: Sendable, CaseIterable {
    case chat, completions, responses, messages, embeddings, other

    init(route: String?) {
        switch route {
        case "/chat/completions": self = .chat
        case "/completions": self = .completions
        case "/responses": self = .responses
        case "/messages": self = .messages
        case "/embeddings": self = .embeddings
        default: self = .other
        }
    }
}
