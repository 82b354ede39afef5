import ORKit
import Testing

@Suite("status, health, version, explain")
struct ObserveTests {
    @Test("status fits one screen", arguments: ["table", "json", "csv"])
    func status(format: String) throws {
        let report = Samples.status(conditions: [Samples.resting])
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/status", body: Samples.item("ork.status/1", report))
        ])
        let ran = try orkctl("status", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "status.\(format)")
    }

    @Test("status with an error says what to do and exits 2")
    func notServing() throws {
        let report = Samples.status(serving: "not-serving", conditions: [Samples.empty])
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/status", body: Samples.item("ork.status/1", report))
        ])
        let ran = try orkctl("status", daemon: daemon)
        #expect(ran.code == 2)
        try expectGolden(ran.out, "status-not-serving.table")
    }

    @Test("orkctl -q status is a probe: 0 serving, 2 draining, 69 absent, and no word [SH-06]")
    func probe() throws {
        let serving = Samples.item("ork.status/1", Samples.status(conditions: [Samples.resting]))
        let draining = Samples.item("ork.status/1", Samples.status(serving: "draining"))
        let up = try orkctl(
            "-q", "status", daemon: FakeDaemon([.init(expect: "GET /v1/status", body: serving)]))
        #expect(up.code == 0 && up.out.isEmpty && up.err.isEmpty)
        let down = try orkctl(
            "-q", "status", daemon: FakeDaemon([.init(expect: "GET /v1/status", body: draining)]))
        #expect(down.code == 2 && down.out.isEmpty)
        #expect(try orkctl("-q", "status").code == 69)
    }

    @Test(
        "health prints one word and exits 0, 1 or 2 [HL-08]",
        arguments: [("healthy", 0), ("degraded", 1), ("down", 2)])
    func health(word: String, code: Int32) throws {
        let body = Samples.item("ork.health/1", HealthReport(status: word, conditions: []))
        let ran = try orkctl("health", daemon: FakeDaemon([.init(expect: "GET /v1/health", body: body)]))
        #expect(ran.out == word + "\n" && ran.code == code)
    }

    @Test("without a daemon, health is down [HL-08]")
    func absent() throws {
        let ran = try orkctl("health")
        #expect(ran.out == "down\n" && ran.code == 2 && ran.err.contains("[daemon-absent]"))
        let json = try orkctl("health", "-o", "json")
        #expect(json.code == 2 && json.err.isEmpty && json.out.contains(#""code" : "daemon-absent""#))
    }

    @Test("version tells both releases, with and without a daemon")
    func version() throws {
        let body = Samples.item("ork.version/1", VersionReport(version: "0.1.0", api: 1, sqlite: "3.40.1"))
        let both = try orkctl("version", daemon: FakeDaemon([.init(expect: "GET /v1/version", body: body)]))
        #expect(
            both.out == "orkctl \(API.release)   API 1\norkd 0.1.0   API 1   SQLite 3.40.1\n"
                && both.code == 0)
        let alone = try orkctl("version")
        #expect(alone.out.hasSuffix("orkd does not answer\n") && alone.code == 0 && alone.err.isEmpty)
        #expect(try orkctl("keys", "list", "--version").out == "orkctl \(API.release)\n")
    }

    @Test("a daemon of another release is warned of once")
    func otherRelease() throws {
        let first = Samples.list("ork.keys/1", [Samples.key], next: "c1")
        let second = Samples.list("ork.keys/1", [Samples.restingKey])
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/keys", body: first, headers: ["Orkd-Release": "9.9.9"]),
            .init(expect: "GET /v1/keys", body: second, headers: ["Orkd-Release": "9.9.9"]),
        ])
        let ran = try orkctl("keys", "list", "-o", "name", daemon: daemon)
        #expect(ran.code == 0)
        #expect(ran.err.split(separator: "\n").count == 1 && ran.err.contains("orkd is 9.9.9"))
    }

    @Test("explain ID tells the decisions in order", arguments: [Samples.request, Samples.refusedRequest])
    func trail(request: RequestView) throws {
        let body = Samples.item("ork.request/1", request)
        let daemon = try FakeDaemon([.init(expect: "GET /v1/requests/\(request.id)", body: body)])
        let ran = try orkctl("explain", request.id, daemon: daemon)
        #expect(ran.code == 0)
        try expectGolden(ran.out, "explain-\(request.end)")
    }

    @Test("explain CODE works without a daemon, for every code", arguments: ErrorCode.allCases)
    func code(code: ErrorCode) throws {
        let entry = code.entry
        #expect(!entry.title.isEmpty && !entry.title.hasSuffix(".") && !entry.title.contains("\n"))
        #expect(entry.text.hasSuffix(".") && entry.text.count > 40)
        #expect(entry.hints.count <= 2)
        #expect((200...599).contains(entry.status) && (0...130).contains(entry.exit))
        // On the pool's side it is never the caller's fault (ruling 11).
        if [.key, .account, .provider, .modelAtKey, .modelAtProvider, .network].contains(entry.scope) {
            #expect(entry.status != 401 && entry.status != 402)
        }
    }

    @Test("explain prints one entry, lists them all, and guesses what was meant")
    func codes() throws {
        try expectGolden(orkctl("explain", "no-upstream-key").out, "explain-code.table")
        #expect(
            try orkctl("explain", "--list", "-o", "name").out.split(separator: "\n").count
                == ErrorCode.allCases.count)
        let near = try orkctl("explain", "no-upstreem-key")
        #expect(near.code == 4 && near.err.contains("did you mean:   orkctl explain no-upstream-key"))
    }

    @Test("the message for an empty pool has the words that S4's users look for")
    func words() {
        #expect(ErrorCode.noUpstreamKey.entry.title.contains("No available API keys"))
    }
}
