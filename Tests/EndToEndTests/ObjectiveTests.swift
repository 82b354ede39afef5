import MockUpstream
import ORKTestSupport
import Testing

/// What a pool, or one request, wants of its keys: at the built daemon.
@Suite("Objectives") struct ObjectiveTests {
    private func run(_ words: String..., on daemon: DaemonFixture, ends status: Int32 = 0) async throws
        -> Program.Ran
    {
        let ran = try await daemon.orkctl(words.joined(separator: " ").split(separator: " ").map(String.init))
        #expect(ran.status == status, "\(words): \(ran.stdout)\(ran.stderr)")
        return ran
    }

    /// A request of no conversation.
    private func complete(
        _ daemon: DaemonFixture, stream: Bool = false, objective: String? = nil
    ) async throws -> Reply {
        try await daemon.caller.post(
            "/v1/completions", ["model": "v/m", "prompt": "hello", "stream": .bool(stream)],
            headers: objective.map { [("X-ORK-Objective", $0)] } ?? [])
    }

    private static func options(keys: [String]) -> DaemonOptions {
        var options = DaemonOptions(keys: keys)
        options.set("pool", "strategy = \"lru\"")
        return options
    }

    /// The worst that `a` and `b` have done in the sense of an aim; `c` has
    /// not. Each has then been asked once.
    private static let pasts: [(aim: String, act: Act?)] = [
        ("availability", .retryAfter("1")), ("reliability", .status(502)),
        ("latency", .usual.after(.milliseconds(300))), ("fairness", nil),
        ("quality", .stream(chunks: 5) { $0.fault = .cut(after: 3) }),
    ]

