import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Whose a key is, learnt from the upstream.
@Suite("Accounts behind keys") struct AccountsTests {
    /// Adds keys of two accounts that nobody names: `a` and `b` of one, `c` of
    /// another.
    private func add(_ daemon: DaemonFixture, _ more: String...) async throws {
        for (name, account) in [("a", "x"), ("b", "x"), ("c", "y")] {
            let secret = daemon.newSecret(name, account: account)
            let ran = try await daemon.orkctl(
                ["keys", "add", name] + more, stdin: Data((secret + "\n").utf8))
            #expect(ran.status == 0, "\(ran.stderr)")
        }
    }

    private func account(_ key: String, _ daemon: DaemonFixture) async throws -> String? {
        try await daemon.key(key)["account"]?.text
    }

    @Test("asked when a key is added, the account is known, and an empty one is tried once")
    func asked() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon)
            #expect(try await account("a", daemon) == "user_x")
            #expect(try await account("c", daemon) == "user_y")
            daemon.mock.script(.key(daemon.secret("a")), .refuse(.creditsOut))
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["a", "c"])
            #expect(try await daemon.key("b")["state"]?.text == "exhausted")
        }
    }

    @Test("told by an answer, it is kept, and comes back after a kill")
    func told() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon, "--no-check")
            #expect(try await account("a", daemon) == nil)
            for key in ["a", "b"] { daemon.mock.script(.key(daemon.secret(key)), .refuse(.creditsOut)) }
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["a", "b", "c"])
            try await eventually("the account is in the key's row") {
                try await account("b", daemon) == "user_x"
            }
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await account("a", daemon) == "user_x")
            #expect(try await daemon.key("a")["state"]?.text == "exhausted")
            #expect(try await account("c", daemon) == nil)
            #expect(try await daemon.orkctl("keys", "set", "a", "--account", "mine").status == 0)
            #expect(try await account("a", daemon) == "mine")
        }
    }

    private func run(_ line: String, _ daemon: DaemonFixture, secret: String? = nil) async throws
        -> Program.Ran
    {
        let ran = try await daemon.orkctl(
            line.split(separator: " ").map(String.init), stdin: secret.map { Data(($0 + "\n").utf8) })
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
        return ran
    }

    private func shown(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        try #require(try await run("accounts show \(name) -o json", daemon).items.first)
    }

    @Test("accounts are listed with what rests on them, named, and both survive a kill")
    func listed() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon)
            try await daemon.addKey("d")
            let rows = try await run("accounts list -o json", daemon).items
            #expect(rows.map { $0["id"]?.text } == ["user_x", "user_y", "unknown"])
            #expect(rows.map { $0["keys"]?.integer } == [2, 1, 1])
            _ = try await run("accounts set user_x --name core --note cards", daemon)

            daemon.mock.script(.key(daemon.secret("a")), .refuse(.creditsOut))
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 200)
            // Once it is on disk.
            _ = try await daemon.record(of: reply)
            // Before the kill, which may take a second of counting with it.
            let attempts = try await run("accounts list -o json", daemon).items.compactMap {
                $0["counters"]?["attempts"]?.integer
            }
            #expect(attempts.reduce(0, +) == Int64(daemon.keysUsed.count))
            for turn in ["before", "after"] {
                let core = try await shown("core", daemon)
                let rest = try #require(core["rests"]?.elements?.first, "\(turn) the kill")
                #expect(rest["scope"]?.text == "account" && rest["because"]?.text == "credits-out")
                #expect(rest["rule"]?.text?.hasPrefix("402") == true)
                #expect(rest["evidence"]?.text?.contains("credits") == true)
                #expect(core["id"]?.text == "user_x" && core["note"]?.text == "cards")
                #expect(core["members"]?.elements?.map { $0["name"]?.text } == ["a", "b"])
                #expect(core["by_state"]?["exhausted"]?.integer == 2)
                #expect(try await shown("user_y", daemon)["rests"]?.elements?.isEmpty == true)
                if turn == "before" {
                    try await daemon.kill9()
                    try await daemon.start()
                }
            }
            let table = try await run("accounts list", daemon).stdout.split(separator: "\n")
            #expect(table.count == 4)
            #expect(table[1].contains("core") && table[1].contains("2 exhausted"))
            #expect(table[1].contains("credits-out"))
            #expect(table[3].hasPrefix("unknown"))
            let audit = try await run("events --filter kind=audit -o json", daemon)
            #expect(
                audit.items.contains { $0["event"]?.text == "accounts.set" && $0["noun"]?.text == "account" })
        }
    }

    @Test("what its keys share is told once for the account, whichever of them heard of it", .proves("QA-11"))
    func shared() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon)
            let reset = MockOpenRouter.Options.wallClock() + 3_600_000
            daemon.mock.script(.key(daemon.secret("a")), .freeTier(perDay: true, resetAt: reset))
            daemon.mock.script(.key(daemon.secret("c")), .retryAfter("11"))
            let reply = try await daemon.caller.chat(model: "v/m:free")
            #expect(reply.status == 429 && daemon.keysUsed == ["a", "c"], "\(reply.text)")
            try await eventually("what a refusal said is kept") {
                try await shown("user_x", daemon)["shared"]?["limits"]?.elements?.count == 1
            }
            try await daemon.kill9()
            try await daemon.start()
            let shared = try #require(try await shown("user_x", daemon)["shared"])
            let limit = try #require(shared["limits"]?.elements?.first)
            #expect(limit["rule"]?.text == "429-free-tier-daily" && limit["limit"]?.integer == 50)
            #expect(limit["left"]?.integer == 0 && limit["reset_at"]?.text != nil)
            // As `GET /key` told when they were added.
            #expect(
                shared["free_requests"]?["left"]?.integer != nil && shared["free_requests_at"]?.text != nil)
            #expect(try await shown("user_y", daemon)["shared"]?["limits"]?.elements?.isEmpty == true)
            let rows = try await run("accounts list -o json", daemon).items
            #expect(rows.count == 2 && rows.allSatisfy { $0["shared"] == nil })
            let table = try await run("accounts show user_x", daemon).stdout
            #expect(table.contains("429-free-tier-daily: 0 of 50 left, begins anew in"), "\(table)")
        }
    }

    @Test(
        "a name is as good as the id, and a rotated key goes with its new secret unless somebody said whose it is"
    )
    func rotated() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon)
            _ = try await run("accounts set user_x --name core", daemon)
            _ = try await run(
                "keys add e --account core", daemon, secret: daemon.newSecret("e", account: "x"))
            #expect(try await account("e", daemon) == "user_x")
            for key in ["a", "e"] {
                let secret = daemon.newSecret(key + "-new", account: "y")
                _ = try await run("keys rotate \(key) --yes", daemon, secret: secret)
            }
            #expect(try await account("a", daemon) == "user_y")
            #expect(try await account("e", daemon) == "user_x")
            daemon.mock.script(.key(daemon.secret("b")), .refuse(.creditsOut))
            _ = try await run("keys disable a c e", daemon)
            #expect(try await daemon.caller.chat().status == 503)
            _ = try await run("keys enable a e", daemon)
            #expect(try await daemon.key("a")["state"]?.text == "usable")
            #expect(try await daemon.key("e")["state"]?.text == "exhausted")
            let secret = daemon.newSecret("a-last", account: "y")
            _ = try await run("keys rotate a --yes --no-check", daemon, secret: secret)
            #expect(try await account("a", daemon) == nil)
            #expect(
                try await shown("unknown", daemon)["members"]?.elements?.map { $0["name"]?.text } == ["a"])
        }
    }
}
