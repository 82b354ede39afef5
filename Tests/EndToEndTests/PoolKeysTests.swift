import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Upstream keys, administered from the shell, seen at the data port.
@Suite("Keys of the pool") struct PoolKeysTests {
    @Test("a key added from the shell is listed and serves", .proves("KP-01"))
    func add() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            let added = try await daemon.orkctl(
                "keys", "add", "main-1", stdin: daemon.newSecret("main-1") + "\n")
            #expect(added.status == 0)
            #expect(added.stdout.hasPrefix("added main-1   sk-or-v1-…"))
            let listed = try await daemon.orkctl("keys", "list", "-o", "json")
            #expect(listed.items.compactMap { $0["name"]?.text } == ["main-1"])
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["main-1"])
        }
    }

    @Test("the list carries what is known of a key's health, and no secret", .proves("KP-04"))
    func list() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .retryAfter("120"))
            #expect(try await daemon.caller.chat().status == 200)
            let (failed, served) = (daemon.keysUsed[0], daemon.keysUsed[1])
            let items = try await daemon.orkctl("keys", "list", "-o", "json").items
            let limited = try #require(items.first { $0["name"]?.text == failed })
            for field in ["id", "masked", "provider", "added_at", "state", "last_error", "last_error_at"] {
                #expect(limited[field] != nil, "\(field)")
            }
            #expect(limited["fingerprint"]?.text?.count == 12)
            #expect(limited["enabled"]?.isTrue == true)
            #expect(limited["counters"]?["attempts"]?.integer == 1)
            #expect(limited["counters"]?["failures"]?.integer == 0)
            #expect(limited["counters"]?["rate_limited"]?.integer == 1)
            let reset = limited["resting_models"]?.elements?.first
            #expect(reset?["model"]?.text == "openai/gpt-4o-mini")
            #expect(reset?["until"]?.text != nil)
            let good = try #require(items.first { $0["name"]?.text == served })
            #expect(good["state"]?.text == "usable")
            #expect(good["counters"]?["successes"]?.integer == 1)
            #expect(good["last_used_at"]?.text != nil)
            let text = try await daemon.orkctl("keys", "list", "-o", "wide").stdout
            #expect(!text.contains(daemon.secret("a")) && !text.contains(daemon.secret("b")))
        }
    }

    @Test("a removed key is gone at once; a stream that it carries finishes", .proves("KP-05"))
    func remove() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 10) { $0.gates = [5: gate] })
            async let streamed = daemon.caller.chat(stream: true)
            try await gate.reached()
            let id = try #require(try await daemon.key("a")["id"]?.integer)
            let removed = try await daemon.orkctl("keys", "rm", String(id), "--yes")
            #expect(removed.status == 0)
            #expect(removed.stdout == "a removed\n")
            #expect(try await daemon.orkctl("keys", "list", "-o", "json").items.isEmpty)
            #expect(try await daemon.orkctl("keys", "rm", String(id), "--yes").status == 4)
            #expect(try await daemon.orkctl("keys", "rm", String(id), "--yes", "--if-exists").status == 0)
            let refused = try await daemon.caller.chat()
            #expect(refused.status == 503)
            #expect(refused.errorCode == "no-upstream-key")
            gate.open()
            let whole = try await streamed
            #expect(whole.complete)
            #expect(whole.events.last == "[DONE]")
        }
    }

    @Test("a disabled key is used no more, and again when it is enabled", .proves("KP-12"))
    func disable() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            try await daemon.caller.chat()
            let first = daemon.keysUsed[0]
            let other = first == "a" ? "b" : "a"
            let disabled = try await daemon.orkctl("keys", "disable", first, "--reason", "leaked")
            #expect(disabled.stdout == "\(first) disabled\n")
            for _ in 0..<3 { try await daemon.caller.chat() }
            #expect(daemon.keysUsed.dropFirst().allSatisfy { $0 == other })
            #expect(try await daemon.key(first)["disabled_reason"]?.text == "leaked")
            #expect(try await daemon.orkctl("keys", "enable", first).stdout == "\(first) enabled\n")
            try await daemon.orkctl("keys", "disable", other)
            try await daemon.caller.chat()
            #expect(daemon.keysUsed.last == first)
        }
    }

    @Test("a rotated key keeps its id and its counters; upstream sees the new secret", .proves("KP-13"))
    func rotate() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for _ in 0..<2 { try await daemon.caller.chat() }
            let before = try await daemon.key("a")
            let secret = daemon.newSecret("new")
            let rotated = try await daemon.orkctl("keys", "rotate", "a", "--yes", stdin: secret + "\n")
            #expect(rotated.status == 0)
            let after = try await daemon.key("a")
            #expect(after["id"]?.integer == before["id"]?.integer)
            #expect(after["counters"]?.encoded == before["counters"]?.encoded)
            #expect(after["added_at"]?.text == before["added_at"]?.text)
            #expect(after["fingerprint"]?.text != before["fingerprint"]?.text)
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.relayed.map(\.key).suffix(2) == [daemon.secret("a"), secret])
        }
    }

    @Test("provider and metadata given when a key is added are shown with it", .proves("KP-14"))
    func metadata() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let added = try await daemon.orkctl(
                "keys", "add", "other", "--provider", "anthropic", "--meta", "tier=pro", "--tag", "team=core",
                "--no-check", stdin: daemon.newSecret("other"))
            #expect(added.status == 0)
            let shown = try await daemon.orkctl("keys", "show", "other", "-o", "json")
            let item = try #require(shown.items.first)
            #expect(item["provider"]?.text == "anthropic")
            #expect(item["metadata"]?.encoded == #"{"tier":"pro"}"#)
            #expect(item["tags"]?.encoded == #"{"team":"core"}"#)
            let refused = try await daemon.orkctl(
                "keys", "add", "loud", "--provider", "Anthropic", "--no-check",
                stdin: daemon.newSecret("loud"))
            #expect(refused.status == 64)
        }
    }

    @Test("a key that was disabled comes back when it is added again", .proves("KP-10", "K-09"))
    func reactivate() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let again = ["keys", "add", "a", "-o", "json"]
            let secret = daemon.secret("a")
            let unchanged = try await daemon.orkctl(again, stdin: Data(secret.utf8))
            #expect(unchanged.status == 0)
            #expect(unchanged.items.first?["outcome"]?.text == "unchanged")
            try await daemon.orkctl("keys", "disable", "a")
            #expect(try await daemon.caller.chat().status == 503)
            let back = try await daemon.orkctl(again, stdin: Data(secret.utf8))
            #expect(back.status == 0)
            #expect(back.items.first?["outcome"]?.text == "reactivated")
            #expect(back.items.first?["item"]?["state"]?.text == "usable")
            #expect(try await daemon.caller.chat().status == 200)
            let clash = try await daemon.orkctl(again, stdin: Data(daemon.newSecret("x").utf8))
            #expect(clash.status == 5)
            #expect(clash.failure?["code"]?.text == "key-exists")
        }
    }
}
