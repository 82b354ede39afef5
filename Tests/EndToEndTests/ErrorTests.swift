import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What callers are told when something is refused: one status for each
/// reason, and one shape for all.
@Suite("Errors") struct ErrorTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    private func names(_ json: JSON?) -> [String] {
        guard case .object(let members)? = json else { return [] }
        return members.map(\.name)
    }

    /// The shape that the openai SDK reads, and S2's `detail` beside it on
    /// routes that are not the proxy's.
    private func expect(
        _ reply: Reply, _ status: Int, _ code: String, hasDetail: Bool = false, _ what: String = ""
    ) {
        #expect(reply.status == status && reply.errorCode == code, "\(what): \(reply.text)")
        #expect(reply.complete && reply.value("content-type") == "application/json", "\(what)")
        #expect(names(reply.json) == (hasDetail ? ["error", "detail"] : ["error"]), "\(what): \(reply.text)")
        let error = reply.json?["error"]
        let members = ["message", "type", "param", "code", "request_id"]
        #expect(Array(names(error).prefix(5)) == members, "\(what): \(reply.text)")
        #expect(error?["message"]?.text?.isEmpty == false && error?["param"]?.isNull == true, "\(what)")
        #expect(error?["type"]?.text == reply.value("x-error-type"), "\(what)")
        #expect(error?["request_id"]?.text == reply.value("ork-request"), "\(what)")
        if hasDetail { #expect(reply.json?["detail"]?.text == error?["message"]?.text, "\(what)") }
    }

    @Test(
        "each refusal has its status and the one shape, on the proxy's paths and beside them",
        .proves("ER-01", "ER-06", "ER-08", "ER-11"))
    func refusals() async throws {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            let admin = daemon.caller(key: Self.management)
            #expect(try await daemon.orkctl("users", "create", "alice").status == 0)
            #expect(try await daemon.orkctl("credits", "add", "alice", "1M").status == 0)
            let alice = daemon.caller(
                key: try await daemon.addClient("web", with: [.init("user", .string("alice"))]))
            for path in ["/user/balance", "/user/monitor", "/v1/models", "/health", "/"] {
                let good = try await alice.get(path)
                #expect(good.status == 200 && good.json?["error"] == nil, "\(path)")
            }
            #expect(try await alice.chat().status == 200)

            let delete = Array(#"{"confirmation":"DELETE_KEY"}"#.utf8)
            expect(
                try await alice.post("/user/api-keys", ["key_name": "x", "no": 1]), 400, "unknown-field",
                hasDetail: true)
            expect(
                try await alice.post("/user/api-keys", ["key_name": ""]), 400, "bad-value", hasDetail: true)
            expect(try await daemon.caller(key: nil).chat(), 401, "credential-missing")
            expect(try await daemon.caller(key: "gw_live_nobody").chat(), 401, "client-unknown")
            expect(
                try await daemon.caller(key: nil).get("/admin/balance"), 401, "credential-missing",
                hasDetail: true)
            expect(try await alice.get("/v1/keys"), 403, "path-not-permitted")
            expect(try await alice.get("/admin/balance"), 403, "path-not-permitted", hasDetail: true)
            expect(
                try await daemon.caller(key: nil).get("/user/balance"), 422, "credential-missing",
                hasDetail: true)

            // Nothing is there, or nothing of that name.
            expect(try await alice.get("/nowhere"), 404, "path-unknown", hasDetail: true)
            expect(try await alice.get("/user/nowhere"), 404, "path-unknown", hasDetail: true)
            for path in ["/admin/nowhere", "/admin/api/nowhere"] {
                expect(try await admin.get(path), 404, "path-unknown", hasDetail: true, path)
            }
            expect(
                try await alice.send("DELETE", "/user/api-keys/999", body: delete), 404, "client-not-found",
                hasDetail: true)
            for path in ["/admin/api/client-keys/999999", "/admin/api/openrouter-keys/999999"] {
                let reply = try await admin.send("DELETE", path)
                #expect(reply.status == 404 && reply.json?["detail"]?.text != nil, "\(path): \(reply.text)")
            }
            let nobody: JSON = ["user_id": 999, "credits": 5]
            expect(
                try await admin.post("/admin/add_credits", nobody), 404, "user-not-found", hasDetail: true)
            // Of paths that are the upstream's its own answer is told.
            let through: [JSON.Member] = [.init("permissions", ["inference", "catalogue", "passthrough"])]
            let passing = daemon.caller(key: try await daemon.addClient("through", with: through))
            for prefix in ["/v1", "/openrouter", "/openrouter/v1", "/api/v1"] {
                let reply = try await passing.get(prefix + "/nowhere")
                #expect(reply.status == 404 && reply.errorMessage == "Not Found", "\(prefix): \(reply.text)")
            }

            expect(try await admin.get("/admin/add_credits"), 405, "method-not-allowed", hasDetail: true)
            expect(try await alice.get("/api/v1/policies"), 501, "path-reserved")

            let one: JSON = ["user_id": 1, "rate_limits": ["requests_per_minute": 1]]
            #expect(try await admin.post("/admin/limit", one).status == 200)
            let limited = try await alice.chat()
            expect(limited, 429, "rate-limited")
            #expect(limited.value("retry-after").flatMap { Int($0) } != nil)
        }
    }

    @Test(
        "an upstream that limits, refuses or cannot be reached, and a pool without keys, are told as JSON",
        .proves("ER-08", "ER-10", "ER-11"))
    func upstream() async throws {
        var options = DaemonOptions(keys: [])
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for stream in [false, true] {
                expect(try await daemon.caller.chat(stream: stream), 503, "no-upstream-key")
            }
            try await daemon.addKey("a")
            try await daemon.mock.stopListening()
            expect(try await daemon.caller.chat(), 502, "upstream-unreachable")
            try await daemon.mock.listenAgain()
            daemon.mock.script(.everything, .html(500))
            expect(try await daemon.caller.chat(), 502, "upstream-error")
            // A shorter rest would be waited for.
            daemon.mock.script(.everything, .retryAfter("30"))
            #expect(try await daemon.caller.chat(model: "v/rests").status == 429)
            let resting = try await daemon.caller.chat(model: "v/rests")
            expect(resting, 429, "all-keys-resting")
            #expect(resting.value("retry-after").flatMap { Int($0) } != nil)
            // A key that the upstream does not know is no caller's 401.
            daemon.mock.always(.everything, .unauthorized)
            let refused = try await daemon.caller.chat(model: "v/other")
            #expect(refused.status >= 500 && names(refused.json) == ["error"], "\(refused.text)")
            let empty = try await daemon.caller.chat(model: "v/other")
            #expect(empty.status == 503 && names(empty.json) == ["error"], "\(empty.text)")
        }
    }

    @Test("a fault inside is told on the data port as an id and nothing else", .proves("ER-09", "ER-11"))
    func inside() async throws {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            let admin = daemon.caller(key: Self.management)
            #expect(try await admin.get("/admin/monitor").status == 200)
            // A table that is gone is a fault that no code expects.
            let sqlite = Program("/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"])
            let script =
                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('DROP TABLE request_batch')"
            let ran = try await sqlite.run(["-c", script, daemon.stateDirectory + "/orkd.db"])
            #expect(ran.status == 0, "\(ran.stderr)")
            let reply = try await admin.get("/admin/monitor")
            expect(reply, 500, "internal-error", hasDetail: true)
            for word in [
                "request_batch", "SQL", "SELECT", "no such table", daemon.stateDirectory, ".swift", "GRDB",
            ] {
                #expect(!reply.text.contains(word), "\(word) in \(reply.text)")
            }
            let id = try #require(reply.value("ork-request"))
            try await daemon.logged { $0.contains(id) && $0.contains("request_batch") }
        }
    }
}