    @Test("each aim picks the key of three that serves it", .proves("PO-01"), arguments: pasts.indices)
    func aims(_ index: Int) async throws {
        let (aim, act) = Self.pasts[index]
        try await withDaemon(Self.options(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            if let act {
                for key in ["a", "b"] { daemon.mock.script(.key(daemon.secret(key)), act) }
            } else {
                // For its weight the least.
                _ = try await run("keys set c --weight 5", on: daemon)
            }
            // A refused or failed request goes on to the next key by itself.
            while daemon.keysUsed.count < 3 { _ = try await complete(daemon, stream: aim == "quality") }
            #expect(daemon.keysUsed == ["a", "b", "c"])
            _ = try await run("pools set default --objective", aim, on: daemon)
            for _ in 0..<2 { #expect(try await complete(daemon, objective: nil).status == 200) }
            #expect(daemon.keysUsed.suffix(2) == ["c", "c"], "\(aim)")
            let told = try await run("explain --dry-run --model other/model -o json", on: daemon).json?[
                "item"]
            #expect(told?["key"]?.text == "c" && told?["chosen"]?.text == "objective")
            #expect(told?["pools"]?.elements?.first?["objective"]?.text == aim)
            // Without it the strategy would have taken the one used longest ago.
            _ = try await run("pools set default --objective none", on: daemon)
            let other = try await run("explain --dry-run --model other/model -q", on: daemon).stdout
            #expect(other == "a\n")
        }
    }

    @Test(
        "cost picks the key that is the cheapest by the list; when that fails, the next one serves",
        .proves("PO-01"))
    func cost() async throws {
        try await withDaemon(Self.options(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            _ = try await run("models refresh", on: daemon)
            _ = try await run("pools set default --objective cost", on: daemon)
            // By the list, a fifth above it, half of it.
            for (key, pico) in [("a", Int64(11_700_000)), ("b", 14_040_000), ("c", 5_850_000)] {
                daemon.mock.always(.key(daemon.secret(key)), .ok(usage: (30, 12), cost: USD(pico: pico)))
            }
            let before = daemon.keysUsed.count
            for _ in 0..<5 { #expect(try await daemon.caller.complete().status == 200) }
            #expect(Array(daemon.keysUsed.dropFirst(before)) == ["a", "b", "c", "c", "c"])
            let told = try await run("explain --dry-run --model openai/gpt-4o-mini -o json", on: daemon)
            #expect(told.json?["item"]?["key"]?.text == "c")
            daemon.mock.always(.key(daemon.secret("c")), .status(502))
            #expect(try await daemon.caller.complete().status == 200)
            #expect(daemon.keysUsed.suffix(2) == ["c", "a"])
            _ = try await run("keys disable c", on: daemon)
            _ = try await run("pools set default --objective none", on: daemon)
            // For one request alone, too.
            let reply = try await daemon.caller.post(
                "/v1/completions", ["model": "openai/gpt-4o-mini", "prompt": "hello"],
                headers: [("X-ORK-Objective", "cost")])
            #expect(reply.status == 200 && daemon.keysUsed.last == "a")
            #expect(try await daemon.caller.complete().status == 200)
            #expect(daemon.keysUsed.last == "b")
        }
    }

    @Test(
        "a request's own objective changes the choice for that call and no other, and stays here",
        .proves("PO-02"))
    func header() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            // On one connection: nothing of a head is taken for the next one's.
            let wire = try await daemon.caller.wire()
            for (expected, objective) in [("b", "fairness"), ("c", "Fairness = 1.0"), ("a", nil)] {
                let reply = try await daemon.caller.send(
                    "POST", "/v1/chat/completions",
                    headers: objective.map { [("x-ork-objective", $0)] } ?? [],
                    body: Array(Caller.chatBody().encoded.utf8), on: wire)
                #expect(reply.status == 200)
                #expect(daemon.keysUsed.last == expected)
                let attempt = try await daemon.record(of: reply)["attempts"]?.elements?.first
                #expect(attempt?["chosen"]?.text == (objective == nil ? "sticky" : "objective"))
            }
            await wire.close()
            // It comes before the pool's, and goes where no body says what is wanted.
            _ = try await run("pools set default --objective quality", on: daemon)
            _ = try await run("keys set b --weight 9", on: daemon)
            for _ in 0..<3 {
                let reply = try await daemon.caller.get(
                    "/v1/models/count", headers: [("X-ORK-Objective", "fairness")])
                #expect(reply.status == 200)
                #expect(daemon.keysUsed.last == "b")
            }
            let told = try await run(
                "explain --dry-run --client test --objective fairness -o json", on: daemon
            ).json?["item"]
            #expect(told?["key"]?.text == "b")
            #expect(told?["pools"]?.elements?.first?["objective"]?.text == "fairness")
            let text = try await run("explain --dry-run --objective latency=0.70,quality", on: daemon).stdout
            #expect(text.contains("objective latency=0.7,quality; 3 keys: 3 usable\n"), "\(text)")
            for request in daemon.mock.requests {
                #expect(!request.headers.contains { $0.name.lowercased().contains("ork") })
            }
        }
    }

    @Test(
        "weights say which of two keys wins, after a restart too; the setting is told and taken back",
        .proves("PO-03"))
    func weights() async throws {
        try await withDaemon(Self.options(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            // b is slow, and used the least for its weight.
            _ = try await run("keys set b --weight 4", on: daemon)
            daemon.mock.always(.key(daemon.secret("b")), .usual.after(.milliseconds(300)))
            for _ in 0..<2 { #expect(try await complete(daemon).status == 200) }
            #expect(daemon.keysUsed == ["a", "b"])
            func shown() async throws -> String? {
                try await run("pools list -o json", on: daemon).items.first?["objective"]?.text
            }
            #expect(try await shown() == nil)
            for (objective, winner) in [
                ("latency=0.9,fairness=0.1", "a"), ("latency=0.1,fairness=0.9", "b"),
                ("latency=0.9,fairness=0.1", "a"),
            ] {
                let set = try await run("pools set default --objective", objective, "-o json", on: daemon)
                #expect(set.items.first?["outcome"]?.text == "changed")
                #expect(try await complete(daemon).status == 200)
                #expect(daemon.keysUsed.last == winner, "\(objective)")
            }
            try await daemon.restart()
            #expect(try await shown() == "fairness=0.1,latency=0.9")
            #expect(try await complete(daemon).status == 200)
            #expect(daemon.keysUsed.last == "a")
            let again = try await run(
                "pools set default --objective fairness=0.1,latency=0.9", on: daemon)
            #expect(again.stdout.contains("unchanged"))
            _ = try await run("pools set default --objective none", on: daemon)
            #expect(try await shown() == nil)
        }
    }

    /// Five standard deviations of what `health` draws are below the half.
    @Test(
        "a key that fails half of the time gets the minority of 100 calls, and no caller sees a failure",
        .proves("PO-10"),
        arguments: ["config set strategy health", "pools set default --objective reliability"])
    func reliability(_ setting: String) async throws {
        try await withDaemon(Self.options(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            _ = try await run(setting, on: daemon)
            // Never five in a row: it is no breaker that keeps it out.
            daemon.mock.script(
                .key(daemon.secret("a")), (0..<200).map { $0.isMultiple(of: 2) ? .status(502) : .usual })
            var first: [String] = []
            for _ in 0..<100 {
                let before = daemon.keysUsed.count
                #expect(try await complete(daemon).status == 200)
                first.append(daemon.keysUsed[before])
            }
            let ofA = first.count { $0 == "a" }
            #expect((1..<50).contains(ofA), "\(ofA)")
            let a = try await daemon.key("a")
            #expect(a["state"]?.text == "usable")
            #expect((a["counters"]?["failures"]?.integer ?? 0) >= 1)
        }
    }

    @Test("an objective that means nothing is refused in words, before anything is asked or changed")
    func refused() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for objective in ["", "price", "latency=2", "latency,latency", "latency=0"] {
                let reply = try await complete(daemon, objective: objective)
                #expect(reply.status == 400 && reply.errorCode == "bad-objective", "\(objective)")
                let record = try await daemon.record(of: reply)
                #expect(record["code"]?.text == "bad-objective")
                #expect(record["attempts"]?.elements?.isEmpty == true)
            }
            let twice = try await daemon.caller.get(
                "/v1/models", headers: [("X-ORK-Objective", "latency"), ("x-ork-objective", "latency")])
            #expect(twice.errorCode == "bad-objective")
            #expect(daemon.keysUsed == [])
            for line in [
                "pools set default --objective price", "pools add x --objective latency=1.5",
                "explain --dry-run --objective fast",
            ] {
                let ran = try await run(line, "-o json", on: daemon, ends: 64)
                #expect(ran.failure?["code"]?.text == "bad-value", "\(line)")
                #expect(ran.failure?["message"]?.text?.contains("latency=0.7,fairness=0.3") == true)
            }
            #expect(try await run("pools list -o json", on: daemon).items.count == 1)
        }
    }
}
