import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What operators and users are shown of keys and of usage.
@Suite("Monitoring") struct MonitorTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    /// Keys take turns; every answer has 25 tokens and costs 6 thousandths of a dollar.
    private func run(keys: [String], _ body: (DaemonFixture) async throws -> Void) async throws {
        var options = DaemonOptions(keys: keys)
        options.set("pool", "strategy = \"round-robin\"")
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            daemon.mock.always(.everything, .ok(usage: (8, 17), cost: .micro(6000)))
            try await body(daemon)
        }
    }

    @discardableResult
    private func shell(_ line: String, _ daemon: DaemonFixture) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
        return ran
    }

    private func usage(_ line: String, _ daemon: DaemonFixture) async throws -> [String: JSON] {
        let rows = try await shell("usage \(line) -o json", daemon).items
        return Dictionary(rows.map { ($0["name"]?.text ?? "", $0) }) { first, _ in first }
    }

    @Test("the states of keys are counted as they are forced, with their failures and ends", .proves("MN-07"))
    func states() async throws {
        try await run(keys: ["good", "fine", "off", "dead", "spent"]) { daemon in
            try await shell("keys disable off", daemon)
            daemon.mock.always(.key(daemon.secret("dead")), .unauthorized)
            daemon.mock.always(.key(daemon.secret("spent")), .refuse(.keySpent("daily")))
            for _ in 0..<8 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let rows = try await shell("keys list -o json", daemon).items
            let keys = Dictionary(rows.map { ($0["name"]?.text ?? "", $0) }) { first, _ in first }
            let states = keys.mapValues { $0["state"]?.text ?? "" }
            #expect(states["good"] == "usable" && states["fine"] == "usable" && states["off"] == "disabled")
            #expect(states["spent"] == "exhausted" && keys["spent"]?["until"]?.text != nil)
            #expect(["invalid", "suspect"].contains(states["dead"]))
            for name in ["good", "fine", "off"] {
                #expect(keys[name]?["counters"]?["failures"]?.integer == 0, "\(name)")
            }
            for name in ["dead", "spent"] {
                #expect(keys[name]?["counters"]?["failures"]?.integer ?? 0 > 0, "\(name)")
            }
            #expect(keys["dead"]?["last_error"]?.text?.hasPrefix("401") == true)
            let status = try await daemon.orkctl("status", "-o", "json").json?["item"]?["keys"]
            let counted = try #require(status?["by_state"])
            for state in Set(states.values) {
                let count = states.values.count { $0 == state }
                #expect(counted[state]?.integer == Int64(count), "\(state)")
            }
            #expect(status?["total"]?.integer == 5 && status?["usable_percent"]?.integer == 40)
            #expect(try await daemon.orkctl("status").stdout.contains("2 usable, "))
            let told = try await daemon.caller(key: Self.management).get("/admin/api/system-status").json
            #expect(told?["keys"]?["pool"]?["total"]?.integer == 5)
            #expect(told?["keys"]?["pool"]?["usable"]?.integer == 2)
        }
    }

    @Test("usage by key is what each of them served, of a span, and failures are its own", .proves("MN-08"))
    func byKey() async throws {
        try await run(keys: ["a", "b"]) { daemon in
            for _ in 0..<4 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let served = daemon.keysUsed
            daemon.mock.always(.everything, .status(500))
            #expect(try await daemon.caller.complete(model: "v/m").status == 502)
            // It is the key's that was tried last.
            let failing = daemon.keysUsed.last
            let sums = try await usage("--by key --since 24h", daemon)
            #expect(Set(sums.keys) == ["a", "b"])
            for name in ["a", "b"] {
                let sum = try #require(sums[name])
                let good = Int64(served.count { $0 == name })
                let failed: Int64 = failing == name ? 1 : 0
                #expect(good == 2 && sum["requests"]?.integer == good + failed)
                #expect(sum["failed"]?.integer == failed)
                #expect(sum["total_tokens"]?.integer == 25 * good)
                #expect(sum["prompt_tokens"]?.integer == 8 * good)
                #expect(sum["cost_pico_usd"]?.integer == 6_000_000_000 * good)
            }
            #expect(try await usage("--by key --since 2020-01-01 --until 2020-02-01", daemon).isEmpty)
            // What else is counted of a key.
            daemon.mock.always(.everything, .ok())
            daemon.mock.script(.key(daemon.secret("a")), .retryAfter("300"))
            for _ in 0..<2 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let key = try await daemon.key("a")
            #expect(key["counters"]?["rate_limited"]?.integer == 1)
            #expect(key["counters"]?["successes"]?.integer ?? 0 > 0 && key["latency"] != nil)
        }
    }

    @Test("users see what is theirs, administrators all of it", .proves("MN-09", "MN-10"))
    func roles() async throws {
        try await run(keys: ["a"]) { daemon in
            var callers: [Caller] = []
            for name in ["alice", "bob"] {
                try await shell("users create \(name)", daemon)
                try await shell("credits add \(name) 1M", daemon)
                callers.append(
                    daemon.caller(
                        key: try await daemon.addClient("\(name)-key", with: [.init("user", .string(name))])))
            }
            for (number, model) in [(0, "v/m"), (0, "v/m"), (0, "v/n"), (1, "v/m")] {
                #expect(try await callers[number].chat(model: model).status == 200)
            }
            for (caller, name, requests) in [(callers[0], "alice", Int64(3)), (callers[1], "bob", Int64(1))] {
                let monitor = try #require(try await caller.get("/user/monitor").json)
                #expect(monitor["usage_metrics"]?["total_requests"]?.integer == requests)
                #expect(monitor["usage_metrics"]?["total_tokens"]?.integer == 25 * requests)
                #expect(monitor["current_credits"]?.integer == 1_000_000 - 25 * requests)
                let keys = try #require(try await caller.get("/user/api-keys/usage").json)
                let names = keys["keys"]?.elements?.map { $0["key_name"]?.text }
                #expect(names == ["\(name)-key"])
                for path in ["/admin/monitor", "/admin/balance", "/admin/api/dashboard-data"] {
                    #expect(try await caller.get(path).status == 403, "\(path)")
                }
            }
            let all = try await daemon.caller(key: Self.management).get("/admin/monitor").json?["data"]
            #expect(all?["total_requests_today"]?.integer == 4 && all?["total_tokens_today"]?.integer == 100)
            let top = all?["top_users_by_usage"]?.elements?.map { $0["username"]?.text }
            #expect(top == ["alice", "bob"])
            let sums = try await usage("--by user --since 30d", daemon)
            #expect(sums["alice"]?["requests"]?.integer == 3 && sums["bob"]?["requests"]?.integer == 1)
            let csv = try await shell("usage --by user,model --since 30d -o csv", daemon).stdout
            let lines = csv.split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            let head = try #require(lines.first).map(String.init)
            #expect(head.first == "name" && head.suffix(2) == ["user", "model"])
            // The name has a comma of its own.
            let pairs = lines.dropFirst().map { "\($0[$0.count - 2]) \($0[$0.count - 1]) \($0[2])" }
            #expect(pairs.sorted() == ["alice v/m 2", "alice v/n 1", "bob v/m 1"])
        }
    }

    @Test(
        "after a 429 a key shows how many requests are left of its limit, and when it begins anew",
        .proves("RL-09"))
    func limits() async throws {
        try await run(keys: ["a"]) { daemon in
            #expect(try await daemon.key("a")["limits"] == nil)
            let reset = Int64(Date().timeIntervalSince1970) * 1000 + 3_600_000
            daemon.mock.script(.everything, .freeTier(perDay: true, resetAt: reset, inHeaders: true))
            #expect(try await daemon.caller.complete(model: "v/m:free").status == 429)
            // Shown, it is on disk.
            try await shell("keys history a", daemon)
            try await daemon.kill9()
            try await daemon.start()
            let told = try #require(try await shell("keys show a -o json", daemon).items.first)
            let limit = try #require(told["limits"]?.elements?.first)
            #expect(limit["left"]?.integer == 0 && limit["limit"]?.integer == 50)
            let end = try #require(try? Date(limit["reset_at"]?.text ?? "", strategy: .iso8601))
            #expect(abs(end.timeIntervalSince1970 * 1000 - Double(reset)) < 1000)
            let text = try await shell("keys show a", daemon).stdout
            #expect(text.contains("429-free-tier-daily: 0 of 50 left, begins anew in"))
        }
    }

    @Test("without a data port nobody can connect, and the shell does all it does", .proves("MN-12"))
    func withoutPort() async throws {
        var options = DaemonOptions(keys: ["a"])
        options.set("proxy", "listen = \"none\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            #expect(daemon.port == 0 && daemon.notifications.contains { $0.contains("no data port") })
            let shown = try await shell("status", daemon)
            #expect(shown.stdout.contains("proxy     none") && shown.stdout.contains("1 usable of 1"))
            let item = try await shell("status -o json", daemon).json?["item"]
            #expect(item?["serving"]?.text == "serving" && item?["listeners"]?.elements?.isEmpty == true)
            #expect(try await shell("keys test a -o json", daemon).items.first?["result"]?.text == "valid")
            try await shell("keys disable a", daemon)
            #expect(try await daemon.orkctl("status").status == 2)
            #expect(try listening(daemon).isEmpty)
            #expect(try await daemon.terminate() == 0)
        }
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(!(try listening(daemon).isEmpty))
        }
    }

    /// Sockets of the daemon that take connections over TCP. Not those that it
    /// inherited: swift-nio's sockets stay open over exec, and what another test
    /// opens in the moment of a start is not closed by Foundation's `Process`.
    private func listening(_ daemon: DaemonFixture) throws -> [String] {
        let own = try files(of: "\(daemon.pid)").subtracting(files(of: "self"))
        let rows = try ["tcp", "tcp6"].flatMap { name in
            try String(contentsOfFile: "/proc/net/" + name, encoding: .utf8).split(separator: "\n")
        }
        return rows.compactMap { row in
            let fields = row.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", own.contains("socket:[\(fields[9])]") else {
                return nil
            }
            return String(fields[1])
        }
    }

    /// What the open files of a process are.
    private func files(of process: String) throws -> Set<String> {
        let folder = "/proc/\(process)/fd"
        return try Set(
            FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0)
            })
    }
}
