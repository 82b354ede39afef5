import Foundation
import Glibc
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 34, 35, 37 and 38: what the account behind the
/// pool says stays here. Besides, every end-to-end test looks for its secrets
/// in everything that was written or answered (`LeakTests`).
@Suite("Attacks for secrets") struct LeakAttackTests {
    /// Stands where an upstream tells what callers must not learn.
    private static let mark = "MARK-7f3a"

    private static func told(_ status: Int, _ message: String, type: String) -> String {
        JSON.object([
            .init(
                "error",
                [
                    "message": .string(message + " " + mark), "code": JSON(status), "type": .string(type),
                    "metadata": ["error_type": .string(type), "account": .string(mark)],
                ]), .init("user_id", .string("user_" + mark)),
        ]).encoded
    }

    private static let statements: [(Int, String, String)] = [
        (401, "User not found.", "authentication"),
        (401, "Incorrect API key provided: sk-or-v1-…9c41.", "authentication"),
        (401, "No auth credentials found", "authentication"),
        (401, "Your API key has been disabled", "authentication_error"),
        (402, "Insufficient credits. Add more using https://openrouter.ai/credits", "payment_required"),
        (402, "This request requires more credits, but you can only afford 3", "payment_required"),
        (402, "Too much of your balance is held by running requests", "billing_error"),
        (403, "Key limit exceeded (total limit)", "permission_denied"),
        (
            403, "Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys",
            "permission_denied"
        ),
    ]

