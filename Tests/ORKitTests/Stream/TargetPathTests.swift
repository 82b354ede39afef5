import Testing

@testable import ORKit

@Suite("Target paths")
struct TargetPathTests {
    private func decide(_ path: String, _ method: RequestMethod = .post) -> PathDecision {
        Array(path.utf8).withUnsafeBytes { TargetPath.decide(method: method, path: $0) }
    }

    private func proxied(_ path: String, _ method: RequestMethod = .post) -> ProxyPath? {
        guard case .proxy(let result) = decide(path, method) else { return nil }
        return result
    }

    @Test(
        "all four prefixes reach the same upstream path [PX-01, PX-02]",
        arguments: [
            "/chat/completions", "/models", "/anything/else", "/files/a:b@c", "/models/openai/gpt-4%3Afree",
        ])
    func prefixes(tail: String) {
        let wanted = [UInt8]("/v1" + tail)
        for prefix in ["/v1", "/openrouter", "/openrouter/v1", "/api/v1"] {
            #expect(proxied(prefix + tail)?.upstream == wanted)
        }
    }

    @Test("the prefix alone is the root of the API")
    func roots() {
        for path in ["/v1", "/openrouter", "/openrouter/v1", "/api/v1"] {
            #expect(proxied(path)?.upstream == [UInt8]("/v1"))
            #expect(proxied(path + "/")?.upstream == [UInt8]("/v1/"))
            #expect(proxied(path)?.class == .other)
        }
    }

    @Test(
        "paths beside the prefixes are not the proxy's",
        arguments: [
            "/", "/health", "/v1x", "/v2/models", "/api", "/api/v2", "/api/v1x", "/apiv1", "/openrouterx",
            "/V1/models",
            "/admin/api/openrouter-keys", "/.well-known/x",
        ])
    func web(path: String) {
        #expect(decide(path, .get) == .web)
    }

    @Test(
        "classes and skins follow the upstream's lists",
        arguments: [
            ("/chat/completions", .post, .inference, .chat),
            ("/completions", .post, .inference, .completions),
            ("/responses", .post, .inference, .responses), ("/messages", .post, .inference, .messages),
            ("/messages/count_tokens", .post, .inference, .messages),
            ("/embeddings", .post, .inference, .embeddings),
            ("/rerank", .post, .inference, .other), ("/images", .post, .inference, .other),
            ("/audio/speech", .post, .inference, .other), ("/systemone", .post, .inference, .other),
            ("/models", .get, .catalogue, .models), ("/models", .head, .catalogue, .models),
            ("/models/count", .get, .catalogue, .models),
            ("/models/a/b/endpoints", .get, .catalogue, .models),
            ("/model/a/b", .get, .catalogue, .models), ("/providers", .get, .catalogue, .other),
            ("/endpoints/zdr", .get, .catalogue, .other), ("/embeddings/models", .get, .catalogue, .models),
            ("/images/models/a/b/endpoints", .get, .catalogue, .other),
            ("/generation", .get, .object, .other), ("/generation/content", .get, .object, .other),
            ("/files", .post, .object, .other), ("/files/1/content", .get, .object, .other),
            ("/batches/1", .delete, .object, .other), ("/videos", .post, .object, .other),
            ("/responses/resp_1", .get, .object, .responses),
            ("/responses/1/cancel", .post, .object, .responses),
            ("/messages/batches", .post, .object, .messages), ("/chat/completions/1", .get, .object, .chat),
            ("/key", .get, .account, .other), ("/keys", .post, .account, .other),
            ("/keys/abc", .patch, .account, .other),
            ("/credits", .get, .account, .other), ("/auth/key", .get, .account, .other),
            ("/activity", .get, .account, .other), ("/workspaces/1/budgets/daily", .get, .account, .other),
            ("/KEYS", .get, .account, .other), ("/Auth/keys", .post, .account, .other),
            ("/echo", .post, .other, .other), ("/models", .post, .other, .models),
            ("/messages", .get, .other, .messages),
            ("/Chat/completions", .post, .other, .other), ("/chat/completions/", .post, .object, .chat),
            ("/responses", .get, .other, .responses), ("/modelsx", .get, .other, .other),
        ] as [(String, RequestMethod, PathClass, Skin)])
    func classes(tail: String, method: RequestMethod, pathClass: PathClass, skin: Skin) {
        // Below /api/v1 some of these names are management; the class is the same elsewhere.
        let path = proxied("/v1" + tail, method)
        #expect(path?.class == pathClass)
        #expect(path?.skin == skin)
        #expect(proxied("/openrouter" + tail, method) == path)
    }

