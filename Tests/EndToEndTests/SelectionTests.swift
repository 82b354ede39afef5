import MockUpstream
import ORKTestSupport
import Testing

@Suite("Which key is chosen") struct SelectionTests {
    @Test("one key serves as long as it can", .proves("RT-01"))
    func sticky() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            for _ in 0..<10 { #expect(try await daemon.caller.chat().status == 200) }
            #expect(daemon.keysUsed.count == 10)
            #expect(Set(daemon.keysUsed).count == 1)
        }
    }

    @Test("a key that rests is not asked", .proves("RT-02"))
    func resting() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.key(daemon.secret("a")), .retryAfter("600"))
            for _ in 0..<3 { #expect(try await daemon.caller.chat().status == 200) }
            #expect(daemon.keysUsed == ["a", "b", "b", "b"])
        }
    }

    @Test(
        "whoever must give way is followed by the key used longest ago, never used ones first",
        .proves("RT-03"))
    func leastRecentlyUsed() async throws {
        let names = ["a", "b", "c", "d"]
        try await withDaemon(DaemonOptions(keys: names)) { (daemon: DaemonFixture) async throws in
            var current = "a"
            var lastUsed: [String: Int] = [:]
            for round in 1...9 {
                // A model of its own, so that the limit of one round is none in the next.
                let model = "m/\(round)"
                daemon.mock.script(.model(model), .retryAfter("600"))
                #expect(try await daemon.caller.chat(model: model).status == 200)
                let others = names.filter { $0 != current }
                let oldest = others.min { (lastUsed[$0] ?? 0, $0) < (lastUsed[$1] ?? 0, $1) }
                #expect(daemon.keysUsed.suffix(2) == [current, oldest ?? "?"], "round \(round)")
                current = daemon.keysUsed.last ?? "?"
                lastUsed[current] = round
            }
            #expect(Set(lastUsed.keys) == Set(names))
        }
    }

    @Test("300 requests are spread as each strategy says", .proves("RT-15", "RT-16"))
    func strategies() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            for (name, weight) in [("a", 1), ("b", 3), ("c", 6)] {
                try await daemon.addKey(name, with: [.init("weight", JSON(weight))])
            }
            // Five standard deviations: one run in a million is out by chance.
            let expected: [(strategy: String, counts: [Int], tolerance: [Int])] = [
                ("sticky", [300, 0, 0], [0, 0, 0]), ("least-used", [0, 150, 150], [0, 1, 1]),
                ("lru", [100, 100, 100], [0, 0, 0]), ("round-robin", [100, 100, 100], [0, 0, 0]),
                ("weighted", [30, 90, 180], [26, 40, 43]), ("random", [100, 100, 100], [41, 41, 41]),
            ]
            for (strategy, counts, tolerance) in expected {
                let set = try await daemon.orkctl("config", "set", "strategy", strategy)
                #expect(set.status == 0)
                let before = daemon.keysUsed.count
                let wire = try await daemon.caller.wire()
                for _ in 0..<300 {
                    let reply = try await daemon.caller.send("GET", "/v1/models/count", on: wire)
                    #expect(reply.status == 200)
                }
                await wire.close()
                let used = daemon.keysUsed[before...]
                for (place, name) in ["a", "b", "c"].enumerated() {
                    let count = used.count { $0 == name }
                    #expect(
                        abs(count - counts[place]) <= tolerance[place], "\(strategy) gave \(name) \(count)")
                }
                // In turn, not only as often.
                if strategy == "round-robin" || strategy == "lru" {
                    #expect(zip(used, used.dropFirst(3)).allSatisfy { $0 == $1 })
                }
            }
        }
    }

    @Test("the strategy is shown and changed while running, and survives a restart", .proves("RT-16"))
    func changing() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            func strategy() async throws -> [String?] {
                let status = try await daemon.orkctl("status", "-o", "json").json
                let settings = try await daemon.orkctl("config", "show", "-o", "json").json
                let setting = settings?["items"]?.elements?.first { $0["name"]?.text == "pool.strategy" }
                return [
                    status?["item"]?["strategy"]?.text, setting?["value"]?.text, setting?["source"]?.text,
                ]
            }
            #expect(try await strategy() == ["sticky", "sticky", "default"])
            let unknown = try await daemon.orkctl("config", "set", "strategy", "roundest")
            #expect(unknown.status == 64)
            for choice in ["sticky", "lru", "round-robin", "weighted", "random", "least-used"] {
                #expect(unknown.stderr.contains(choice), "\(choice)")
            }
            #expect(try await strategy() == ["sticky", "sticky", "default"])
            #expect(try await daemon.orkctl("config", "set", "strategy", "round-robin").status == 0)
            let again = try await daemon.orkctl("config", "set", "strategy", "round-robin")
            #expect(again.status == 0)
            #expect(again.stdout.contains("unchanged"))
            #expect(try await strategy() == ["round-robin", "round-robin", "stored"])
            try await daemon.restart()
            #expect(try await strategy() == ["round-robin", "round-robin", "stored"])
            // A conversation would stay with its key.
            for _ in 0..<4 { #expect(try await daemon.caller.get("/v1/models/count").status == 200) }
            #expect(daemon.keysUsed == ["a", "b", "a", "b"])
        }
    }
}
