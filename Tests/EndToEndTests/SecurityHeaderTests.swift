import MockUpstream
import ORKTestSupport
import Testing

@Suite("Headers that protect browsers") struct SecurityHeaderTests {
    private static let fields = [
        ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("x-xss-protection", "0"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ]

    @Test("they are on every answer, whoever gave it, once", .proves("SE-01"))
    func everywhere() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for (name, reply) in try await answers(of: daemon) {
                for (field, value) in Self.fields {
                    #expect(reply.values(field) == [value], "\(name): \(field)")
                }
                #expect(reply.value("strict-transport-security") == nil, "\(name)")
                #expect(reply.value("ork-request")?.isEmpty == false, "\(name)")
            }
        }
    }

    @Test(
        "HSTS is on every answer where it is switched on", .proves("SE-02"),
        arguments: ["file", "environment"])
    func hsts(_ place: String) async throws {
        var options = DaemonOptions()
        if place == "file" {
            options.set("proxy", "hsts = true")
        } else {
            options.environment = ["ENABLE_HSTS": "true"]
        }
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for (name, reply) in try await answers(of: daemon) {
                let values = reply.values("strict-transport-security")
                #expect(values.count == 1 && values[0].hasPrefix("max-age=31536000"), "\(name)")
            }
        }
    }

    /// One of each kind: relayed, ours on the data path, ours beside it, and
    /// what the parser refuses.
    private func answers(of daemon: DaemonFixture) async throws -> [(String, Reply)] {
        let caller = daemon.caller
        let nobody = daemon.caller(key: nil)
        var answers: [(String, Reply)] = []
        func add(_ name: String, _ status: Int, _ reply: Reply) {
            #expect(reply.status == status, "\(name)")
            answers.append((name, reply))
        }
        daemon.mock.script(
            .everything,
            Act.usual.header("X-Frame-Options", "SAMEORIGIN").header("Strict-Transport-Security", "max-age=1")
        )
        add("relayed", 200, try await caller.chat())
        add("streamed", 200, try await caller.chat(stream: true))
        daemon.mock.script(.everything, .refuse(.badModel))
        add("relayed refusal", 400, try await caller.chat())
        add("no credential", 401, try await nobody.chat())
        add("wrong credential", 401, try await daemon.caller(key: "gw_live_nobody").chat())
        add("account path", 403, try await caller.get("/v1/keys"))
        add("unknown path", 404, try await nobody.get("/nosuch"))
        add("reserved path", 501, try await caller.get("/api/v1/policies"))
        add("health", 200, try await nobody.get("/health"))
        add("root", 200, try await nobody.get("/"))
        add("wrong method", 405, try await nobody.send("DELETE", "/health"))
        add("HEAD", 200, try await nobody.send("HEAD", "/liveness"))
        add(
            "preflight", 204,
            try await nobody.send(
                "OPTIONS", "/v1/chat/completions",
                headers: [("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST")]))
        daemon.mock.always(.everything, .redirect(to: "http://127.0.0.1:1/"))
        add("redirected", 502, try await caller.chat())
        let wire = try await nobody.wire()
        try await wire.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        add("ambiguous", 400, try await wire.reply())
        await wire.close()
        _ = try await daemon.orkctl("daemon", "drain")
        add("draining", 503, try await caller.chat())
        return answers
    }
}