    @Test(
        "each path needs its permission [K-17] [K-18]",
        arguments: [
            ("/chat/completions", RequestMethod.post, Permissions.chat),
            ("/completions", .post, .completions),
            ("/responses", .post, .responses), ("/messages", .post, .messages),
            ("/messages/count_tokens", .post, .messages), ("/embeddings", .post, .embeddings),
            ("/images", .post, .images), ("/images/generations", .post, .images),
            ("/audio/speech", .post, .audio), ("/rerank", .post, .furtherInference),
            ("/models", .get, .catalogue), ("/embeddings/models", .get, .catalogue),
            ("/files", .get, .passthrough), ("/nosuch", .get, .passthrough), ("/credits", .get, .admin),
        ])
    func permissions(tail: String, method: RequestMethod, permission: Permissions) {
        #expect(proxied("/v1" + tail, method)?.permission == permission)
    }

    @Test("management names below /api/v1 are reserved, providers is the catalogue [K-05]")
    func reserved() {
        for name in ["keys", "policies", "state", "requests", "budgets", "quotas", "Keys"] {
            #expect(decide("/api/v1/\(name)", .get) == .reserved)
            #expect(decide("/api/v1/\(name)/x", .delete) == .reserved)
        }
        #expect(proxied("/api/v1/providers", .get)?.class == .catalogue)
        #expect(proxied("/api/v1/keysx", .get)?.class == .other)
        #expect(proxied("/v1/keys", .get)?.class == .account)
        #expect(proxied("/v1/state", .get)?.class == .other)
    }

    @Test(
        "what servers could resolve differently is refused",
        arguments: [
            ("empty-segment", "/v1//models"), ("empty-segment", "//v1/models"),
            ("empty-segment", "/v1/models//"),
            ("dot-segment", "/v1/./models"), ("dot-segment", "/v1/models/."),
            ("dot-segment", "/v1/chat/../keys"),
            ("dot-segment", "/v1/chat/.."), ("trailing-dot", "/v1/keys."), ("trailing-dot", "/v1/a.../b"),
            ("encoded-dot", "/v1/%2e/keys"), ("encoded-dot", "/v1/chat/%2E%2e/keys"),
            ("encoded-separator", "/v1/chat%2f..%2fkeys"), ("encoded-separator", "/v1/a%5cb"),
            ("double-encoding", "/v1/%252e%252e/keys"), ("double-encoding", "/v1/%25"),
            ("encoded-name-character", "/v1/%6beys"), ("encoded-name-character", "/v1/external%2Dusers"),
            ("encoded-delimiter", "/v1/keys%3bx"), ("encoded-delimiter", "/v1/keys%3F"),
            ("encoded-delimiter", "/v1/a%23"),
            ("encoded-control-byte", "/v1/keys%00"), ("encoded-control-byte", "/v1/keys%20"),
            ("encoded-control-byte", "/v1/keys%0d%0a"), ("encoded-non-ascii-byte", "/v1/%c0%af"),
            ("encoded-non-ascii-byte", "/v1/%ef%bc%8fkeys"), ("bad-percent-encoding", "/v1/%"),
            ("bad-percent-encoding", "/v1/%4"), ("bad-percent-encoding", "/v1/%zz"),
            ("backslash", "/v1\\keys"),
            ("path-parameter", "/v1/keys;x=y"), ("path-parameter", "/v1/;/keys"), ("nul-byte", "/v1/a\u{0}"),
            ("non-ascii-byte", "/v1/ä"), ("bad-path-character", "/v1/a b"), ("bad-path-character", "/v1/a|b"),
            ("bad-path-character", "/v1/a\"b"), ("empty-segment", "/health//x"),
            ("dot-segment", "/./v1/models"),
        ])
    func refused(rule: String, path: String) {
        guard case .refused(let code, let broken) = decide(path, .get) else {
            Issue.record("\(decide(path, .get))")
            return
        }
        #expect(broken.description == rule)
        #expect(code == .badPath)
    }

