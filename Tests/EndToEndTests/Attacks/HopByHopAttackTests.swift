import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 10, 11 and 36: what a caller says about its own
/// connection decides nothing about ours to the upstream, nor about the next
/// request on the same one.
@Suite("Attacks between two requests") struct HopByHopAttackTests {
    @Test("19 protected fields that Connection names are a refusal", .proves("B4-10"))
    func protectedNames() async throws {
        let names = [
            "Authorization", "X-Api-Key", "X-Client-API-Key", "Cookie", "Proxy-Authorization", "Host",
            "Content-Length", "Transfer-Encoding", "Content-Type", "Content-Encoding", "Expect", "Upgrade",
            "authorization", "TRANSFER-ENCODING", "X-Provider-API-Keys",
        ]
        var attacks = names.map {
            Attack("Connection: \($0)", fields: "Connection: \($0)\r\nContent-Length: 0")
        }
        attacks += ["close, Host", "keep-alive,Content-Length", "X Y", "\"Host\""].map {
            Attack("Connection: \($0)", fields: "Connection: \($0)\r\nContent-Length: 0")
        }
        #expect(attacks.count == 19)
        let all = attacks
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.refuses(all).print("10 protected")
        }
    }

    @Test(
        "31 fields about the caller, its connection and its credentials stay here, ours are untouched",
        .proves("B4-10", "B4-36", "SE-08"))
    func hygiene() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let secret = daemon.clientSecret
            let kept: [(String, String)] = [
                ("Cookie", "session=\(secret)"), ("X-Client-API-Key", secret), ("x-api-key", "other"),
                ("Authorization", "Bearer other"), ("Proxy-Authorization", "Basic b3Blbg=="),
                ("Proxy-Authenticate", "Basic"), ("Proxy-Connection", "keep-alive"),
                ("Keep-Alive", "timeout=900"), ("TE", "trailers, chunked"), ("Trailer", "X-Sum"),
                ("X-Provider-API-Keys", "openai=sk-x"), ("Set-Cookie", "a=b"), ("Forwarded", "for=10.0.0.1"),
                ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Host", "evil.example"),
                ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "1"), ("X-Forwarded-Prefix", "/a"),
                ("X-Real-IP", "10.0.0.1"), ("Via", "1.1 evil"), ("CF-Connecting-IP", "10.0.0.1"),
                ("CF-Ray", "1"), ("Ork-Request", "0"), ("Ork-Anything", "0"), ("Accept-Encoding", "gzip, br"),
                ("Connection", "close, X-Hop, X-Other-Hop, Accept-Encoding, User-Agent"), ("X-Hop", "1"),
                ("X-Other-Hop", "2"), ("User-Agent", "curl"), ("Expect", "100-continue"),
                ("Host", "evil.example"),
            ]
            #expect(kept.count == 31)
            let sent = kept + [("X-Foo", "bar"), ("Accept", "*/*")]
            let reply = try await daemon.caller.post("/v1/chat/completions", Caller.chatBody(), headers: sent)
            #expect(reply.status == 200)
            let seen = try #require(daemon.relayed.last)
            let names = Set(seen.headers.map { $0.name.lowercased() })
            #expect(
                names == [
                    "host", "authorization", "accept-encoding", "content-type", "content-length", "x-foo",
                    "accept",
                ])
            #expect(names.count == seen.headers.count, "a field came twice")
            #expect(seen.value("authorization") == "Bearer \(daemon.secret("a"))")
            #expect(seen.value("host") == "127.0.0.1:\(daemon.mock.port)")
            #expect(seen.value("accept-encoding") == "identity")
            #expect(seen.value("x-foo") == "bar")
            print("B4-36: \(kept.count) fields kept back")
        }
    }

    @Test("14 answers given before the body: no part of a body is ever read as a request", .proves("B4-11"))
    func earlyAnswers() async throws {
        var options = DaemonOptions()
        options.set("proxy", "body_limit = \"64KiB\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let good = "Authorization: Bearer \(daemon.clientSecret)"
            let bad = "Authorization: Bearer gw_live_nobody"
            let cases = [
                ("/v1/chat/completions", bad, 401), ("/v1/chat/completions", "X: y", 401),
                ("/v1/keys", good, 403),
                ("/v1/files", good, 403), ("/v1/a//b", good, 400), ("/api/v1/policies", good, 501),
                ("/v1/chat/completions?key=x", good, 400),
            ]
            var variants = 0
            for (path, credential, status) in cases {
                for framing in ["Content-Length: 60000", "Transfer-Encoding: chunked"] {
                    let wire = try await daemon.caller(key: nil).wire()
                    try await wire.send(
                        "POST \(path) HTTP/1.1\r\nHost: x\r\n\(credential)\r\n\(framing)\r\n\r\n")
                    let reply = try await wire.reply()
                    #expect(reply.status == status, "\(path), \(framing)")
                    #expect(reply.value("connection") == "close")
                    // The body, which looks like a request with a good credential.
                    let next = "GET /v1/models?smuggled HTTP/1.1\r\nHost: x\r\n\(good)\r\n\r\n"
                    try await wire.send(framing.hasPrefix("C") ? next : "0\r\n\r\n" + next)
                    #expect(try await wire.takeAll() == [], "\(path), \(framing)")
                    await wire.close()
                    variants += 1
                }
            }
            #expect(variants == 14)
            #expect(daemon.mock.requests.isEmpty)
            print("B4-11: \(variants) variants")
        }
    }

    @Test(
        "a small body that is here is thrown away, and the next request is read behind it", .proves("B4-11"))
    func drained() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let wire = try await daemon.caller.wire()
            let inner = "GET /v1/models?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
            for _ in 0..<20 {
                let refused = daemon.caller(key: "gw_live_nobody").head(
                    "POST", "/v1/chat/completions", length: inner.utf8.count)
                try await wire.send(
                    refused + Array(inner.utf8) + daemon.caller.head("GET", "/v1/models?real", length: nil))
                #expect(try await wire.reply().status == 401)
                #expect(try await wire.reply().status == 200)
            }
            await wire.close()
            #expect(daemon.relayed.map(\.query) == Array(repeating: "real", count: 20))
        }
    }
}
