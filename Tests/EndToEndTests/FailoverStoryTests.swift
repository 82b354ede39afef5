import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// The main job in one piece, as an operator meets it on a bad day.
@Suite("A limited key, a dead key and a good one") struct FailoverStoryTests {
    private let model = "deepseek/deepseek-chat:free"

    @Test(
        "the caller sees one 200, explain tells all, a kill loses nothing, and the limited key comes back",
        .proves("RT-05", "RT-09", "RT-10", "RT-11", "RT-21", "QA-08"))
    func story() async throws {
        var options = DaemonOptions(keys: ["limited", "dead", "good"])
        options.set("pool", "strategy = \"lru\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let reset = WallTime(milliseconds: MockOpenRouter.Options.wallClock() + 5000)
            daemon.mock.script(.key(daemon.secret("limited")), .freeTier(resetAt: reset.milliseconds))
            daemon.mock.always(.key(daemon.secret("dead")), .unauthorized)
            let reply = try await daemon.caller.complete(model: model)
            #expect(reply.status == 200)
            #expect(daemon.keysUsed == ["limited", "dead", "good"])

            try await expectStory(of: reply, reset, daemon)
            try await expectTrail(of: reply, reset, daemon)
            try await expectStates(reset, daemon)
            try await daemon.kill9()
            try await daemon.start()
            try await expectStates(reset, daemon)
            try await expectTrail(of: reply, reset, daemon)

            #expect(try await daemon.caller.complete(model: model).status == 200)
            #expect(daemon.keysUsed.last == "good")
            try await eventually("the limited key is back") {
                try await daemon.rest(of: ":free", on: "limited") == nil
            }
            #expect(MockOpenRouter.Options.wallClock() >= reset.milliseconds)
            #expect(try await daemon.caller.complete(model: model).status == 200)
            #expect(daemon.keysUsed.last == "limited")
        }
    }

    /// For people.
    private func expectStory(of reply: Reply, _ reset: WallTime, _ daemon: DaemonFixture) async throws {
        let story = try await daemon.orkctl("explain", reply.value("ork-request") ?? "")
        #expect(story.status == 0)
        for words in [
            "→ \(model)   answered 200", "leased limited", "3 usable of 3 keys", "upstream 429",
            "rate-limited by rule 429-free-tier-minute: 429 Rate limit exceeded: free-models-per-min.",
            "blamed: the account of limited, until \(reset.rfc3339)", "tried again", "leased dead",
            "upstream 401", "rejected by rule 401-rejected: 401 User not found.", "blamed: key dead",
            "leased good", "upstream 200", "relayed whole",
        ] {
            #expect(story.stdout.contains(words), "“\(words)” is not in\n\(story.stdout)")
        }
    }

    /// For programs.
    private func expectTrail(of reply: Reply, _ reset: WallTime, _ daemon: DaemonFixture) async throws {
        let record = try await daemon.record(of: reply)
        #expect(record["status"]?.integer == 200)
        #expect(record["end"]?.text == "complete")
        let attempts = try #require(record["attempts"]?.elements)
        #expect(attempts.map { $0["key"]?.text } == ["limited", "dead", "good"])
        #expect(attempts.map { $0["status"]?.integer } == [429, 401, 200])
        #expect(attempts.map { $0["cause"]?.text } == ["rate-limited", "rejected", "ok"])
        #expect(attempts.map { $0["scope"]?.text } == ["account", "key", nil])
        #expect(attempts.map { $0["rule"]?.text } == ["429-free-tier-minute", "401-rejected", "ok"])
        #expect(attempts.map { $0["until"]?.text } == [reset.rfc3339, nil, nil])
        #expect(attempts[0]["evidence"]?.text?.contains("openrouter_free_tier_per_minute") == true)
        #expect(attempts[1]["evidence"]?.text?.contains("User not found.") == true)
    }

    private func expectStates(_ reset: WallTime, _ daemon: DaemonFixture) async throws {
        #expect(
            MockOpenRouter.Options.wallClock() < reset.milliseconds, "the machine is too slow for this test")
        #expect(try await daemon.rest(of: ":free", on: "limited") == reset)
        let dead = try await daemon.key("dead")
        #expect(dead["state"]?.text == "suspect")
        #expect(dead["evidence"]?.text?.contains("401-rejected: 401 User not found.") == true)
        #expect(try await daemon.key("good")["state"]?.text == "usable")
    }
}
