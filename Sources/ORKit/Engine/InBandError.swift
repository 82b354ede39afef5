/// An error that travels inside a 200, in any of the skins' shapes
/// (openrouter-api.md 3.1, 4.2, 4.4, 4.5), as the HTTP answer it would have
/// been.
struct InBandError: Sendable {
    let status: Int
    /// The body of that answer.
    let envelope: JSONValue

    init?(_ body: JSONValue) {
        guard let error = Self.error(in: body) else { return nil }
        var members = [JSONValue.Member(name: "error", value: error)]
        for name in ["user_id", "metadata", "error_type"] {
            if let value = body[name] ?? body["response"]?[name] {
                members.append(.init(name: name, value: value))
            }
        }
        envelope = .object(members)
        status = Self.status(of: error, in: envelope)
    }

    private static func error(in body: JSONValue) -> JSONValue? {
        let places = [body["error"], body["choices"]?.first?["error"], body["response"]?["error"]]
        if let found = places.compactMap({ $0 }).first(where: isError) { return found }
        // The Responses skin's `error` event carries its members at the top.
        return body["type"]?.string == "error" && body["message"] != nil ? body : nil
    }

    private static func isError(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .string(let text): !text.isEmpty
        case .null, .bool, .number, .array: false
        }
    }

    private static func status(of error: JSONValue, in envelope: JSONValue) -> Int {
        for place in [error["code"], error["http_status"], error["status"]] {
            if let code = place?.integer, (400..<600).contains(code) { return Int(code) }
        }
        let words = [
            error["metadata"]?["error_type"], error["error_type"], envelope["error_type"], error["code"],
            error["type"],
        ]
        return words.lazy.compactMap { $0?.string.flatMap(status(named:)) }.first ?? 500
    }

    /// The canonical types, Anthropic's and OpenAI's names (5.1, 5.2).
    private static func status(named word: String) -> Int? {
        switch word {
        case "rate_limit_exceeded", "rate_limit_error", "insufficient_quota": 429
        case "authentication", "authentication_error", "invalid_api_key": 401
        case "payment_required", "billing_error": 402
        case "permission_denied", "permission_error": 403
        case "not_found", "not_found_error", "image_not_found", "model_not_found": 404
        case "payload_too_large", "request_too_large": 413
        case "unprocessable": 422
        case "provider_unavailable": 502
        case "provider_overloaded", "overloaded_error": 503
        case "timeout", "timeout_error": 504
        case "invalid_request", "invalid_request_error", "invalid_prompt", "context_length_exceeded",
            "max_tokens_exceeded", "token_limit_exceeded", "string_too_long", "content_policy_violation",
            "refusal",
            "image_content_policy_violation", "invalid_image", "image_too_large", "image_too_small",
            "unsupported_image_format", "image_download_failed", "precondition_failed":
            400
        case "server", "server_error", "unmapped", "api_error": 500
        default: nil
        }
    }
}
