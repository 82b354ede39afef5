import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What a client may do in windows of time.
@Suite("Limits of clients") struct ClientLimitTests {
    private func set(_ line: String, _ daemon: DaemonFixture) async throws {
        let words = ["limits", "set", "test"] + line.split(separator: " ").map(String.init)
        let ran = try await daemon.orkctl(words)
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
    }

    private func shown(_ daemon: DaemonFixture) async throws -> JSON {
        try #require(try await daemon.orkctl("limits", "show", "test", "-o", "json").items.first)
    }

    private func limit(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        let limits = try await shown(daemon)["limits"]?.elements
        return try #require(limits?.first { $0["name"]?.text == name })
    }

    @Test(
        "of ten calls at once exactly five pass with five a minute, and a kill gives none of them back",
        .proves("RL-05", "RL-06", "RL-08"))
    func parallel() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await set("--rpm 5", daemon)
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<10 { group.addTask { try await daemon.caller.complete(model: "v/m") } }
                return try await group.reduce(into: [Reply]()) { $0.append($1) }
            }
            let passed = replies.filter { $0.status == 200 }
            #expect(passed.count == 5 && daemon.keysUsed.count == 5)
            #expect(
                passed.compactMap { $0.value("x-ratelimit-remaining") }.sorted() == ["0", "1", "2", "3", "4"])
            for reply in replies {
                #expect(reply.value("x-ratelimit-limit") == "5")
                let reset = try #require(reply.value("x-ratelimit-reset").flatMap { Int64($0) })
                let left = Double(reset) / 1000 - Date().timeIntervalSince1970
                #expect((0...61.5).contains(left), "\(left) s")
            }
            for refused in replies where refused.status != 200 {
                #expect(refused.status == 429 && refused.errorCode == "rate-limited")
                #expect(refused.json?["error"]?["type"]?.text == "rate_limit_exceeded")
                #expect(
                    refused.json?["error"]?["message"]?.text?.contains(
                        "limit of 5 requests per minute is used up")
                        == true)
                let wait = try #require(refused.value("retry-after").flatMap { Int($0) })
                #expect((1...61).contains(wait))
                #expect(refused.value("x-ratelimit-remaining") == "0")
            }
            #expect(try await limit("requests_per_minute", daemon)["used"]?.integer == 5)
            // Asked for a client, the daemon first writes down what it knows.
            #expect(try await daemon.orkctl("clients", "show", "test").status == 0)
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await limit("requests_per_minute", daemon)["left"]?.integer == 0)
            #expect(try await daemon.caller.complete(model: "v/m").status == 429)
            #expect(daemon.keysUsed.count == 5)
        }
    }

    @Test("each window, set to a small number, refuses the right call and is named")
    func windows() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for (option, number, name) in [
                ("rpm", 1, "requests per minute"), ("rph", 1, "requests per hour"),
                ("rpd", 1, "requests per day"),
                // A call reserves a little more than a thousand, and takes less.
                ("tpm", 1020, "tokens per minute"), ("tph", 1020, "tokens per hour"),
                ("tpd", 1020, "tokens per day"),
            ] {
                try await set("--\(option) \(number)", daemon)
                #expect(try await daemon.caller.complete(model: "v/m").status == 200, "\(name)")
                let refused = try await daemon.caller.complete(model: "v/m")
                #expect(refused.status == 429, "\(name)")
                let message = refused.json?["error"]?["message"]?.text ?? ""
                #expect(message.contains("limit of \(number) \(name)"), "\(message)")
                #expect(refused.value("retry-after") != nil)
                #expect(try await daemon.orkctl("limits", "clear", "test").status == 0)
            }
            let free = try await daemon.caller.complete(model: "v/m")
            #expect(free.status == 200 && free.value("x-ratelimit-limit") == nil)
        }
    }

    @Test("tokens are reserved at the start and counted as what the upstream says")
    func tokens() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await set("--tpm 3000", daemon)
            for _ in 0..<5 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let used = try await limit("tokens_per_minute", daemon)["used"]?.integer ?? 0
            #expect((5..<2000).contains(used))
            let large = try await daemon.caller.post(
                "/v1/completions", ["model": "v/m", "prompt": "hello", "max_tokens": 5000])
            #expect(large.status == 429 && large.value("retry-after") == nil)
            #expect(large.value("x-should-retry") == "false")
            #expect(try await limit("tokens_per_minute", daemon)["used"]?.integer == used)
        }
    }

    @Test("a place among those under way is free again when the call before ends")
    func concurrency() async throws {
        try await withDaemon(DaemonOptions(keys: ["a"])) { (daemon: DaemonFixture) async throws in
            try await set("--concurrency 1", daemon)
            let gate = Gate()
            daemon.mock.script(.key(daemon.secret("a")), Act.usual.after(gate))
            async let first = daemon.caller.complete(model: "v/m")
            try await gate.reached(by: 1)
            let refused = try await daemon.caller.complete(model: "v/m")
            #expect(refused.status == 429 && refused.value("retry-after") == "1")
            #expect(try await limit("concurrency", daemon)["used"]?.integer == 1)
            gate.open()
            #expect(try await first.status == 200)
            #expect(try await limit("concurrency", daemon)["used"]?.integer == 0)
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
        }
    }

    @Test("a limit that only reports refuses nothing, and show says how often it would have")
    func shadow() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await set("--rpm 1 --shadow", daemon)
            for _ in 0..<3 {
                let reply = try await daemon.caller.complete(model: "v/m")
                #expect(reply.status == 200 && reply.value("x-ratelimit-limit") == nil)
            }
            #expect(try await shown(daemon)["refused"]?.integer == 2)
            try await set("--no-shadow", daemon)
            #expect(try await daemon.caller.complete(model: "v/m").status == 429)
        }
    }

    @Test(
        "two a minute of one key leave its user's other key alone, up to what the user may do",
        .proves("RL-07", "RL-12"))
    func sibling() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            func run(_ line: String) async throws -> Program.Ran {
                let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
                #expect(ran.status == 0, "\(line): \(ran.stderr)")
                return ran
            }
            _ = try await run("users create alice")
            _ = try await run("credits add alice 1M")
            let owner: [JSON.Member] = [.init("user", "alice")]
            let first = daemon.caller(key: try await daemon.addClient("first", with: owner))
            let second = daemon.caller(key: try await daemon.addClient("second", with: owner))
            // Six windows of each; those of a user are there from the beginning.
            let all = "--rpm 60 --rph 70 --rpd 80 --tpm 60k --tph 70k --tpd 80k"
            _ = try await run("limits set second \(all)")
            let set = try await run("limits set user:alice \(all)")
            #expect(set.stdout.hasPrefix("user:alice changed"))
            _ = try await run("limits set first --rpm 2")
            for name in ["user:alice", "second"] {
                let shown = try await run("limits show \(name) -o json").items.first
                #expect(shown?["name"]?.text == (name == "second" ? "second" : "alice"))
                #expect(shown?["subject"]?.text == (name == "second" ? "client" : "user"))
                let limits = shown?["limits"]?.elements ?? []
                #expect(limits.map { $0["limit"]?.integer } == [60, 70, 80, 60_000, 70_000, 80_000])
            }
            let statuses = try await [1, 2, 3].asyncMap { _ in
                try await first.complete(model: "v/m").status
            }
            #expect(statuses == [200, 200, 429])
            #expect(try await second.complete(model: "v/m").status == 200)
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
            // What one of them used counts for the other.
            _ = try await run("limits set user:alice --rpm 4")
            #expect(try await second.complete(model: "v/m").status == 200)
            let refused = try await second.complete(model: "v/m")
            #expect(refused.status == 429)
            #expect(refused.errorMessage?.contains("the user's limit of 4 requests per minute") == true)
            #expect(try await run("limits show user:*").stdout.contains("4 of 4 used"))
            try await daemon.kill9()
            try await daemon.start()
            let kept = try await run("limits show user:alice -o json").items.first?["limits"]?.elements
            #expect(kept?.first?["limit"]?.integer == 4)
            #expect(try await daemon.orkctl("limits", "set", "user:bob", "--rpm", "4").status == 4)
            _ = try await run("limits clear user:alice")
            let free = daemon.caller(key: second.key)
            #expect(try await free.complete(model: "v/m").status == 200)
        }
    }
}

extension Array {
    fileprivate func asyncMap<Other>(_ body: (Element) async throws -> Other) async rethrows -> [Other] {
        var others: [Other] = []
        for element in self { others.append(try await body(element)) }
        return others
    }
}
