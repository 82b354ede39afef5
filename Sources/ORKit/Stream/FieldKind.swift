/// The header fields that ork knows by name. Recognised once, when a head is
/// parsed; everything later looks at this one byte.
package enum FieldKind: UInt8, Sendable, CaseIterable {
    case other = 0
    case host, contentLength, transferEncoding, connection, keepAlive, te, trailer, upgrade, http2Settings
    case proxyConnection, proxyAuthorization, proxyAuthenticate, expect
    case authorization, xAPIKey, xClientAPIKey, cookie, setCookie, xProviderAPIKeys
    case acceptEncoding, contentType, contentEncoding, origin, accessControlRequestMethod, referer, userAgent
    case httpReferer, xTitle, xOpenRouterTitle
    case forwarded
    /// Any `x-forwarded-…`.
    case xForwarded
    case xRealIP, via, server, date, retryAfter, location, cacheControl, xAccelBuffering
    /// Any `x-ratelimit-…`.
    case xRateLimit
    case xGenerationID, xShouldRetry, xRequestID, xSessionID
    /// Any `cf-…`: the edge in front of one side or the other.
    case cf
    /// `openai-organization`, `openai-project`.
    case openaiAccount
    /// Any `ork-…` or `x-ork-…`: ours in both directions.
    case orkRequest
    /// `x-ork-objective`: ours too.
    case objective
    case strictTransportSecurity
    /// Any other `access-control-…`.
    case accessControl
    case altSvc
    /// `x-content-type-options`, `x-frame-options`, `referrer-policy`,
    /// `permissions-policy`, `content-security-policy`, `x-xss-protection`:
    /// ours on every answer (SE-01), so the upstream's would be doubled.
    case securityPolicy
}

extension FieldKind {
    /// Whether a request field of this kind is copied to the upstream
    /// (ruling 37). Not copied: hop-by-hop fields, what is written anew,
    /// every credential of the caller, and what other hops said about it.
    @inline(__always)
    package static func forwardedUpstream(_ kind: FieldKind) -> Bool {
        switch kind {
        case .connection, .keepAlive, .te, .trailer, .upgrade, .http2Settings, .proxyConnection: false
        case .host, .contentLength, .transferEncoding, .expect, .acceptEncoding: false
        case .authorization, .xAPIKey, .xClientAPIKey, .cookie, .setCookie, .xProviderAPIKeys: false
        case .proxyAuthorization, .proxyAuthenticate: false
        case .forwarded, .xForwarded, .xRealIP, .via, .cf, .orkRequest, .objective: false
        default: true
        }
    }

    /// Whether a response field of this kind is copied to the caller: the
    /// written deny list of ruling 37.
    @inline(__always)
    package static func forwardedDownstream(_ kind: FieldKind) -> Bool {
        switch kind {
        case .connection, .keepAlive, .te, .trailer, .upgrade, .http2Settings, .proxyConnection: false
        case .proxyAuthorization, .proxyAuthenticate, .contentLength, .transferEncoding: false
        case .setCookie, .server, .via, .cf, .xRateLimit, .openaiAccount, .xRequestID: false
        case .orkRequest, .objective, .strictTransportSecurity, .securityPolicy: false
        // What a browser may do here, and where else to find us, is not the upstream's to say.
        case .accessControl, .altSvc: false
        default: true
        }
    }

    /// Fields that `Connection` may not name and that may not come in a
    /// trailer: removing or adding them late would change where a message
    /// ends, whom it is for or what it says (Akamai's CVE-2026-26365).
    static func mayNotBeRemovedOrLate(_ kind: FieldKind) -> Bool {
        switch kind {
        case .host, .contentLength, .transferEncoding, .expect, .contentType, .contentEncoding: true
        case .authorization, .xAPIKey, .xClientAPIKey, .cookie, .setCookie, .xProviderAPIKeys: true
        case .proxyAuthorization, .proxyAuthenticate: true
        default: false
        }
    }

    /// The bit of this kind in a set of kinds.
    @inline(__always)
    var bit: UInt64 { 1 << UInt64(rawValue) }
}
