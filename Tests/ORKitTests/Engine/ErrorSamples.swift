import Testing

@testable import ORKit

/// One answer as seen on the wire or documented (openrouter-api.md 5, 6), and
/// what it must mean.
struct ErrorSample: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: UpstreamAnswer
    var rule: String
    var scope: FailureScope
    var cause: Cause
    var remedy: Remedy
    /// RFC 3339; nil: nothing stated.
    var until: String?

    var testDescription: String { name }

    init(
        _ name: String, _ status: Int, _ body: String = "", type: String? = nil, retryAfter: String? = nil,
        reset: String? = nil, model: String? = "v/m", is rule: String, _ scope: FailureScope, _ cause: Cause,
        _ remedy: Remedy,
        until: String? = nil
    ) {
        self.name = name
        answer = UpstreamAnswer(
            status: status, retryAfter: retryAfter, rateLimitReset: reset, contentType: type,
            body: Array(body.utf8), model: model)
        self.rule = rule
        self.scope = scope
        self.cause = cause
        self.remedy = remedy
        self.until = until
    }

    /// Saturday.
    static let now = Now(monotonic: 0, wall: WallTime(rfc3339: "2026-11-21T14:20:03.120Z")!)

    static let all = rates + money + access + server + request

    static let rates: [ErrorSample] = [
        .init(
            "free tier per minute, reset in the body in milliseconds", 429,
            #"""
            {"error":{"message":"Rate limit exceeded: free-models-per-min. ","code":429,"metadata":{"headers":
            {"X-RateLimit-Limit":"20","X-RateLimit-Remaining":"0","X-RateLimit-Reset":"1795270860000"},
            "limit_source":"openrouter_free_tier_per_minute","remedy_hint":"Slow down"}},"user_id":"user_2abc"}
            """#, model: "v/m:free", is: "429-free-tier-minute", .account, .rateLimited, .rotate,
            until: "2026-11-21T14:21:00Z"),
        .init(
            "free tier per minute without a time", 429,
            #"{"error":{"message":"x","code":429,"metadata":{"limit_source":"openrouter_free_tier_per_minute"}}}"#,
            model: "v/m:free", is: "429-free-tier-minute", .account, .rateLimited, .rotate,
            until: "2026-11-21T14:21:00Z"),
        .init(
            "free tier per day", 429,
            #"""
            {"error":{"message":"Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day",
            "code":429,"metadata":{"limit_source":"openrouter_free_tier_daily"}},"user_id":"user_2abc"}
            """#, model: "v/m:free", is: "429-free-tier-daily", .account, .rateLimited, .rotate,
            until: "2026-11-22T00:00:00Z"),
        .init(
            "free tier per day, by its words", 429,
            #"{"error":{"message":"Rate limit exceeded: free-models-per-day-high-balance. ","code":429}}"#,
            model: "v/m:free", is: "429-free-tier-daily-text", .account, .rateLimited, .rotate,
            until: "2026-11-22T00:00:00Z"),
        .init(
            "free tier per minute, by its words", 429,
            #"{"error":{"message":"Rate limit exceeded: free-models-per-min. ","code":429}}"#,
            model: "v/m:free",
            is: "429-free-tier-minute-text", .account, .rateLimited, .rotate, until: "2026-11-21T14:21:00Z"),
        .init(
            "free tier in the Messages skin", 429,
            #"""
            {"type":"error","error":{"type":"rate_limit_error","message":"Rate limit exceeded: free-models-per-min. ",
            "error_type":"rate_limit_exceeded"},"request_id":"gen-1-x"}
            """#, model: "v/m:free", is: "429-free-tier-minute-text", .account, .rateLimited, .rotate,
            until: "2026-11-21T14:21:00Z"),
        .init(
            "a reset header on a free model", 429, "", reset: "1795273200000", model: "v/m:free",
            is: "429-free-reset",
            .account, .rateLimited, .rotate, until: "2026-11-21T15:00:00Z"),
        .init(
            "a reset in the body on a free model", 429,
            #"{"error":{"message":"no","code":429,"metadata":{"headers":{"x-ratelimit-reset":"1795273200000"}}}}"#,
            model: "v/m:free", is: "429-free-reset", .account, .rateLimited, .rotate,
            until: "2026-11-21T15:00:00Z"),
        .init(
            "shared pool at the provider", 429,
            #"""
            {"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"v/m is temporarily rate-limited upstream.",
            "provider_name":"P","is_byok":false,"limit_source":"upstream_provider_shared_pool",
            "remedy_hint":"Retry shortly","retry_after_seconds":11,"retry_after_seconds_raw":10.918}},"user_id":"user_2abc"}
            """#, is: "429-upstream", .modelAtProvider, .rateLimited, .giveUp,
            until: "2026-11-21T14:20:14.038Z"),
        .init(
            "Retry-After goes before the body", 429,
            #"{"error":{"message":"Provider returned error","code":429,"metadata":{"retry_after_seconds":11}}}"#,
            retryAfter: "5", is: "429-upstream", .modelAtProvider, .rateLimited, .giveUp,
            until: "2026-11-21T14:20:08.120Z"),
        .init(
            "no capacity anywhere", 429,
            #"""
            {"error":{"message":"No capacity","error_type":"rate_limit_exceeded","http_status":429,"availability":
            {"code":"capacity_exhausted","retryable":true,"retry_after":4,"requested_models":["v/m"]}}}
            """#, is: "429-upstream", .modelAtProvider, .rateLimited, .giveUp,
            until: "2026-11-21T14:20:07.120Z"),
        .init(
            "an unknown upstream limit", 429,
            #"{"error":{"message":"x","code":429,"metadata":{"limit_source":"upstream_something_new"}}}"#,
            is: "429-upstream", .modelAtProvider, .rateLimited, .giveUp),
        .init(
            "the operator's own provider credential", 429,
            #"{"error":{"message":"Provider returned error","code":429,"metadata":{"provider_name":"P","is_byok":true}}}"#,
            is: "429-byok", .modelAtKey, .rateLimited, .rotate),
        .init("nothing but the status", 429, is: "429-bare", .modelAtKey, .rateLimited, .rotate),
        .init(
            "an error without marks", 429, #"{"error":{"message":"Too many requests","code":429}}"#,
            is: "429-bare",
            .modelAtKey, .rateLimited, .rotate),
        .init(
            "Retry-After in seconds", 429, retryAfter: "7", is: "429-timed", .modelAtKey, .rateLimited,
            .rotate,
            until: "2026-11-21T14:20:10.120Z"),
        .init(
            "Retry-After as a date", 429, retryAfter: "Sat, 21 Nov 2026 14:21:00 GMT", is: "429-timed",
            .modelAtKey,
            .rateLimited, .rotate, until: "2026-11-21T14:21:00Z"),
        .init(
            "a reset header in seconds", 429, reset: "1795273200", is: "429-timed", .modelAtKey, .rateLimited,
            .rotate,
            until: "2026-11-21T15:00:00Z"),
        .init(
            "a reset header in milliseconds", 429, reset: "1795273200000", is: "429-timed", .modelAtKey,
            .rateLimited,
            .rotate, until: "2026-11-21T15:00:00Z"),
        .init(
            "a page of the edge", 429, "<!DOCTYPE html><title>429</title>", is: "edge-429", .network,
            .rateLimited,
            .giveUp),
        .init("a text of the edge", 429, "error code: 1015", is: "edge-429", .network, .rateLimited, .giveUp),
    ]

    static let money: [ErrorSample] = [
        .init(
            "never funded", 402,
            #"""
            {"error":{"message":"Insufficient credits. This account never purchased credits. Make sure your key is on the correct account",
            "code":402},"user_id":"user_2abc"}
            """#, is: "402-never-funded", .account, .creditsOut, .rotate),
        .init(
            "balance spent", 402,
            #"{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/credits","code":402}}"#,
            is: "402-credits", .account, .creditsOut, .rotate),
        .init(
            "balance spent, with its source", 402,
            #"{"error":{"message":"Insufficient credits","code":402,"metadata":{"limit_source":"openrouter_credits"}}}"#,
            is: "402-credits", .account, .creditsOut, .rotate),
        .init("nothing but the status", 402, is: "402-credits", .account, .creditsOut, .rotate),
        .init(
            "can afford less than max_tokens", 402,
            #"""
            {"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 4,321. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account",
            "code":402,"metadata":{"provider_name":null}}}
            """#, is: "402-cannot-afford", .modelAtKey, .creditsOut, .rotate),
        .init(
            "can afford nothing", 402,
            #"""
            {"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 10 tokens, but can only afford -12. To increase, visit https://openrouter.ai/settings/credits",
            "code":402}}
            """#, is: "402-credits", .account, .creditsOut, .rotate),
        .init(
            "the key's cap cannot afford it", 402,
            #"""
            {"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 200. To increase, visit https://openrouter.ai/settings/keys and create a key with a higher monthly limit",
            "code":402,"metadata":{"limit_source":"openrouter_key_limit"}}}
            """#, is: "402-key-cannot-afford", .modelAtKey, .keyLimit, .rotate),
        .init(
            "the key's cap is spent, with an end", 402,
            #"""
            {"error":{"message":"Key limit","code":402,"metadata":{"limit_source":"openrouter_key_limit","resets_at":"2026-12-01T00:00:00Z"}}}
            """#, is: "402-key-limit", .key, .keyLimit, .rotate, until: "2026-12-01T00:00:00Z"),
        .init(
            "the prompt alone is too dear", 402,
            #"""
            {"error":{"message":"Prompt tokens limit exceeded: 20000 > 1500. To increase, visit https://openrouter.ai/settings/credits","code":402}}
            """#, is: "402-cannot-afford", .modelAtKey, .creditsOut, .rotate),
        .init(
            "in-flight budget", 402,
            #"""
            {"error":{"message":"Too much in flight","code":402,"metadata":{"reason":"in_flight_budget_exhausted","limit_source":"openrouter_in_flight_budget"}}}
            """#, retryAfter: "3", is: "402-in-flight-budget", .account, .inFlightBudget, .rotate,
            until: "2026-11-21T14:20:06.120Z"),
        .init(
            "transient by its Retry-After", 402, #"{"error":{"message":"later","code":402}}"#,
            retryAfter: "3",
            is: "402-transient", .account, .inFlightBudget, .rotate, until: "2026-11-21T14:20:06.120Z"),
        .init(
            "one request above the whole budget", 402,
            #"""
            {"error":{"message":"x","code":402,"metadata":{"reason":"weight_exceeds_budget","limit_source":"openrouter_credits"}}}
            """#, is: "402-request-too-dear", .request, .creditsOut, .giveUp),
        .init(
            "the operator's own provider account is empty", 402,
            #"{"error":{"message":"Provider returned error","code":402,"metadata":{"provider_name":"P","is_byok":true}}}"#,
            is: "402-byok", .modelAtKey, .creditsOut, .rotate),
        .init(
            "OpenRouter's provider account is empty", 402,
            #"{"error":{"message":"Provider returned error","code":402,"metadata":{"provider_name":"P"}}}"#,
            is: "402-upstream", .modelAtProvider, .upstreamError, .retry),
    ]

    static let access: [ErrorSample] = [
        .init(
            "unknown key", 401, #"{"error":{"message":"User not found.","code":401}}"#, is: "401-rejected",
            .key,
            .rejected, .rotate),
        .init(
            "unknown key in the Messages skin", 401,
            #"{"type":"error","error":{"type":"authentication_error","message":"Invalid credentials"},"request_id":null}"#,
            is: "401-rejected", .key, .rejected, .rotate),
        .init("nothing but the status", 401, is: "401-rejected", .key, .rejected, .rotate),
        .init(
            "a provider's 401", 401,
            #"{"error":{"message":"Provider returned error","code":401,"metadata":{"provider_name":"P","raw":"bad key"}}}"#,
            is: "401-upstream", .modelAtProvider, .upstreamError, .retry),
        .init("a login page", 401, "<html>log in</html>", is: "edge-page", .network, .edge, .retry),
        .init(
            "daily key limit", 403,
            #"{"error":{"message":"Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys","code":403}}"#,
            is: "403-key-limit-daily", .key, .keyLimit, .rotate, until: "2026-11-22T00:00:00Z"),
        .init(
            "weekly key limit", 403,
            #"{"error":{"message":"Key limit exceeded (weekly limit).","code":403}}"#,
            is: "403-key-limit-weekly", .key, .keyLimit, .rotate, until: "2026-11-23T00:00:00Z"),
        .init(
            "monthly key limit", 403,
            #"{"error":{"message":"Key limit exceeded (monthly limit).","code":403}}"#,
            is: "403-key-limit-monthly", .key, .keyLimit, .rotate, until: "2026-12-01T00:00:00Z"),
        .init(
            "total key limit", 403, #"{"error":{"message":"Key limit exceeded (total limit).","code":403}}"#,
            is: "403-key-limit", .key, .keyLimit, .rotate),
        .init(
            "key limit by its source", 403,
            #"{"error":{"message":"x","code":403,"metadata":{"limit_source":"openrouter_key_limit","resets_at":1795273200}}}"#,
            is: "403-key-limit", .key, .keyLimit, .rotate, until: "2026-11-21T15:00:00Z"),
        .init(
            "guardrail budget of a key", 403,
            #"{"error":{"message":"x","code":403,"metadata":{"limit_source":"openrouter_guardrail_budget","scope":"api_key","resets_at":"2026-11-22T00:00:00Z"}}}"#,
            is: "guardrail-budget", .key, .keyLimit, .rotate, until: "2026-11-22T00:00:00Z"),
        .init(
            "guardrail budget of a member", 403,
            #"{"error":{"message":"x","code":403,"metadata":{"limit_source":"openrouter_guardrail_budget","scope":"member"}}}"#,
            is: "workspace-budget", .account, .keyLimit, .rotate),
        .init(
            "workspace budget", 403,
            #"{"error":{"message":"Workspace monthly budget of $500.00 exceeded","code":403,"metadata":{"limit_source":"openrouter_workspace_budget","scope":"workspace","limit_usd":500,"spend_usd":501.2,"resets_at":"2026-12-01T00:00:00Z"}}}"#,
            is: "workspace-budget", .account, .keyLimit, .rotate, until: "2026-12-01T00:00:00Z"),
        .init(
            "workspace budget by its words", 403,
            #"{"error":{"message":"Workspace monthly budget of $500.00 exceeded","code":403}}"#,
            is: "403-budget",
            .account, .keyLimit, .rotate),
        .init(
            "management only", 403,
            #"{"error":{"message":"Only management keys can perform this operation","code":403}}"#,
            is: "403-management-only", .request, .badRequest, .relay),
        .init(
            "moderation, which names a provider too", 403,
            #"{"error":{"message":"flagged","code":403,"metadata":{"reasons":["violence"],"flagged_input":"…","provider_name":"P","model_slug":"v/m"}}}"#,
            is: "403-moderation", .request, .badRequest, .relay),
        .init(
            "guardrail block", 403,
            #"{"error":{"message":"blocked","code":403,"metadata":{"patterns":["x"]}}}"#,
            is: "403-guardrail", .request, .badRequest, .relay),
        .init(
            "region", 403,
            #"{"error":{"message":"x","http_status":403,"availability":{"code":"region_restricted","retryable":false}}}"#,
            is: "403-region", .request, .badRequest, .relay),
        .init(
            "a provider's 403", 403,
            #"{"error":{"message":"Provider returned error","code":403,"metadata":{"provider_name":"P"}}}"#,
            is: "403-upstream", .modelAtProvider, .badRequest, .relay),
        .init(
            "any other 403", 403, #"{"error":{"message":"no","code":403}}"#, is: "403-other", .request,
            .badRequest, .relay),
        .init(
            "a block page", 403, "<html>Attention Required!</html>", is: "edge-403", .network, .edge, .giveUp),
    ]

    static let server: [ErrorSample] = [
        .init(
            "408", 408, #"{"error":{"code":408,"message":"x"}}"#, is: "408-timeout", .modelAtProvider, .slow,
            .retry),
        .init(
            "500", 500, #"{"error":{"code":500,"message":"Internal Server Error"}}"#, is: "500-internal",
            .modelAtProvider, .upstreamError, .retry),
        .init("500 without a body", 500, is: "500-internal", .modelAtProvider, .upstreamError, .retry),
        .init(
            "502", 502,
            #"{"error":{"code":502,"message":"Provider returned error","metadata":{"provider_name":"P","raw":"boom"}}}"#,
            is: "502-provider", .modelAtProvider, .upstreamError, .retry),
        .init(
            "503 with a time", 503, #"{"error":{"code":503,"message":"overloaded"}}"#, retryAfter: "20",
            is: "503-overloaded", .modelAtProvider, .upstreamError, .retry, until: "2026-11-21T14:20:23.120Z"),
        .init(
            "504", 504, #"{"error":{"code":504,"message":"timeout"}}"#, is: "504-timeout", .modelAtProvider,
            .slow, .retry),
        .init(
            "529", 529, #"{"error":{"code":529,"message":"Provider returned error"}}"#, is: "503-overloaded",
            .modelAtProvider, .upstreamError, .retry),
        .init("599", 599, is: "5xx-other", .modelAtProvider, .upstreamError, .retry),
        .init("520", 520, "<html>", is: "edge-status", .network, .edge, .retry),
        .init("524 in JSON", 524, #"{"error":{"code":524}}"#, is: "edge-status", .network, .edge, .retry),
        .init("530", 530, is: "edge-status", .network, .edge, .retry),
        .init(
            "a page under 200", 200, "\n<html>Hello</html>", type: "text/HTML; charset=utf-8", is: "edge-200",
            .network, .edge, .retry),
        .init("a 502 page", 502, "<html>Bad gateway</html>", is: "edge-page", .network, .edge, .retry),
    ]

    static let request: [ErrorSample] = [
        .init(
            "400", 400, #"{"error":{"message":"x is not a valid model ID","code":400}}"#,
            is: "400-bad-request", .request,
            .badRequest, .relay),
        .init(
            "400 of a provider", 400,
            #"{"error":{"message":"Provider returned error","code":400,"metadata":{"provider_name":"P","raw":"bad"}}}"#,
            is: "400-bad-request", .request, .badRequest, .relay),
        .init(
            "404", 404, #"{"error":{"message":"No endpoints found","code":404}}"#, is: "404-not-found",
            .request, .badRequest, .relay),
        .init("404 as a page", 404, "<html>", is: "404-not-found", .request, .badRequest, .relay),
        .init("409", 409, is: "4xx-other", .request, .badRequest, .relay),
        .init("413", 413, is: "413-too-large", .request, .badRequest, .relay),
        .init("422", 422, is: "422-unprocessable", .request, .badRequest, .relay),
        .init("307", 307, is: "redirect", .provider, .malformed, .giveUp),
        .init("a status that is none", 700, is: "status-unknown", .provider, .malformed, .retry),
    ]
}
