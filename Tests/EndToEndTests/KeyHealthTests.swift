import MockUpstream
import ORKTestSupport
import Testing

/// What `orkctl keys` tells of keys that work, rest, fail.
@Suite("Health of keys") struct KeyHealthTests {
    private static var turns: DaemonOptions {
        var options = DaemonOptions(keys: ["a", "b"])
        options.set("pool", "strategy = \"round-robin\"")
        return options
    }

    private func shown(_ key: String, _ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl("keys", "show", key, "-o", "json")
        return try #require(ran.items.first)
    }

    /// Sends requests until the key has met the next act of its script.
    private func meet(_ key: String, _ daemon: DaemonFixture) async throws {
        let subject = Subject.key(daemon.secret(key))
        let left = daemon.mock.actsLeft(subject)
        for _ in 0..<4 where daemon.mock.actsLeft(subject) == left { try await daemon.caller.complete() }
        #expect(daemon.mock.actsLeft(subject) == left - 1)
    }

    @Test("a key's record follows a 200, a 500, a 429 and its spent limit", .proves("KP-16"))
    func record() async throws {
        try await withDaemon(Self.turns) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), .ok(), .status(500), .retryAfter("300"))
            let new = try await shown("a", daemon)
            #expect(new["last_used_at"] == nil && new["latency"] == nil)

            try await meet("a", daemon)
            let good = try await shown("a", daemon)
            #expect(good["counters"]?["successes"]?.integer == 1)
            #expect(good["last_used_at"]?.text != nil && good["latency"] != nil)
            #expect(good["last_error"] == nil)

            try await meet("a", daemon)
            let failed = try await shown("a", daemon)
            #expect(failed["counters"]?["failures"]?.integer == 1)
            #expect(failed["counters"]?["consecutive_failures"]?.integer == 1)
            #expect(failed["last_error"]?.text?.contains("500") == true)
            #expect(failed["last_error_at"]?.text != nil)
            #expect(failed["state"]?.text == "usable")

            try await meet("a", daemon)
            let limited = try await shown("a", daemon)
            #expect(limited["counters"]?["rate_limited"]?.integer == 1)
            #expect(limited["counters"]?["attempts"]?.integer == 3)
            #expect(limited["resting_models"]?.elements?.first?["until"]?.text != nil)
            // Another model is not concerned.
            daemon.mock.script(.key(daemon.secret("a")), .refuse(.keySpent("daily")))
            for _ in 0..<2 { try await daemon.caller.complete(model: "v/other") }
            let spent = try await shown("a", daemon)
            #expect(spent["state"]?.text == "exhausted")
            #expect(spent["because"]?.text == "key-limit")
            #expect(spent["until"]?.text != nil)
        }
    }

    @Test("the usable keys of the list are those that requests get", .proves("KP-17"))
    func active() async throws {
        var options = Self.turns
        options.keys = ["a", "b", "c", "d"]
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await daemon.orkctl("keys", "disable", "b")
            daemon.mock.script(.key(daemon.secret("c")), .refuse(.keySpent("daily")))
            try await meet("c", daemon)
            #expect(try await shown("c", daemon)["state"]?.text == "exhausted")
            let before = daemon.keysUsed.count
            for _ in 0..<8 { #expect(try await daemon.caller.complete().status == 200) }
            let usable = try await daemon.orkctl("keys", "list", "--state", "usable", "-o", "name").stdout
            #expect(Set(usable.split(separator: "\n").map(String.init)) == ["a", "d"])
            #expect(Set(daemon.keysUsed.dropFirst(before)) == ["a", "d"])
        }
    }

    @Test("a test of a key is one question upstream with that key", .proves("KP-18"))
    func test() async throws {
        try await withDaemon(DaemonOptions(keys: ["good", "dead", "limited"])) {
            (daemon: DaemonFixture) async throws in
            daemon.mock.change(key: daemon.secret("good")) { $0.limit = .dollars(20) }
            daemon.mock.change(key: daemon.secret("dead")) { $0.disabled = true }
            daemon.mock.always(.key(daemon.secret("limited")), .retryAfter("30"))
            func test(_ key: String) async throws -> (status: Int32, item: JSON, asked: [RecordedRequest]) {
                let before = daemon.mock.requests.count
                let ran = try await daemon.orkctl("keys", "test", key, "-o", "json")
                return (
                    ran.status, try #require(ran.items.first), Array(daemon.mock.requests.dropFirst(before))
                )
            }
            let good = try await test("good")
            #expect(good.status == 0)
            #expect(good.item["result"]?.text == "valid")
            #expect(good.item["limit"]?.text == "20.00")
            #expect(good.item["limit_remaining"]?.text == "20.00")
            #expect(good.asked.map(\.path) == ["/api/v1/key"])
            #expect(good.asked.map(\.key) == [daemon.secret("good")])
            let dead = try await test("dead")
            #expect(dead.status == 2)
            #expect(dead.item["result"]?.text == "rejected")
            #expect(dead.item["status"]?.integer == 401)
            #expect(dead.asked.count == 1)
            let limited = try await test("limited")
            #expect(limited.status == 2)
            #expect(limited.item["result"]?.text == "limited")
            #expect(try await daemon.orkctl("keys", "test", "nosuch").status == 4)
            let table = try await daemon.orkctl("keys", "test", "good")
            #expect(table.stdout.contains("valid") && table.stdout.contains("20"))
        }
    }
}
