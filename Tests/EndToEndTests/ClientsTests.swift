import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Client keys, issued and taken back from the shell, tried at the data port.
@Suite("Client keys") struct ClientsTests {
    /// Issues a key, which is then looked for like any secret.
    private func issue(_ name: String, _ more: [String] = [], _ daemon: DaemonFixture) async throws -> String
    {
        let ran = try await daemon.orkctl(["clients", "add", name, "-q"] + more, mayIssue: true)
        #expect(ran.status == 0, "\(ran.stderr)")
        let secret = ran.stdout.filter { $0 != "\n" }
        daemon.watch(Canary(name: "client \(name)", secret: secret), issuedHere: true)
        return secret
    }

    private func status(_ key: String, _ daemon: DaemonFixture) async throws -> Int {
        try await daemon.caller(key: key).chat().status
    }

    private func client(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl("clients", "show", name, "-o", "json")
        return try #require(ran.items.first, "\(ran.stderr)")
    }

    @Test(
        "a client key is printed alone with -q, works at once, and is shown nowhere again",
        .proves("CK-01", "CK-02", "CK-09", "SH-05"))
    func issueOnce() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let ran = try await daemon.orkctl("clients", "add", "alice", "-q", mayIssue: true)
            #expect(ran.status == 0)
            #expect(ran.stderr == "")
            let secret = String(ran.stdout.dropLast())
            #expect(ran.stdout.last == "\n")
            #expect(secret.wholeMatch(of: /gw_live_[0-9A-Za-z]{43}/) != nil)
            daemon.watch(Canary(name: "alice", secret: secret))
            #expect(try await status(secret, daemon) == 200)
            let shown = try await client("alice", daemon)
            #expect(shown["secret"] == nil)
            #expect(shown["masked"]?.text == "gw_live_…" + secret.suffix(4))
            #expect(shown["fingerprint"]?.text == String(SHA256.hex(secret.utf8).prefix(12)))
            for words in [
                ["clients", "list", "-o", "wide"], ["clients", "show", "alice"],
                ["requests", "list", "-o", "json"],
                ["clients", "set", "alice", "--note", "x", "-v"], ["clients", "list", "-o", "csv"],
            ] {
                #expect(try await daemon.orkctl(words).status == 0)
            }
            // A second time there is nothing to show: no key, and no new one.
            let again = try await daemon.orkctl("clients", "add", "alice", "-q")
            #expect(again.status == 5 && again.stdout == "")
            #expect(again.stderr.contains("“alice” exists"))
            try await daemon.terminate()
            // The output that issued it aside, not even the database has it.
            let hits = daemon.search().hits.filter { !$0.place.hasPrefix("output of orkctl clients add") }
            #expect(hits.isEmpty)
            daemon.watch(Canary(name: "alice", secret: secret), issuedHere: true)
        }
    }

    @Test("without a terminal a key that would be shown nowhere is not issued")
    func lost() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let ran = try await daemon.orkctl("clients", "add", "web")
            #expect(ran.status == 64)
            #expect(ran.stderr.contains("[secret-would-be-lost]"))
            #expect(try await daemon.orkctl("clients", "show", "web").status == 4)
            let path = daemon.issued + "/web.key"
            let filed = try await daemon.orkctl("clients", "add", "web", "--secret-file", path)
            #expect(filed.status == 0 && !filed.stdout.contains("gw_live_"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let secret = try String(contentsOfFile: path, encoding: .utf8).filter { $0 != "\n" }
            daemon.watch(Canary(name: "web", secret: secret))
            #expect(try await status(secret, daemon) == 200)
            let taken = try await daemon.orkctl("clients", "add", "other", "--secret-file", path)
            #expect(taken.status == 73)
            #expect(try await daemon.orkctl("clients", "show", "other").status == 4)
        }
    }

    @Test(
        "a disabled client is refused at once, an enabled one let in at once", .proves("CK-04", "CK-05"))
    func disable() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let secret = try await issue("alice", [], daemon)
            #expect(try await status(secret, daemon) == 200)
            #expect(try await daemon.orkctl("clients", "disable", "alice").stdout == "alice disabled\n")
            let refused = try await daemon.caller(key: secret).chat()
            #expect(refused.status == 401)
            #expect(refused.errorCode == "client-disabled")
            #expect(try await daemon.orkctl("clients", "enable", "alice").stdout == "alice enabled\n")
            #expect(try await status(secret, daemon) == 200)
        }
    }

    @Test("a removed client is refused and listed no more", .proves("CK-06"))
    func remove() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let secret = try await issue("alice", [], daemon)
            #expect(try await status(secret, daemon) == 200)
            #expect(try await daemon.orkctl("clients", "rm", "alice").status == 6)
            #expect(try await status(secret, daemon) == 200)
            #expect(try await daemon.orkctl("clients", "rm", "alice", "--yes").stdout == "alice removed\n")
            #expect(try await status(secret, daemon) == 401)
            #expect(try await daemon.orkctl("clients", "list", "-o", "name").stdout == "test\n")
            #expect(try await daemon.orkctl("clients", "rm", "alice", "--yes").status == 4)
        }
    }

    @Test("requests that were answered are counted, refused ones are not", .proves("CK-11"))
    func use() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let secret = try await issue("alice", [], daemon)
            let before = try await client("alice", daemon)
            #expect(before["requests"]?.integer == 0 && before["last_used_at"] == nil)
            for _ in 0..<3 { #expect(try await status(secret, daemon) == 200) }
            let after = try await client("alice", daemon)
            #expect(after["requests"]?.integer == 3)
            let moment = try #require(after["last_used_at"]?.text)
            try await daemon.orkctl("clients", "disable", "alice")
            for _ in 0..<2 { #expect(try await status(secret, daemon) == 401) }
            let refused = try await client("alice", daemon)
            #expect(refused["requests"]?.integer == 3)
            #expect(refused["last_used_at"]?.text == moment)
        }
    }

    @Test("the environment of a client is the front of its key; others are refused", .proves("CK-19"))
    func environments() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for word in ["live", "test", "staging", "dev"] {
                let secret = try await issue("of-\(word)", ["--environment", word], daemon)
                #expect(secret.hasPrefix("gw_\(word)_"))
                #expect(try await status(secret, daemon) == 200)
                let listed = try await daemon.orkctl("clients", "list", "--environment", word, "-o", "name")
                    .stdout
                #expect(listed.split(separator: "\n").contains("of-\(word)"))
                #expect(!listed.contains(word == "live" ? "of-dev" : "of-live"))
            }
            let refused = try await daemon.orkctl("clients", "add", "x", "--environment", "prod", "-q")
            #expect(refused.status == 64 && refused.stdout == "")
        }
    }

    @Test("a rotated key keeps the client; the old one stops, or works for the grace", .proves("CK-27"))
    func rotate() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let first = try await issue("alice", ["--tag", "team=core", "--expires", "90d"], daemon)
            #expect(try await status(first, daemon) == 200)
            let before = try await client("alice", daemon)
            func rotate(_ more: String...) async throws -> String {
                let ran = try await daemon.orkctl(
                    ["clients", "rotate", "alice", "--yes", "-o", "json"] + more, mayIssue: true)
                let secret = try #require(ran.items.first?["item"]?["secret"]?.text, "\(ran.stderr)")
                daemon.watch(Canary(name: "alice \(secret.suffix(4))", secret: secret), issuedHere: true)
                return secret
            }
            let second = try await rotate()
            #expect(try await status(first, daemon) == 401)
            #expect(try await status(second, daemon) == 200)
            let third = try await rotate("--grace", "1h")
            #expect(try await status(second, daemon) == 200)
            #expect(try await status(third, daemon) == 200)
            let after = try await client("alice", daemon)
            for field in ["id", "name", "tags", "expires_at", "permissions", "added_at"] {
                #expect(after[field]?.encoded == before[field]?.encoded, "\(field)")
            }
            #expect(after["requests"]?.integer == 4)
            #expect(try await daemon.orkctl("clients", "rotate", "alice", "-q").status == 6)
            // Rotations and graces survive a crash.
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await status(first, daemon) == 401)
            #expect(try await status(second, daemon) == 200)
            #expect(try await status(third, daemon) == 200)
        }
    }

    @Test("all that a client has can be set and shown", .proves("CK-30"))
    func fields() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let secret = try await issue("alice", ["--permission", "catalogue"], daemon)
            #expect(try await status(secret, daemon) == 403)
            #expect(try await daemon.caller(key: secret).get("/v1/models").status == 200)
            let words = [
                "clients", "set", "alice", "--rename", "bob", "--permission", "inference,catalogue", "--tag",
                "team=web", "--note", "the web site", "--expires", "2099-01-01T00:00:00Z", "-o", "json",
            ]
            let set = try await daemon.orkctl(words)
            #expect(set.items.first?["outcome"]?.text == "changed")
            let shown = try await client("bob", daemon)
            #expect(shown["permissions"]?.elements?.compactMap(\.text) == ["inference", "catalogue"])
            #expect(shown["tags"]?["team"]?.text == "web")
            #expect(shown["note"]?.text == "the web site")
            #expect(shown["expires_at"]?.text?.hasPrefix("2099-01-01T00:00:00") == true)
            #expect(try await status(secret, daemon) == 200)
            let version = try #require(shown["version"]?.integer)
            let cleared = try await daemon.orkctl(
                "clients", "set", "bob", "--note", "none", "--expires", "none", "--tag", "team=none",
                "--if-version", String(version))
            #expect(cleared.status == 0)
            let after = try await client("bob", daemon)
            #expect(after["note"] == nil && after["expires_at"] == nil && after["tags"]?["team"] == nil)
            let lost = try await daemon.orkctl(
                "clients", "set", "bob", "--note", "late", "--if-version", String(version))
            #expect(lost.status == 5 && lost.stderr.contains("[version-lost]"))
        }
    }
}
