/// An upstream's answer as rules see it: the places where upstreams are known
/// to put things (openrouter-api.md 5.1, 5.2, 12.12), looked at once.
struct Reading: Sendable {
    let status: Int
    let dialect: Dialect
    let now: WallTime
    let isFreeClass: Bool
    let message: String
    /// The canonical type, else a word for a code, else the envelope's type.
    let type: String
    let limitSource: String
    let reason: String
    /// `error.availability.code`
    let availability: String
    let budgetScope: String
    let providerName: String?
    let raw: String?
    let isBYOK: Bool
    let isModeration: Bool
    let isGuardrailBlock: Bool
    /// Something came that is not JSON: an edge's page or text.
    let isPage: Bool
    let hasRetryAfter: Bool
    /// The times stated are a reset's: only a limiter's own answers have one.
    let hasResetTime: Bool
    let end: StatedEnd?
    let account: String?

    init(_ answer: UpstreamAnswer, at now: Now) {
        let body = JSONValue(prefix: answer.body)
        if case .object = body {
            self.init(answer, body: body, at: now)
        } else {
            self.init(answer, body: nil, at: now)
        }
    }

    /// - Parameter body: the body, if it is an object of JSON.
    init(_ answer: UpstreamAnswer, body: JSONValue?, at now: Now) {
        let error = body?["error"]
        // OpenRouter's marks mean nothing in another's mouth.
        let marked = answer.dialect == .openRouter ? body : nil
        let metadata = marked?["error"]?["metadata"] ?? marked?["metadata"]
        let availability = marked?["error"]?["availability"] ?? metadata?["availability"]
        status = answer.status
        dialect = answer.dialect
        self.now = now.wall
        isFreeClass = Ask(client: .anonymous, model: answer.model).isFreeClass
        isPage = body == nil && answer.body.firstPrintable != nil
        let message =
            isPage ? Self.page(answer.body) : Self.text(error?["message"], error, body?["message"])
        self.message = message
        type = Self.type(error: error, metadata: metadata, body: body)
        limitSource = Self.text(metadata?["limit_source"], marked?["error"]?["limit_source"])
        reason = Self.text(metadata?["reason"], marked?["error"]?["reason"])
        self.availability = availability?["code"]?.string ?? ""
        budgetScope = metadata?["scope"]?.string ?? ""
        providerName = metadata?["provider_name"]?.string
        raw = metadata?["raw"]?.string
        isBYOK = metadata?["is_byok"]?.bool ?? false
        isModeration = metadata?["reasons"].map { !$0.isNull } ?? false
        isGuardrailBlock = metadata?["patterns"].map { !$0.isNull } ?? false
        let places: [StatedEnd.Place]
        switch answer.dialect {
        case .openRouter: places = StatedEnd.Place.openRouter(answer, error: error, metadata: metadata)
        case .openAI: places = StatedEnd.Place.openAI(answer, message: message, at: now.wall)
        case .anthropic: places = StatedEnd.Place.anthropic(answer, message: message, at: now.wall)
        }
        end = StatedEnd(in: places, at: now.wall)
        hasRetryAfter = answer.field("retry-after") != nil
        hasResetTime = places.contains { $0.name == "X-RateLimit-Reset" && $0.text != nil }
        account = Self.account(answer, body)
    }

    /// The first that is a string; empty if none is.
    private static func text(_ places: JSONValue?...) -> String {
        places.lazy.compactMap { $0?.string }.first ?? ""
    }

    private static func type(error: JSONValue?, metadata: JSONValue?, body: JSONValue?) -> String {
        let code = error?["code"]?.string.flatMap { Int64($0) == nil ? $0 : nil }
        let canonical = text(metadata?["error_type"], error?["error_type"], body?["error_type"])
        return canonical.isEmpty ? code ?? text(error?["type"]) : canonical
    }

    /// Of a page nothing but that it is one; the words of a text.
    private static func page(_ body: [UInt8]) -> String {
        body.firstPrintable == UInt8(ascii: "<")
            ? "a page" : String(decoding: body.prefix(400), as: UTF8.self)
    }

    private static func account(_ answer: UpstreamAnswer, _ body: JSONValue?) -> String? {
        let name: String?
        switch answer.dialect {
        case .openRouter: name = body?["user_id"]?.string
        case .openAI: name = answer.field("openai-organization")
        case .anthropic: name = answer.field("anthropic-organization-id")
        }
        return name.flatMap(Evidence.identifier)
    }

    /// OpenRouter passes on what a provider said, or chose among providers: not
    /// the key's doing.
    var isFromProvider: Bool {
        providerName != nil || raw != nil || !availability.isEmpty || limitSource.hasPrefix("upstream_")
            || message == "Provider returned error"
    }

    /// How many tokens the money left would buy, where a 402 says so. Nil: it
    /// does not say.
    var affordableTokens: Int64? {
        message.number(after: "can only afford ")
            ?? message.number(after: "Prompt tokens limit exceeded: ", part: " > ")
    }

    /// The 402 names the page where a key's own limit is set.
    var isAboutKeySettings: Bool {
        message.contains("settings/keys") || limitSource == "openrouter_key_limit"
    }
}
