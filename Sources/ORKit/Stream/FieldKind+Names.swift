extension FieldKind {
    /// Recognises a name of token characters, whatever its case: by length,
    /// then by comparing with the few names of that length.
    package static func of(_ name: UnsafeRawBufferPointer) -> FieldKind {
        guard let base = name.baseAddress else { return .other }
        return of(base, count: name.count)
    }

    @inline(__always)
    private static func exact(_ base: UnsafeRawPointer, _ count: Int) -> FieldKind {
        func names(_ text: StaticString) -> Bool { base.matchesFolded(text, at: 0) }
        switch count {
        case 2:
            if names("te") { return .te }
        case 3:
            if names("via") { return .via }
        case 4:
            if names("host") { return .host }
            if names("date") { return .date }
        case 6:
            if names("cookie") { return .cookie }
            if names("expect") { return .expect }
            if names("origin") { return .origin }
            if names("server") { return .server }
        case 7:
            if names("upgrade") { return .upgrade }
            if names("x-title") { return .xTitle }
            if names("trailer") { return .trailer }
            if names("alt-svc") { return .altSvc }
            if names("referer") { return .referer }
        case 8:
            if names("location") { return .location }
        case 9:
            if names("x-api-key") { return .xAPIKey }
            if names("forwarded") { return .forwarded }
            if names("x-real-ip") { return .xRealIP }
        case 10:
            if names("user-agent") { return .userAgent }
            if names("connection") { return .connection }
            if names("keep-alive") { return .keepAlive }
            if names("set-cookie") { return .setCookie }
        case 11: if names("retry-after") { return .retryAfter }
        default: return long(base, count)
        }
        return .other
    }

    private static func long(_ base: UnsafeRawPointer, _ count: Int) -> FieldKind {
        func names(_ text: StaticString) -> Bool { base.matchesFolded(text, at: 0) }
        switch count {
        case 12:
            if names("content-type") { return .contentType }
            if names("http-referer") { return .httpReferer }
            if names("x-request-id") { return .xRequestID }
            if names("x-session-id") { return .xSessionID }
        case 13:
            if names("authorization") { return .authorization }
            if names("cache-control") { return .cacheControl }
        case 14:
            if names("content-length") { return .contentLength }
            if names("http2-settings") { return .http2Settings }
            if names("x-should-retry") { return .xShouldRetry }
            if names("openai-project") { return .openaiAccount }
        case 15:
            if names("accept-encoding") { return .acceptEncoding }
            if names("x-generation-id") { return .xGenerationID }
            if names("x-frame-options") { return .securityPolicy }
            if names("x-ork-objective") { return .objective }
            if names("referrer-policy") { return .securityPolicy }
        case 16:
            if names("content-encoding") { return .contentEncoding }
            if names("x-client-api-key") { return .xClientAPIKey }
            if names("proxy-connection") { return .proxyConnection }
            if names("x-xss-protection") { return .securityPolicy }
        case 17:
            if names("transfer-encoding") { return .transferEncoding }
            if names("x-accel-buffering") { return .xAccelBuffering }
        case 18:
            if names("x-openrouter-title") { return .xOpenRouterTitle }
            if names("permissions-policy") { return .securityPolicy }
            if names("proxy-authenticate") { return .proxyAuthenticate }
        case 19:
            if names("proxy-authorization") { return .proxyAuthorization }
            if names("openai-organization") { return .openaiAccount }
            if names("x-provider-api-keys") { return .xProviderAPIKeys }
        case 22: if names("x-content-type-options") { return .securityPolicy }
        case 23: if names("content-security-policy") { return .securityPolicy }
        case 25: if names("strict-transport-security") { return .strictTransportSecurity }
        case 29: if names("access-control-request-method") { return .accessControlRequestMethod }
        default: break
        }
        return .other
    }

    /// Families of names that begin alike.
    private static func family(_ base: UnsafeRawPointer, _ count: Int) -> FieldKind {
        switch base.byte(0) | 0x20 {
        case 0x78:  // x
            if count > 12, base.matchesFolded("x-ratelimit-", at: 0) { return .xRateLimit }
            if count > 12, base.matchesFolded("x-forwarded-", at: 0) { return .xForwarded }
            if count > 6, base.matchesFolded("x-ork-", at: 0) { return .orkRequest }
        case 0x61:  // a
            if count > 15, base.matchesFolded("access-control-", at: 0) { return .accessControl }
        case 0x63:  // c
            if count > 3, base.matchesFolded("cf-", at: 0) { return .cf }
        case 0x6F:  // o
            if count > 4, base.matchesFolded("ork-", at: 0) { return .orkRequest }
        default: break
        }
        return .other
    }

    @inline(__always)
    static func of(_ base: UnsafeRawPointer, count: Int) -> FieldKind {
        guard count > 1 else { return .other }
        let kind = exact(base, count)
        return kind == .other ? family(base, count) : kind
    }
}