    @Test("81 statements about the pool's credential and credit are replaced by ours", .proves("B4-34"))
    func replaced() async throws {
        var options = DaemonOptions(keys: [])
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for (status, message, type) in Self.statements {
                let body = Self.told(status, message, type: type)
                for (path, inBand) in [
                    ("/chat/completions", "json"), ("/responses", "json"), ("/messages", "json"),
                    ("/completions", "json"),
                    ("/embeddings", "json"), ("/chat/completions", "stream"), ("/responses", "stream"),
                    ("/messages", "stream"), ("/chat/completions", "status"),
                ] {
                    try await daemon.addKey("k\(tally.total)")
                    let act: Act =
                        switch inBand {
                        case "json": .status(200, headers: [("X-Account", Self.mark)], body: body)
                        case "stream":
                            .status(
                                200, headers: [("Content-Type", "text/event-stream")],
                                body: ": hello\n\ndata: \(body)\n\n")
                        default:
                            .status(
                                status, headers: [("X-Account", Self.mark), ("WWW-Authenticate", Self.mark)],
                                body: body)
                        }
                    daemon.mock.script(.path(path), act)
                    let reply = try await daemon.caller.post(
                        "/v1" + path, ["model": "v/m", "stream": .bool(inBand == "stream"), "max_tokens": 5])
                    #expect(
                        [429, 503].contains(reply.status),
                        "\(status) \(path) \(inBand): \(reply.status) \(reply.text)")
                    let heard =
                        reply.text + reply.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
                    #expect(!heard.contains(Self.mark), "\(status) \(path) \(inBand): \(heard)")
                    #expect(!heard.contains("openrouter.ai"), "\(status) \(path) \(inBand)")
                    #expect(
                        daemon.mock.actsLeft(.path(path)) == 0, "\(status) \(path) \(inBand) was not asked")
                    // One key at a time: another would be asked, and serve.
                    try await daemon.orkctl("keys", "remove", "k\(tally.total)", "--yes")
                    tally.add(reply)
                }
            }
            #expect(tally.total == 81)
            tally.print("34")
        }
    }

    @Test(
        "38 fields about the pool's account, its edge and its connection never reach a caller",
        .proves("B4-35"))
    func fields() async throws {
        let hidden: [(String, String)] = [
            ("Set-Cookie", "a=b"), ("Set-Cookie", "__cf_bm=x"), ("Server", "cloudflare"), ("Via", "1.1 x"),
            ("CF-RAY", "1"),
            ("CF-Cache-Status", "MISS"), ("cf-mitigated", "challenge"), ("X-RateLimit-Limit", "20"),
            ("X-RateLimit-Remaining", "3"), ("X-RateLimit-Reset", "1"), ("x-ratelimit-limit-requests", "1"),
            ("x-ratelimit-remaining-tokens", "2"), ("OpenAI-Organization", "org-1"),
            ("OpenAI-Project", "proj_1"),
            ("X-Request-ID", "req_1"), ("Alt-Svc", "h3=\":443\""), ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Credentials", "true"), ("Access-Control-Expose-Headers", "*"),
            ("Access-Control-Max-Age", "1"), ("Strict-Transport-Security", "max-age=1"),
            ("X-Frame-Options", "ALLOW"),
            ("Content-Security-Policy", "script-src *"), ("Referrer-Policy", "unsafe-url"),
            ("Permissions-Policy", "x"),
            ("X-Content-Type-Options", "x"), ("X-XSS-Protection", "1"), ("Ork-Request", "forged"),
            ("Ork-Other", "forged"),
            ("Keep-Alive", "timeout=9"), ("Proxy-Connection", "close"), ("Proxy-Authenticate", "Basic"),
            ("Proxy-Authorization", "x"), ("Trailer", "X-Sum"), ("TE", "x"), ("Connection", "X-Hop"),
            ("X-Hop", "1"),
            ("HTTP2-Settings", "AAMA"),
        ]
        #expect(hidden.count == 38)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for stream in [false, true] {
                let plain = try await daemon.caller.chat(stream: stream)
                daemon.mock.script(
                    .everything,
                    hidden.reduce(Act.usual) { $0.header($1.0, $1.1) }.header("X-Generation-Id", "gen-1")
                        .header("X-Kept", "1"))
                let reply = try await daemon.caller.chat(stream: stream)
                #expect(reply.status == 200)
                // One more than without: what is not on the list passes.
                let names = reply.headers.map { $0.name.lowercased() }
                #expect(
                    Set(names)
                        == Set(plain.headers.map { $0.name.lowercased() }).union([
                            "x-kept", "x-generation-id",
                        ]))
                for (name, value) in hidden { #expect(!reply.values(name).contains(value), "\(name)") }
                #expect(names.filter { $0 == "ork-request" }.count == 1)
            }
            print("B4-35: \(hidden.count) fields kept back")
        }
    }

    @Test("5 deaths leave no core, no dump of registers and no secret", .proves("B4-37"))
    func crashes() async throws {
        var options = DaemonOptions()
        options.leaveSignalsToTheKernel()
        for signal in [SIGSEGV, SIGILL, SIGABRT, SIGBUS, SIGTRAP] {
            try await withDaemon(options) { (daemon: DaemonFixture) async throws in
                #expect(try await daemon.caller.chat().status == 200)
                let limits = try String(contentsOfFile: "/proc/\(daemon.pid)/limits", encoding: .utf8)
                let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
                #expect(core?.split(separator: " ").suffix(3).prefix(2) == ["0", "0"])
                #expect(try await daemon.die(by: signal) == 128 + signal)
                #expect(
                    !daemon.log.contains("Registers") && !daemon.log.contains("Backtrace"),
                    "\(daemon.log.suffix(500))")
                let files = try FileManager.default.contentsOfDirectory(atPath: daemon.scratch.path)
                #expect(!files.contains { $0.contains("core") })
            }
        }
        print("B4-37: 5 deaths")
    }

    @Test("keys that were replaced or removed are in no file", .proves("B4-38"))
    func removed() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "rotated", "removed"])) {
            (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            let secret = daemon.newSecret("new")
            let rotated = try await daemon.orkctl("keys", "rotate", "rotated", "--yes", stdin: secret + "\n")
            #expect(rotated.status == 0, "\(rotated.stderr)")
            #expect(try await daemon.orkctl("keys", "remove", "removed", "--yes").status == 0)
            #expect(daemon.search().hits.isEmpty)
            #expect(try await daemon.orkctl("cleanup").status == 0)
            #expect(daemon.search().hits.isEmpty)
            try await daemon.restart()
            #expect(daemon.search().hits.isEmpty && daemon.search().bytes > 10_000)
        }
    }
}
