import Testing

@testable import ORKit

@Suite("Field kinds")
struct FieldKindTests {
    private static let names: [(String, FieldKind)] = [
        ("Host", .host), ("Content-Length", .contentLength), ("Transfer-Encoding", .transferEncoding),
        ("Connection", .connection), ("Keep-Alive", .keepAlive), ("TE", .te), ("Trailer", .trailer),
        ("Upgrade", .upgrade), ("HTTP2-Settings", .http2Settings), ("Proxy-Connection", .proxyConnection),
        ("Proxy-Authorization", .proxyAuthorization), ("Proxy-Authenticate", .proxyAuthenticate),
        ("Expect", .expect), ("Authorization", .authorization), ("X-Api-Key", .xAPIKey),
        ("X-Client-API-Key", .xClientAPIKey), ("Cookie", .cookie), ("Set-Cookie", .setCookie),
        ("X-Provider-API-Keys", .xProviderAPIKeys), ("Accept-Encoding", .acceptEncoding),
        ("Content-Type", .contentType), ("Content-Encoding", .contentEncoding), ("Origin", .origin),
        ("Access-Control-Request-Method", .accessControlRequestMethod), ("Referer", .referer),
        ("User-Agent", .userAgent), ("HTTP-Referer", .httpReferer), ("X-Title", .xTitle),
        ("X-OpenRouter-Title", .xOpenRouterTitle), ("Forwarded", .forwarded),
        ("X-Forwarded-For", .xForwarded),
        ("X-Forwarded-Host", .xForwarded), ("X-Real-IP", .xRealIP), ("Via", .via), ("Server", .server),
        ("Date", .date), ("Retry-After", .retryAfter), ("Location", .location),
        ("Cache-Control", .cacheControl),
        ("X-Accel-Buffering", .xAccelBuffering), ("X-RateLimit-Reset", .xRateLimit),
        ("x-ratelimit-limit-requests", .xRateLimit), ("X-Generation-Id", .xGenerationID),
        ("X-Should-Retry", .xShouldRetry), ("X-Request-Id", .xRequestID), ("CF-Ray", .cf),
        ("X-Session-Id", .xSessionID),
        ("cf-connecting-ip", .cf), ("OpenAI-Organization", .openaiAccount),
        ("OpenAI-Project", .openaiAccount),
        ("Ork-Request", .orkRequest), ("ork-x", .orkRequest), ("X-ORK-Replay", .orkRequest),
        ("X-ORK-Objective", .objective), ("x-ork-objectives", .orkRequest),
        ("Strict-Transport-Security", .strictTransportSecurity), ("X-Content-Type-Options", .securityPolicy),
        ("X-Frame-Options", .securityPolicy), ("Referrer-Policy", .securityPolicy),
        ("Permissions-Policy", .securityPolicy), ("Content-Security-Policy", .securityPolicy),
        ("X-XSS-Protection", .securityPolicy), ("Alt-Svc", .altSvc),
        ("Access-Control-Allow-Origin", .accessControl), ("access-control-max-age", .accessControl),
        ("Access-Control-Request-Headers", .accessControl),
    ]

    private func kind(_ name: String) -> FieldKind { [UInt8](name).withUnsafeBytes { FieldKind.of($0) } }

    @Test("every known name is recognised in any case", arguments: names)
    func known(name: String, kind expected: FieldKind) {
        #expect(kind(name) == expected)
        #expect(kind(name.lowercased()) == expected)
        #expect(kind(name.uppercased()) == expected)
    }

    @Test("every kind has a name that leads to it")
    func complete() {
        let reached = Set(Self.names.map(\.1.rawValue))
        #expect(reached.count == FieldKind.allCases.count - 1)
    }

    @Test(
        "other names are other",
        arguments: [
            "", "a", "X-Foo", "Hosts", "X-Forwarded", "X-Forwarded-", "x-ratelimit-", "cf-", "ork-", "x-ork-",
            "cfx",
            "access-control-",
            "Accept",
            "anthropic-version", "OpenAI-Beta", "X-Stainless-Arch", "x\u{d}api-key",
        ])
    func unknown(name: String) {
        #expect(kind(name) == .other)
    }

    @Test(
        "credentials and framing never go upstream",
        arguments: [
            FieldKind.authorization, .xAPIKey, .xClientAPIKey, .cookie, .xProviderAPIKeys,
            .proxyAuthorization, .host,
            .contentLength, .transferEncoding, .connection, .keepAlive, .te, .trailer, .upgrade,
            .http2Settings,
            .expect, .acceptEncoding, .forwarded, .xForwarded, .xRealIP, .via, .cf, .orkRequest,
            .objective, .proxyConnection,
        ])
    func notUpstream(kind: FieldKind) {
        #expect(!FieldKind.forwardedUpstream(kind))
    }

    @Test(
        "the caller's own fields go upstream [PX-09]",
        arguments: [
            FieldKind.other, .origin, .referer, .userAgent, .httpReferer, .xTitle, .xOpenRouterTitle,
            .contentType,
            .contentEncoding, .openaiAccount, .xRequestID, .cacheControl, .accessControl,
        ])
    func upstream(kind: FieldKind) {
        #expect(FieldKind.forwardedUpstream(kind))
    }

    @Test(
        "the written deny list stays off the caller",
        arguments: [
            FieldKind.setCookie, .server, .via, .cf, .xRateLimit, .openaiAccount, .xRequestID, .orkRequest,
            .objective, .strictTransportSecurity, .securityPolicy, .connection, .keepAlive, .trailer,
            .upgrade,
            .contentLength,
            .transferEncoding, .proxyAuthenticate, .accessControl, .altSvc,
        ])
    func notDownstream(kind: FieldKind) {
        #expect(!FieldKind.forwardedDownstream(kind))
    }

    @Test(
        "everything else reaches the caller [PX-13]",
        arguments: [
            FieldKind.other, .contentType, .contentEncoding, .xGenerationID, .retryAfter, .xShouldRetry,
            .date,
            .location, .cacheControl,
        ])
    func downstream(kind: FieldKind) {
        #expect(FieldKind.forwardedDownstream(kind))
    }
}