    @Test(
        "what climbs out of the prefix is no path at all",
        arguments: [
            "/v1/../admin", "/v1/chat/../../admin", "/v1/%2e%2e/admin", "/api/v1/..", "/api/v1/x/%2e./../y",
            "/../etc",
            "/v1/..\\admin", "/v1/a/..%2f..%2fadmin", "/openrouter/..",
        ])
    func climbs(path: String) {
        guard case .refused(let code, _) = decide(path, .get) else {
            Issue.record("\(decide(path, .get))")
            return
        }
        #expect(code == .pathUnknown)
    }

    @Test("a path that does not begin with a slash is refused")
    func noSlash() {
        #expect(decide("") == .refused(.badPath, "no-leading-slash"))
        #expect(decide("v1/models") == .refused(.badPath, "no-leading-slash"))
    }

    @Test("2,000 disguises of account paths never leave as anything but themselves")
    func disguises() {
        var dice = Dice(seed: 35)
        let pieces = [
            "/", "//", "/./", "/../", "%2e", "%2e%2e", "%2f", "%5c", "%252e", ";x=y", ".", "%20", "keys",
            "KEYS", "key",
            "credits", "chat", "completions", "\\", "%00", "%6b", "v1", "api", "~", ":", "%7e", "%3a",
        ]
        var passed = 0
        for _ in 0..<2000 {
            let tail = (0..<Int.random(in: 1...5, using: &dice)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &dice)]
            }
            guard let path = proxied("/v1/" + tail.joined(), .get) else { continue }
            passed += 1
            let text = path.upstream.text
            let segments = text.split(separator: "/").map { $0.lowercased() }
            #expect(!text.contains("//") && !text.contains("\\") && !text.contains(";"))
            #expect(!segments.contains { $0.hasSuffix(".") || $0.contains("%2") || $0.contains("%6") })
            if segments.count > 1, ["keys", "key", "credits"].contains(segments[1]) {
                #expect(path.class == .account)
            }
        }
        #expect(passed > 20)
    }
}

@Suite("Upstream base URL")
struct UpstreamBaseTests {
    @Test(
        "every spelling leads to the same prefix [PX-19]",
        arguments: [
            ("https://openrouter.ai/api", "/api"), ("https://openrouter.ai/api/", "/api"),
            ("https://openrouter.ai/api/v1", "/api"), ("https://openrouter.ai/api/v1/", "/api"),
            ("HTTPS://OpenRouter.ai/api/v1", "/api"),
            ("http://127.0.0.1:9000", ""), ("http://127.0.0.1:9000/", ""), ("http://127.0.0.1:9000/v1", ""),
            ("http://127.0.0.1:9000/v1/", ""), ("http://a/b/c/v1", "/b/c"), ("http://a/xv1", "/xv1"),
        ])
    func prefixes(text: String, prefix: String) {
        #expect(UpstreamBase.normalise(text)?.prefix == [UInt8](prefix))
    }

    @Test("scheme, host and port are told apart")
    func parts() {
        let plain = UpstreamBase.normalise("http://LocalHost:9000/v1")
        #expect(plain?.isTLS == false)
        #expect(plain?.host == "localhost")
        #expect(plain?.port == 9000)
        #expect(plain?.hostField == "localhost:9000")
        let tls = UpstreamBase.normalise("https://openrouter.ai/api")
        #expect(tls?.isTLS == true)
        #expect(tls?.port == 443)
        #expect(tls?.hostField == "openrouter.ai")
        #expect(UpstreamBase.normalise("http://a:80")?.hostField == "a")
        #expect(UpstreamBase.normalise("https://a:80")?.hostField == "a:80")
        let six = UpstreamBase.normalise("http://[::1]:8080/")
        #expect(six?.host == "::1")
        #expect(six?.hostField == "[::1]:8080")
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "openrouter.ai", "ftp://a", "http://", "http:///v1", "https://user:pw@a/", "https://a@b",
            "http://a?x",
            "http://a/#f", "http://a/v1?x=y", "http://a:0", "http://a:65536", "http://a:", "http://a:x",
            "http://a b",
            "http://a/../b", "http://a//v1", "http://[::1", "http://[a]", "http://[]", "http://a/%2e",
            "http://ä",
            "http://a\\b", "https://a:1:2", "http://[::1]x",
        ])
    func refused(text: String) {
        #expect(UpstreamBase.normalise(text) == nil)
    }
}
