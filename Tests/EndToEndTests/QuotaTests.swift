import Foundation
import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// What keys may do in a window of time, and what is left of it.
@Suite("Quotas of keys") struct QuotaTests {
    @discardableResult
    private func run(_ line: String, _ daemon: DaemonFixture) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
        return ran
    }

    private func quota(_ key: String, _ daemon: DaemonFixture) async throws -> JSON {
        try #require(try await run("quota show \(key) -o json", daemon).items.first)
    }

    /// Of no conversation: the strategy alone chooses.
    private func send(_ times: Int, _ daemon: DaemonFixture, model: String = "v/m") async throws {
        for _ in 0..<times { #expect(try await daemon.caller.complete(model: model).status == 200) }
    }

    /// Moves what was used while the daemon does not run.
    private func moved(_ daemon: DaemonFixture, _ arguments: String...) async throws -> JSON {
        try await Python(environment: [:]).run(
            "quota_use.py", [daemon.stateDirectory + "/orkd.db"] + arguments)
    }

    @Test(
        "of a hundred requests each boundary is seen, told as an event, and the last one is not passed",
        .proves("QA-02", "QA-09"))
    func boundaries() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await quota("a", daemon)["capacity"] == nil)
            try await run("quota set a --requests 100 --window daily", daemon)
            var seen: [String] = []
            for boundary in [19, 20, 50, 51, 80, 81, 99, 100] {
                try await send(boundary - daemon.keysUsed.count, daemon)
                let shown = try await quota("a", daemon)
                #expect(shown["requests"]?["left"]?.integer == Int64(100 - boundary))
                seen.append("\(boundary) \(shown["capacity"]?.text ?? "-")")
            }
            #expect(
                seen == [
                    "19 abundant", "20 constrained", "50 constrained", "51 critical", "80 critical",
                    "81 exhausted", "99 exhausted", "100 exhausted",
                ])
            let refused = try await daemon.caller.complete(model: "v/m")
            #expect(refused.status == 503 && refused.json?["error"]?["code"]?.text == "all-keys-exhausted")
            #expect(refused.value("retry-after") != nil && daemon.keysUsed.count == 100)
            let key = try await daemon.key("a")
            #expect(key["state"]?.text == "exhausted" && key["because"]?.text == "quota-spent")
            let events = try await run("events --filter kind=quota -o jsonl", daemon).stdout
                .split(separator: "\n").compactMap { JSON(parsing: Array($0.utf8)) }
            #expect(events.map { $0["event"]?.text } == ["constrained", "critical", "exhausted"])
            #expect(events.allSatisfy { $0["noun"]?.text == "key" && $0["subject"]?.text == "a" })
            #expect(events.first?["text"]?.text == "abundant → constrained: 80 of 100 requests left, daily")
            try await run("quota set a --requests 200", daemon)
            try await send(1, daemon)
            try await run("quota clear a", daemon)
            #expect(try await quota("a", daemon)["requests"] == nil)
        }
    }

    @Test(
        "every key is listed with used, left, window and reset, and a key that is used up gets nothing",
        .proves("QA-01", "QA-06"))
    func listed() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            try await run("config set strategy round-robin", daemon)
            try await run("quota set a --requests 4 --window daily", daemon)
            try await run("quota set b --requests 1000 --tokens 2M --window hourly", daemon)
            try await send(12, daemon)
            // Once four are used up a gets nothing, and the others share what comes.
            #expect(daemon.keysUsed.count { $0 == "a" } == 4)
            #expect(daemon.keysUsed.count == 12 && Set(daemon.keysUsed.suffix(2)) == ["b", "c"])
            let rows = try await run("quota list -o json", daemon).items
            #expect(rows.map { $0["name"]?.text } == ["a", "b", "c"])
            let (a, b) = (rows[0], rows[1])
            #expect(a["requests"]?["used"]?.integer == 4 && a["requests"]?["left"]?.integer == 0)
            #expect(a["window"]?.text == "daily" && a["reset"]?.text?.hasSuffix("T00:00:00Z") == true)
            #expect(b["unit"]?.text == "mixed" && b["window"]?.text == "hourly" && b["reset"] != nil)
            let used = b["requests"]?["used"]?.integer ?? 0
            #expect(used == daemon.keysUsed.count { $0 == "b" })
            let table = try await run("quota list", daemon).stdout.split(separator: "\n")
            #expect(table.count == 4 && table[1].contains("exhausted") && table[1].contains("4/4 requests"))
            let history = try await run("keys history a -o json", daemon).items
            #expect(
                history.first?["trigger"]?.text == "quota-spent" && history.first?["to"]?.text == "exhausted")
            let audit = try await run("events --filter kind=audit -o json", daemon).items
            #expect(
                audit.contains { $0["event"]?.text == "keys.quota" && $0["subject"]?.text == "a" })
        }
    }

    @Test("a key with less than a fifth left waits until no other can serve")
    func scarce() async throws {
        try await withDaemon(DaemonOptions(keys: ["a"])) { (daemon: DaemonFixture) async throws in
            try await run("quota set a --requests 10 --window 90m", daemon)
            try await send(9, daemon)
            try await daemon.addKey("b")
            try await send(3, daemon)
            #expect(daemon.keysUsed.suffix(3) == ["b", "b", "b"])
            try await run("keys disable b", daemon)
            try await send(1, daemon)
            #expect(daemon.keysUsed.last == "a")
            #expect(try await daemon.caller.complete(model: "v/m").status == 503)
        }
    }

    @Test("requests, tokens or both: only what is bounded is counted", .proves("QA-03"))
    func units() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .ok(usage: (30, 12)), .ok(usage: (30, 12)), .ok(usage: (30, 12)))
            try await run("config set strategy round-robin", daemon)
            try await run("quota set a --requests 10 --window daily", daemon)
            try await run("quota set b --tokens 1000 --window daily", daemon)
            try await run("quota set c --requests 10 --tokens 1000 --window daily", daemon)
            try await send(3, daemon)
            #expect(Set(daemon.keysUsed) == ["a", "b", "c"])
            try await eventually("the tokens are counted") {
                try await quota("c", daemon)["tokens"]?["used"]?.integer == 42
            }
            for (key, unit, requests, tokens) in [
                ("a", "requests", Int64(1), Int64?.none), ("b", "tokens", nil, 42), ("c", "mixed", 1, 42),
            ] as [(String, String, Int64?, Int64?)] {
                let shown = try await quota(key, daemon)
                #expect(shown["unit"]?.text == unit)
                #expect(shown["requests"]?["used"]?.integer == requests)
                #expect(shown["tokens"]?["used"]?.integer == tokens)
            }
        }
    }

    @Test("past its reset a quota is whole again, whatever the window", .proves("QA-04"))
    func windows() async throws {
        let windows = ["hourly", "daily", "monthly", "90m"]
        try await withDaemon(DaemonOptions(keys: windows)) { (daemon: DaemonFixture) async throws in
            for window in windows {
                try await run("quota set \(window) --requests 1 --window \(window)", daemon)
            }
            try await send(windows.count, daemon)
            #expect(try await daemon.caller.complete(model: "v/m").status == 503)
            // Asked for history, the daemon first writes down what it knows.
            try await run("keys history daily", daemon)
            try await daemon.kill9()
            try await daemon.start()
            // What was used outlives the kill.
            for window in windows {
                #expect(try await quota(window, daemon)["requests"]?["left"]?.integer == 0)
            }
            #expect(try await daemon.terminate() == 0)
            for window in windows { _ = try await moved(daemon, window, "later", String(40 * 86_400)) }
            try await daemon.start()
            for window in windows {
                let shown = try await quota(window, daemon)
                #expect(shown["requests"]?["left"]?.integer == 1 && shown["capacity"]?.text == "abundant")
                #expect(shown["state"]?.text == "usable")
            }
            try await send(windows.count, daemon)
        }
    }

    @Test("a 429 uses up what it is about until its reset, and nothing else", .proves("QA-05"))
    func limited() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            try await run("quota set a --requests 100 --window daily", daemon)
            daemon.mock.script(.both(key: daemon.secret("a"), model: "v/m"), .retryAfter("3600"))
            try await send(3, daemon)
            #expect(daemon.keysUsed == ["a", "b", "b", "b"])
            let shown = try await quota("a", daemon)
            let rest = try #require(shown["resting_models"]?.elements?.first)
            #expect(rest["model"]?.text == "v/m" && shown["requests"]?["used"]?.integer == 1)
            let left = WallTime(rfc3339: rest["until"]?.text ?? "")?.milliseconds ?? 0
            #expect((3_500_000...3_601_000).contains(left - MockOpenRouter.Options.wallClock()))
            try await send(1, daemon, model: "v/other")

            daemon.mock.script(.key(daemon.secret("b")), .refuse(.keySpent("daily")))
            try await send(1, daemon, model: "v/other")
            let spent = try await quota("b", daemon)
            #expect(spent["capacity"]?.text == "exhausted" && spent["state"]?.text == "exhausted")
        }
    }

    @Test("what the upstream says is left is kept, and asking costs nothing", .proves("QA-11"))
    func told() async throws {
        try await withDaemon(DaemonOptions(keys: ["a"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.change(key: daemon.secret("a")) { key in
                key.limit = .dollars(10)
                key.reset = .daily
            }
            let before = daemon.relayed.count
            let ran = try await run("quota refresh a", daemon)
            #expect(ran.stdout.contains("a refreshed") && daemon.relayed.count == before)
            try await daemon.kill9()
            try await daemon.start()
            let shown = try await quota("a", daemon)
            #expect(
                shown["upstream"]?["left"]?.text == "10.00" && shown["upstream"]?["limit"]?.text == "10.00")
            #expect(shown["upstream"]?["reset"]?.text == "daily" && shown["capacity"]?.text == "abundant")
            #expect(shown["upstream"]?["free_requests"]?["left"]?.integer != nil)
        }
    }

    @Test("what a 429 says about its limit, in the body or in the head, is kept and shown", .proves("QA-11"))
    func refusals() async throws {
        let options = DaemonOptions(keys: ["a", "b"])
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let reset = MockOpenRouter.Options.wallClock() + 3_600_000
            daemon.mock.script(.key(daemon.secret("a")), .freeTier(perDay: true, resetAt: reset))
            daemon.mock.script(
                .key(daemon.secret("b")), .freeTier(perDay: false, resetAt: reset, inHeaders: true))
            #expect(try await daemon.caller.complete(model: "v/m:free").status == 429)
            #expect(try await quota("a", daemon)["upstream"]?["left"] == nil)
            // Shown, they are on disk.
            try await run("keys history a", daemon)
            try await daemon.kill9()
            try await daemon.start()
            for (key, rule, limit) in [
                ("a", "429-free-tier-daily", Int64(50)), ("b", "429-free-tier-minute", 20),
            ] {
                let told = try #require(try await quota(key, daemon)["limits"]?.elements?.first)
                #expect(told["rule"]?.text == rule && told["limit"]?.integer == limit)
                #expect(told["left"]?.integer == 0)
                #expect(WallTime(rfc3339: told["reset_at"]?.text ?? "")?.milliseconds == reset)
            }
            let shown = try await run("quota show a", daemon).stdout
            #expect(shown.contains("429-free-tier-daily: 0 of 50 left, begins anew in"))
        }
    }

    @Test(
        "without anybody's word every enabled key is asked about again and again, at no cost",
        .proves("QA-11"))
    func scheduled() async throws {
        var options = DaemonOptions(keys: ["a", "b", "off"])
        options.set("pool", "report_every = \"2s\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await run("keys disable off", daemon)
            for key in ["a", "b", "off"] {
                daemon.mock.change(key: daemon.secret(key)) { $0.limit = .dollars(10) }
            }
            for key in ["a", "b"] {
                try await eventually("what is left of \(key) is known") {
                    try await quota(key, daemon)["upstream"]?["left"]?.text == "10.00"
                }
            }
            #expect(try await quota("off", daemon)["upstream"]?["left"] == nil)
            #expect(daemon.relayed.isEmpty)
            // It goes on after a kill, from what was kept.
            try await daemon.kill9()
            for key in ["a", "b"] {
                daemon.mock.change(key: daemon.secret(key)) { $0.limit = .dollars(20) }
            }
            try await daemon.start()
            for key in ["a", "b"] {
                try await eventually("\(key) is asked about again") {
                    try await quota(key, daemon)["upstream"]?["left"]?.text == "20.00"
                }
            }
            let asked = daemon.mock.requests.filter { daemon.keyName(of: $0) == "a" }
            #expect(asked.count >= 2 && asked.allSatisfy { $0.path.hasSuffix("/v1/key") })
        }
    }

    @Test("under a steady load the end is foreseen within a tenth", .proves("QA-10"))
    func foreseen() async throws {
        try await withDaemon(DaemonOptions(keys: ["a"])) { (daemon: DaemonFixture) async throws in
            try await run("quota set a --requests 5000 --window 30d", daemon)
            try await send(1, daemon)
            #expect(try await daemon.terminate() == 0)
            // One a minute for 25 hours.
            let told = try await moved(daemon, "a", "steady", "60000", "90000")
            #expect(told["requests"]?.integer == 1500)
            try await daemon.start()
            let shown = try await quota("a", daemon)
            let left = try #require(shown["requests"]?["left"]?.integer)
            let forecast = try #require(shown["forecast"])
            let end = try #require(WallTime(rfc3339: forecast["exhausted"]?.text ?? ""))
            let minutes = Double(end.milliseconds - (told["now"]?.integer ?? 0)) / 60_000
            #expect(abs(minutes - Double(left)) <= Double(left) / 10, "\(minutes) of \(left)")
            #expect(forecast["unit"]?.text == "requests" && forecast["confidence"]?.text != "low")
        }
    }

    @Test("of an account and of a pool it is foreseen when the first key is used up, and when all are")
    func foreseenTogether() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            try await run("config set strategy round-robin", daemon)
            try await run("keys set a b --account both", daemon)
            try await run("quota set a --requests 2000 --window 30d", daemon)
            try await run("quota set b --requests 5000 --window 30d", daemon)
            try await send(3, daemon)
            #expect(try await daemon.terminate() == 0)
            // One a minute of each for 25 hours.
            let told = try await moved(daemon, "a", "steady", "60000", "90000")
            _ = try await moved(daemon, "b", "steady", "60000", "90000")
            try await daemon.start()
            let account = try await run("accounts show both -o json", daemon).items.first
            let pool = try await run("pools list -o json", daemon).items.first
            for forecast in [account?["forecast"], pool?["forecast"]] {
                let forecast = try #require(forecast)
                #expect(forecast["keys"]?.integer == 2 && forecast["left"]?.integer == 4000)
                #expect(forecast["unit"]?.text == "requests" && forecast["confidence"]?.text != "low")
                for (end, minutes) in [("exhausted", 2000.0), ("earliest", 500)] {
                    let time = try #require(WallTime(rfc3339: forecast[end]?.text ?? ""))
                    let away = Double(time.milliseconds - (told["now"]?.integer ?? 0)) / 60_000
                    #expect(abs(away - minutes) <= minutes / 10, "\(end): \(away)")
                }
            }
            let shown = try await run("accounts show both", daemon).stdout
            #expect(shown.contains("4 000 requests of 2 keys"))
            #expect(try await run("pools list", daemon).stdout.contains("LASTS"))
        }
    }
}
