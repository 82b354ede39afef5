import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 3 to 5: what a client key does not reach, however
/// it is written.
@Suite("Attacks on paths") struct PathAttackTests {
    @Test(
        "4,000 disguises of forbidden paths: only allowed methods and paths go upstream",
        .proves("B4-3", "SE-05"))
    func disguises() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var disguises = PathDisguises(Seed.current.generator("path disguises"))
            var distinct: Set<String> = []
            var tally = Tally()
            var wire = try await daemon.caller.wire()
            var expected = 0
            while distinct.count < 4000 {
                let (method, target) = disguises.next()
                guard distinct.insert(method + " " + target).inserted else { continue }
                let relayed = daemon.mock.count
                try await wire.send(daemon.caller.head(method, target, length: method == "POST" ? 0 : nil))
                let reply = try await wire.reply(answersHead: method == "HEAD")
                if daemon.mock.count > relayed {
                    expected += 1
                } else {
                    let isRefusal = [400, 403, 404, 405, 501].contains(reply.status)
                    #expect(isRefusal, "\(method) \(target): \(reply.status), \(Seed.current)")
                    if method != "HEAD" { tally.add(reply) }
                }
                if distinct.count % 20 == 0 {
                    // The good way stays open meanwhile.
                    expected += 1
                    #expect(try await daemon.caller.get("/v1/models/a/b:\(distinct.count)").status < 500)
                }
                if reply.value("connection") == "close" {
                    #expect(try await wire.takeAll() == [], "\(method) \(target)")
                    await wire.close()
                    wire = try await daemon.caller.wire()
                }
            }
            await wire.close()
            for request in daemon.mock.requests {
                let isAllowed = AllowedPath.holds(request.method, request.path)
                #expect(isAllowed, "\(request.method) \(request.path), \(Seed.current)")
            }
            #expect(daemon.mock.requests.count == expected)
            print(
                "B4-3: \(distinct.count) variants, \(expected) of them allowed catalogue paths; refused: \(tally)"
            )
        }
    }

    @Test(
        "16 ids that climb: 404 out of the prefix, 400 inside it, on the data port and the socket",
        .proves("B4-3", "SE-05"))
    func climbs() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for path in [
                "/v1/../keys", "/v1/models/../../keys", "/v1/%2e%2e/keys", "/v1/models/..%2f..%2fkeys",
                "/openrouter/../admin",
                "/api/v1/../../etc/passwd", "/../etc/passwd", "/v1/models/x/%2e%2e%2f%2e%2e/%2E%2E/%2E%2E/x",
            ] {
                let reply = try await daemon.caller.get(path)
                #expect(reply.status == 404 && reply.errorCode == "path-unknown", "\(path): \(reply.text)")
            }
            for path in [
                "/v1/models/../keys", "/v1/models/a/..", "/v1/models/./a", "/openrouter/v1/x/..%5cy",
            ] {
                let reply = try await daemon.caller.get(path)
                #expect(reply.status == 400 && reply.errorCode == "bad-path", "\(path): \(reply.text)")
            }
            for path in [
                "/v1/requests/../keys", "/v1/requests/..%2fkeys", "/v1/requests/%2e%2e", "/v1/../v1/keys",
            ] {
                let reply = try await daemon.control("GET", path)
                #expect([400, 404].contains(reply.status), "\(path): \(reply.text)")
            }
            #expect(daemon.mock.requests.isEmpty)
        }
    }

    @Test("the oracle of the disguises finds planted ways out, and lets good paths be")
    func oracle() {
        for path in [
            "/api/v1/keys", "/api/v1/models/../keys", "/api/v1/models/%2e%2e/keys",
            "/api/v1/models%2f..%2fkeys",
            "/api/v1/models/%252e%252e/keys", "/api/v1//keys", "/api/v1/models/..;/keys",
            "/api/v1/models/a\\..\\..\\keys",
            "/api/v1/Keys", "/v1/models", "/api/v1/models/．．/keys", "/api/v1/models/a.",
            "/api/v1/models/a%20",
        ] { #expect(!AllowedPath.holds("GET", path), "\(path)") }
        #expect(
            !AllowedPath.holds("DELETE", "/api/v1/models") && !AllowedPath.holds("GET", "/api/v1/messages"))
        for path in ["/api/v1/models", "/api/v1/models/a/b:free", "/api/v1/model/x-y.1"] {
            #expect(AllowedPath.holds("GET", path), "\(path)")
        }
    }

    @Test("62 questions about the account behind the pool, and none is asked", .proves("B4-4"))
    func account() async throws {
        let paths = [
            "/key", "/auth/key", "/credits", "/keys", "/keys/0123", "/activity", "/auth/keys",
            "/auth/keys/code",
            "/oauth/token", "/byok", "/guardrails", "/workspaces", "/KEY", "/Credits",
        ]
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for method in ["GET", "POST", "PATCH", "DELETE"] {
                for path in paths {
                    let reply = try await daemon.caller.send(
                        method, "/v1" + path, body: method == "GET" ? nil : Array("{}".utf8))
                    #expect(
                        reply.status == 403 && reply.errorCode == "path-not-permitted", "\(method) \(path)")
                    tally.add(reply)
                }
            }
            #expect(tally.total == 56)
            #expect(daemon.mock.requests.isEmpty)
            // The names that are ours below /api/v1 are nobody's yet.
            for name in ["keys", "policies", "state", "requests", "budgets", "quotas"] {
                let reply = try await daemon.caller.get("/api/v1/" + name)
                #expect(reply.status == 501 && reply.errorCode == "path-reserved", "\(name)")
                tally.add(reply)
            }
            #expect(daemon.mock.requests.isEmpty)
            tally.print("4")
        }
    }

    @Test("36 questions about what other clients stored: 403 each, and none is asked", .proves("B4-5"))
    func objects() async throws {
        let questions = [
            "GET /generation?id=gen-1", "GET /generation/content?id=gen-1", "POST /generation/feedback",
            "GET /files", "POST /files", "GET /files/file-1", "GET /files/file-1/content",
            "DELETE /files/file-1",
            "GET /batches", "POST /batches", "GET /batches/batch-1", "POST /batches/batch-1/cancel",
            "DELETE /batches/batch-1", "POST /videos", "GET /videos/job-1", "GET /videos/job-1/content",
            "DELETE /videos/job-1", "GET /responses/resp-1", "DELETE /responses/resp-1",
            "POST /responses/resp-1/cancel", "GET /responses/resp-1/input_items", "GET /chat/completions",
            "GET /chat/completions/chatcmpl-1", "POST /chat/completions/chatcmpl-1",
            "DELETE /chat/completions/chatcmpl-1", "GET /messages/batches", "POST /messages/batches",
            "GET /messages/batches/msgbatch-1/results", "POST /fine_tuning/jobs", "GET /assistants",
            "POST /threads", "GET /vector_stores", "GET /uploads/u-1", "GET /conversations/conv-1",
            "GET /containers", "POST /realtime/sessions",
        ]
        #expect(questions.count == 36)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for question in questions {
                let words = question.split(separator: " ").map(String.init)
                let reply = try await daemon.caller.send(
                    words[0], "/v1" + words[1], body: words[0] == "POST" ? Array("{}".utf8) : nil)
                #expect(reply.status == 403 && reply.errorCode == "path-not-permitted", "\(question)")
                tally.add(reply)
            }
            #expect(daemon.mock.requests.isEmpty)
            tally.print("5")
        }
    }
}
