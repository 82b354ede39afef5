// EndToEndTests: the built programs against the mock upstream, driven as users drive them.
// Here: one file per group of capabilities; what a caller, an operator and a supervisor can see.
// Not here: what a unit test can prove. May import ORKTestSupport, MockUpstream, ORKit, Testing, Foundation.

import MockUpstream
import ORKTestSupport
import Testing

@Suite("Paths of the proxy") struct ProxyPathTests {
    private static let passthrough: [JSON.Member] = [
        .init("permissions", ["inference", "catalogue", "passthrough"])
    ]

    @Test("every method arrives upstream with the same path", .proves("PX-01"))
    func methods() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller(key: try await daemon.addClient("through", with: Self.passthrough))
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] {
                let body = ["POST", "PUT", "PATCH"].contains(method) ? Array("{}".utf8) : nil
                let reply = try await caller.send(method, "/v1/echo", body: body)
                #expect(reply.status == 200, "\(method)")
                let seen = try #require(daemon.relayed.last)
                #expect(seen.method == method)
                #expect(seen.path == "/api/v1/echo")
            }
        }
    }

    @Test("four spellings of a path are one path upstream, with equal bodies", .proves("PX-02"))
    func spellings() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var bodies: Set<String> = []
            for path in ["/v1/models", "/openrouter/models", "/openrouter/v1/models", "/api/v1/models"] {
                let reply = try await daemon.caller.get(path)
                #expect(reply.status == 200, "\(path)")
                bodies.insert(reply.digest)
            }
            #expect(bodies.count == 1)
            #expect(Set(daemon.relayed.map(\.path)) == ["/api/v1/models"])
        }
    }

    @Test("the whole inference API is reachable", .proves("PX-03"))
    func endpoints() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let bodies: [(String, JSON)] = [
                ("/completions", ["model": "v/m", "prompt": "x"]),
                ("/responses", ["model": "v/m", "input": "x"]),
                (
                    "/messages",
                    ["model": "v/m", "max_tokens": 5, "messages": [["role": "user", "content": "x"]]]
                ),
                ("/embeddings", ["model": "v/m", "input": "x"]), ("/rerank", ["model": "v/m", "query": "x"]),
                ("/images", ["model": "v/m", "prompt": "x"]),
                ("/audio/speech", ["model": "v/m", "input": "x"]),
            ]
            for (path, body) in bodies {
                let reply = try await daemon.caller.post("/v1" + path, body)
                #expect(reply.status == 200, "\(path)")
                let seen = try #require(daemon.relayed.last)
                #expect(seen.path == "/api/v1" + path)
                #expect(seen.bodyDigest == SHA256.hex(Array(body.encoded.utf8)))
            }
        }
    }

    @Test("paths of the account are refused to an ordinary client", .proves("PX-03"))
    func accountPaths() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for path in ["/v1/keys", "/v1/activity"] {
                let reply = try await daemon.caller.get(path)
                #expect(reply.status == 403, "\(path)")
                #expect(reply.errorCode == "path-not-permitted")
            }
            #expect(daemon.relayed.isEmpty)
        }
    }

    @Test("the query goes upstream as it is, repeated names too", .proves("PX-12"))
    func query() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.caller.get("/v1/models?a=1&a=2&b=%20x&c")
            #expect(daemon.relayed.last?.query == "a=1&a=2&b=%20x&c")
        }
    }

    @Test(
        "each spelling of the base URL reaches the same API", .proves("PX-19"),
        arguments: [("", "/v1"), ("/v1/", "/v1"), ("/api", "/api/v1"), ("/api/v1/", "/api/v1")])
    func baseSpellings(_ base: String, _ prefix: String) async throws {
        var options = DaemonOptions()
        options.basePath = base
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.get("/v1/models").status == 200)
            #expect(daemon.relayed.last?.path == prefix + "/models")
        }
    }

    @Test("a model id never seen before is forwarded", .proves("PX-23"))
    func anyModel() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for model in [
                "deepseek/deepseek-chat:free", "deepseek/deepseek-r1-0528", "nobody/has-heard-of:this",
            ] {
                #expect(try await daemon.caller.chat(model: model).status == 200)
                #expect(daemon.relayed.last?.model == model)
            }
        }
    }
}
