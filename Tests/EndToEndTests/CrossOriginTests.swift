import MockUpstream
import ORKTestSupport
import Testing

@Suite("Web pages that call the proxy") struct CrossOriginTests {
    private static let page = "https://chat.example"
    private static let preflight = [
        ("Origin", page), ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang"),
    ]

    private func options(_ origins: String) -> DaemonOptions {
        var options = DaemonOptions()
        options.set("proxy", "cors_origins = \(origins)")
        return options
    }

    /// A relayed answer, a stream, a refusal, and one from beside the proxy.
    private func answers(_ daemon: DaemonFixture, to origin: String) async throws -> [(String, Reply)] {
        let headers = [("Origin", origin)]
        let body = Array(Caller.chatBody().encoded.utf8)
        let stream = Array(Caller.chatBody(stream: true).encoded.utf8)
        let path = "/v1/chat/completions"
        let nobody = daemon.caller(key: nil)
        return [
            ("relayed", try await daemon.caller.send("POST", path, headers: headers, body: body)),
            ("streamed", try await daemon.caller.send("POST", path, headers: headers, body: stream)),
            ("refused", try await nobody.send("POST", path, headers: headers, body: body)),
            ("beside", try await nobody.get("/health", headers: headers)),
        ]
    }

    @Test(
        "an allowed origin is echoed, another is not, and none is given leave to send cookies",
        .proves("SE-03"))
    func listed() async throws {
        try await withDaemon(options("[\"\(Self.page)\", \"http://localhost:3000/\"]")) {
            (daemon: DaemonFixture) async throws in
            // What the upstream says of origins is not passed on.
            daemon.mock.always(
                .everything, Act.usual.header("Access-Control-Allow-Origin", "https://evil.example"))
            for origin in [Self.page, "http://localhost:3000"] {
                for (name, reply) in try await answers(daemon, to: origin) {
                    #expect(reply.values("access-control-allow-origin") == [origin], "\(name)")
                    #expect(reply.values("vary").contains("Origin"), "\(name)")
                    #expect(reply.value("access-control-allow-credentials") == nil, "\(name)")
                }
            }
            for origin in [
                "https://evil.example", "https://chat.example.evil.example", "http://chat.example", "null",
            ] {
                for (name, reply) in try await answers(daemon, to: origin) {
                    #expect(reply.value("access-control-allow-origin") == nil, "\(name) to \(origin)")
                    #expect(reply.values("vary").contains("Origin"), "\(name) to \(origin)")
                }
            }
        }
    }

    @Test("a preflight is answered with 204 and without a key, and goes no further", .proves("SE-03"))
    func preflight() async throws {
        try await withDaemon(options("[\"\(Self.page)\"]")) { (daemon: DaemonFixture) async throws in
            let nobody = daemon.caller(key: nil)
            let reply = try await nobody.send("OPTIONS", "/v1/chat/completions", headers: Self.preflight)
            #expect(reply.status == 204 && reply.body.isEmpty)
            #expect(reply.values("access-control-allow-origin") == [Self.page])
            #expect(reply.value("access-control-allow-methods")?.contains("POST") == true)
            #expect(
                reply.value("access-control-allow-headers") == "authorization,content-type,x-stainless-lang")
            #expect(reply.value("access-control-allow-credentials") == nil)
            let other = try await nobody.send(
                "OPTIONS", "/v1/chat/completions",
                headers: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")])
            #expect(other.status == 204)
            #expect(!other.headers.contains { $0.name.lowercased().hasPrefix("access-control-") })
            let odd = try await nobody.send(
                "OPTIONS", "/v1/chat/completions",
                headers: [
                    ("Origin", Self.page), ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "a; b=\"<c>\""),
                ])
            #expect(odd.status == 204 && odd.value("access-control-allow-headers") == nil)
            #expect(daemon.mock.requests.isEmpty)
        }
    }

    @Test("“*” allows every page, and never with credentials", .proves("SE-03"))
    func anybody() async throws {
        var options = DaemonOptions()
        options.environment = ["CORS_ORIGINS": "*"]
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for (name, reply) in try await answers(daemon, to: "https://anywhere.example") {
                #expect(reply.values("access-control-allow-origin") == ["*"], "\(name)")
                #expect(reply.value("access-control-allow-credentials") == nil, "\(name)")
            }
            let nobody = daemon.caller(key: nil)
            let reply = try await nobody.send("OPTIONS", "/v1/chat/completions", headers: Self.preflight)
            #expect(reply.status == 204 && reply.values("access-control-allow-origin") == ["*"])
        }
    }

    @Test("by default no page may read anything", .proves("SE-03"))
    func nobody() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for (name, reply) in try await answers(daemon, to: Self.page) {
                #expect(
                    !reply.headers.contains { $0.name.lowercased().hasPrefix("access-control-") }, "\(name)")
            }
            let nobody = daemon.caller(key: nil)
            let reply = try await nobody.send("OPTIONS", "/v1/chat/completions", headers: Self.preflight)
            #expect(reply.status == 204 && reply.value("access-control-allow-origin") == nil)
        }
    }

    @Test(
        "what is no origin is named when the configuration is read",
        arguments: ["chat.example", "https://a/b", "https://"])
    func badOrigin(_ text: String) async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            let ran = try await daemon.startExpectingExit(arguments: ["--set", "proxy.cors_origins=\(text)"])
            #expect(ran.status == 78 && ran.stderr.contains("is not an origin"), "\(ran.stderr)")
        }
    }
}
