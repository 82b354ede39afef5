/// An upstream's answer as rules see it: the places where OpenRouter is known
/// to put things (openrouter-api.md 5.1, 5.2, 12.12), looked at once.
struct Reading: Sendable {
    let status: Int
    let now: WallTime
    let isFreeClass: Bool
    let message: String
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
    let hasResetTime: Bool
    let statedUntil: WallTime?
    let account: String?

    init(_ answer: UpstreamAnswer, at now: Now) {
        let body = JSONValue(prefix: answer.body)
        let isObject = body.map { if case .object = $0 { true } else { false } } ?? false
        let isEmpty = answer.body.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        self.init(
            status: answer.status, body: isObject ? body : nil, isPage: !isEmpty && !isObject,
            retryAfter: answer.retryAfter, reset: answer.rateLimitReset, model: answer.model, at: now)
    }

    init(
        status: Int, body: JSONValue?, isPage: Bool, retryAfter: String?, reset: String?, model: String?,
        at now: Now
    ) {
        let error = body?["error"]
        let metadata = error?["metadata"] ?? body?["metadata"]
        let availability = error?["availability"] ?? metadata?["availability"]
        self.status = status
        self.now = now.wall
        isFreeClass = Ask(client: .anonymous, model: model).isFreeClass
        message = Self.text(error?["message"], error, body?["message"])
        limitSource = Self.text(metadata?["limit_source"], error?["limit_source"])
        reason = Self.text(metadata?["reason"], error?["reason"])
        self.availability = availability?["code"]?.string ?? ""
        budgetScope = metadata?["scope"]?.string ?? ""
        providerName = metadata?["provider_name"]?.string
        raw = metadata?["raw"]?.string
        isBYOK = metadata?["is_byok"]?.bool ?? false
        isModeration = metadata?["reasons"].map { !$0.isNull } ?? false
        isGuardrailBlock = metadata?["patterns"].map { !$0.isNull } ?? false
        self.isPage = isPage
        hasRetryAfter = retryAfter != nil
        let headers = metadata?["headers"]
        let resetText = reset ?? headers?.caseless("X-RateLimit-Reset")?.scalar
        hasResetTime = resetText != nil
        statedUntil = Self.statedEnd(
            retryAfter: retryAfter ?? headers?.caseless("Retry-After")?.scalar, reset: resetText,
            error: error,
            metadata: metadata, availability: availability, at: now.wall)
        account = body?["user_id"]?.string.flatMap(Evidence.identifier)
    }

    /// The first that is a string; empty if none is.
    private static func text(_ places: JSONValue?...) -> String {
        places.lazy.compactMap { $0?.string }.first ?? ""
    }

    /// `Retry-After`, then the reset header, then the body (K-12); the first
    /// that can be read.
    private static func statedEnd(
        retryAfter: String?, reset: String?, error: JSONValue?, metadata: JSONValue?,
        availability: JSONValue?,
        at now: WallTime
    ) -> WallTime? {
        if let end = retryAfter.flatMap({ StatedTime.retryAfter($0, at: now) }) { return end }
        if let end = reset.flatMap({ StatedTime.reset($0, at: now) }) { return end }
        for wait in [
            metadata?["retry_after_seconds_raw"], metadata?["retry_after_seconds"],
            availability?["retry_after"],
            error?["retry_after"],
        ] {
            if let end = wait?.scalar.flatMap({ StatedTime.retryAfter($0, at: now) }) { return end }
        }
        for date in [metadata?["resets_at"], error?["resets_at"]] {
            if let end = date?.scalar.flatMap({ StatedTime.reset($0, at: now) }) { return end }
        }
        return nil
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

extension JSONValue {
    /// The first member of that name, whatever its capitals.
    fileprivate func caseless(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension String {
    /// The whole number that follows a phrase, or a phrase and a later part.
    fileprivate func number(after phrase: String, part: String? = nil) -> Int64? {
        guard var rest = remainder(after: phrase) else { return nil }
        if let part {
            guard let later = String(rest).remainder(after: part) else { return nil }
            rest = later
        }
        let sign = rest.hasPrefix("-") ? "-" : ""
        let digits = rest.dropFirst(sign.count).prefix { $0.isASCII && ($0.isNumber || $0 == ",") }
        return Int64(sign + digits.filter { $0 != "," })
    }

    private func remainder(after phrase: String) -> String? {
        let bytes = Array(utf8)
        let wanted = Array(phrase.utf8)
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where bytes[start...].starts(with: wanted) {
            return String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
        }
        return nil
    }
}
