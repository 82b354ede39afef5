import Foundation
import Glibc
import MockUpstream
import ORKTestSupport
import Testing

/// Keys that the upstream is asked about while they are imported.
@Suite("Import of keys, checked") struct ImportChecksTests {
    private static let empty = DaemonOptions(keys: [])

    private func file(_ lines: [String], _ daemon: DaemonFixture) throws -> String {
        let path = daemon.inputs + "/keys.txt"
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A secret of which the mock says what the test wants.
    private func secret(
        _ name: String, _ daemon: DaemonFixture, account: String? = nil,
        _ change: @escaping (inout MockKey) -> Void = { _ in }
    ) -> String {
        let secret = daemon.newSecret(name, account: account)
        daemon.mock.change(key: secret, change)
        return secret
    }

    private func item(_ line: String, _ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init) + ["-o", "json"])
        return try #require(ran.items.first, "\(line): \(ran.stderr)")
    }

    private static func date(days: Int) -> String {
        Date(timeIntervalSinceNow: Double(days) * 86_400).formatted(.iso8601)
    }

    @Test(
        "every key is sorted by what the upstream says, and those that can serve nobody are refused",
        .proves("KP-07", "KP-11", "KP-18"))
    func sorted() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let good = [secret("g1", daemon, account: "x"), secret("g2", daemon, account: "x")]
            let free = secret("free", daemon)
            daemon.mock.change(account: "user_free") { $0.purchased = .zero }
            let lines =
                good + [
                    free, secret("spent", daemon) { $0.limit = .zero },
                    secret("soon", daemon) { $0.expiresAt = Self.date(days: 3) },
                    secret("expired", daemon) { $0.expiresAt = Self.date(days: -3) },
                    secret("manager", daemon) { $0.isManagement = true },
                    secret("dead", daemon) { $0.disabled = true }, good[0], daemon.secret("a"),
                ]
            let path = try file(lines, daemon)
            let trial = try await daemon.orkctl("keys", "import", path, "--check", "--dry-run", "-o", "json")
            let asked = daemon.mock.requests.count { $0.path.hasSuffix("/v1/key") }
            #expect(asked == 8)
            let ran = try await daemon.orkctl("keys", "import", path, "--check")
            #expect(ran.status == 3)
            #expect(
                ran.stdout == """
                    added 5   unchanged 1   rejected 4
                      1 × duplicate   1 × key-expired   1 × key-rejected   1 × management-key
                    checked: valid 5   accounts 4   free tier 1   limit used up 1   expiring within 7 days 1   \
                    expired 1   management keys 1   rejected 1   duplicates 2

                    """)
            #expect(ran.stderr.contains("line 7   this is a management key, which serves no requests"))
            let names = [
                "valid", "accounts", "free_tier", "spent", "expiring", "limited", "expired", "management",
                "rejected", "unreachable", "duplicates",
            ]
            let counts = names.map { trial.json?["checks"]?[$0]?.integer }
            #expect(counts == [5, 4, 1, 1, 1, 0, 1, 1, 1, 0, 2])
            let rejections = trial.json?["rejections"]?.elements ?? []
            #expect(rejections.compactMap { $0["line"]?.integer } == [6, 7, 8, 9])
            #expect(
                try await daemon.orkctl("keys", "list", "-o", "name").stdout.split(separator: "\n").count == 6
            )
            for _ in 0..<6 { #expect(try await daemon.caller.chat().status == 200) }
        }
    }

    @Test("what add refuses import does too, and test names it", .proves("KP-18"))
    func management() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let manager = secret("manager", daemon) { $0.isManagement = true }
            let added = try await daemon.orkctl("keys", "add", "m", "-o", "json", stdin: manager + "\n")
            #expect(added.status == 65)
            #expect(added.failure?["code"]?.text == "management-key")
            let unasked = try await daemon.orkctl("keys", "add", "m", "--no-check", stdin: manager + "\n")
            #expect(unasked.status == 0)
            let tested = try await daemon.orkctl("keys", "test", "m", "-o", "json")
            #expect(tested.status == 2)
            #expect(tested.items.first?["result"]?.text == "management")
            #expect(try await daemon.key("m")["state"]?.text == "suspect")
            let told = try await daemon.orkctl("explain", "management-key")
            #expect(told.status == 0 && told.stdout.contains("administers"))
        }
    }

    @Test("after an import a key tells the same of its account and its limit as after add", .proves("KP-06"))
    func learnt() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let limit = { (key: inout MockKey) in (key.limit, key.reset) = (.dollars(5), .monthly) }
            let added = secret("added", daemon, account: "x", limit)
            try await daemon.orkctl("keys", "add", "added", stdin: added + "\n")
            try await daemon.orkctl("pools", "add", "team")
            let row = "imported," + secret("imported", daemon, account: "x", limit)
            let ran = try await daemon.orkctl(
                "keys", "import", try file([row], daemon), "--check", "--pool", "team")
            #expect(ran.status == 0, "\(ran.stderr)")
            for name in ["added", "imported"] {
                let key = try await item("keys show \(name)", daemon)
                #expect(key["account"]?.text == "user_x" && key["checked"]?.isTrue == true)
                let quota = try await item("quota show \(name)", daemon)
                #expect(quota["account"]?.text == "user_x")
                #expect(quota["upstream"]?["limit"]?.text == "5.00")
                #expect(quota["upstream"]?["left"]?.text == "5.00")
                #expect(quota["upstream"]?["reset"]?.text == "monthly")
            }
            #expect(try await item("keys show imported", daemon)["pool"]?.text == "team")
            let accounts = try await daemon.orkctl("accounts", "list", "-o", "json").items
            #expect(accounts.map { $0["id"]?.text } == ["user_x"])
            #expect(accounts.map { $0["keys"]?.integer } == [2])
            let unknown = try await daemon.orkctl("keys", "import", "-", "--pool", "nosuch", stdin: "x\n")
            #expect(unknown.status == 4 && unknown.stderr.contains("[pool-not-found]"))
        }
    }

    @Test("Ctrl-C ends the questions that are under way, and no other is asked")
    func interrupted() async throws {
        try await withDaemon(Self.empty) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            defer { gate.open() }
            daemon.mock.always("/key", .usual.after(gate))
            let path = try file((1...20).map { secret("k\($0)", daemon) }, daemon)
            let running = try daemon.talk("keys", "import", path, "--check", onTerminal: false)
            try await gate.reached(by: 8)
            let start = ContinuousClock.now
            running.signal(SIGINT)
            #expect(try await running.end() == 130)
            daemon.keep(running.shown, of: "import")
            try await eventually("nobody waits for an answer any more") {
                daemon.mock.events.count { $0.kind == .cancelled } == 8
            }
            // Their own patience is ten seconds.
            #expect(ContinuousClock.now - start < .seconds(8))
            #expect(daemon.mock.requests.count == 8)
            #expect(!daemon.log.contains("unexpected error"))
            #expect(try await daemon.control("GET", "/v1/keys?limit=1").json?["total"]?.integer == 0)
        }
    }
}
