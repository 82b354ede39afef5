/// Which class a path belongs to: OpenRouter's endpoints as listed in
/// openrouter-api.md 1.1 to 1.3, and their OpenAI and Anthropic relatives.
enum PathClasses {
    /// First segments below `/v1` that are the pool owner's affairs. Compared
    /// without case: an upstream that ignores case must not be reached round
    /// this list.
    private static let account: Set<String> = [
        "key", "keys", "auth", "oauth", "credits", "activity", "analytics", "byok", "guardrails",
        "workspaces",
        "presets", "observability", "organization", "scim", "external-users", "private-endpoints", "vault",
    ]

    /// Names below `/api/v1` that are management (rulings 28 and 35;
    /// `providers` is the catalogue for a client key).
    private static let reserved: Set<String> = ["keys", "policies", "state", "requests", "budgets", "quotas"]

    private static let inference: Set<String> = [
        "chat/completions", "completions", "responses", "messages", "messages/count_tokens", "embeddings",
        "rerank",
        "images", "images/generations", "audio/speech", "audio/transcriptions", "audio/translations",
        "systemone",
    ]

    private static let catalogue: Set<String> = [
        "models", "models/count", "models/user", "providers", "endpoints/zdr", "embeddings/models",
        "images/models",
        "videos/models", "benchmarks", "classifications/task",
    ]

    /// First segments of catalogue paths that carry a model's name.
    private static let catalogueTrees: Set<String> = ["models", "model", "parameters", "datasets"]

    /// First segments below which everything belongs to one client.
    private static let object: Set<String> = ["generation", "files", "batches", "videos", "responses"]

    static func isReserved(_ tail: UnsafeRawBufferPointer) -> Bool {
        reserved.contains(firstSegment(text(tail)).lowercased())
    }

    /// - Parameter tail: what follows `/v1`: empty, or begins with `/`.
    static func classify(_ method: RequestMethod, _ tail: UnsafeRawBufferPointer) -> (PathClass, Skin) {
        let path = text(tail)
        let first = firstSegment(path)
        return (pathClass(method, path, first), skin(path, first))
    }

    private static func pathClass(_ method: RequestMethod, _ path: String, _ first: String) -> PathClass {
        if account.contains(first.lowercased()) { return .account }
        let reads = method == .get || method == .head || method == .options
        let runs = method == .post || method == .options
        if runs, inference.contains(path) { return .inference }
        if reads, catalogue.contains(path) { return .catalogue }
        if reads, path.hasPrefix("images/models/") { return .catalogue }
        if reads, catalogueTrees.contains(first), path.utf8.count > first.utf8.count + 1 { return .catalogue }
        if path == "responses" { return .other }
        if object.contains(first) { return .object }
        if path.hasPrefix("messages/batches") || path.hasPrefix("chat/completions/") { return .object }
        return .other
    }

    private static func skin(_ path: String, _ first: String) -> Skin {
        switch first {
        case "chat": .chat
        case "completions": .completions
        case "responses": .responses
        case "messages": .messages
        case "embeddings": path == "embeddings" ? .embeddings : .models
        case "models", "model": .models
        default: .other
        }
    }

    private static func text(_ tail: UnsafeRawBufferPointer) -> String {
        String(decoding: tail.dropFirst(), as: UTF8.self)
    }

    private static func firstSegment(_ path: String) -> String {
        String(path.prefix { $0 != "/" })
    }
}
