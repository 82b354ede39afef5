import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What users, clients, or all together may cost in dollars.
@Suite("Budgets") struct BudgetTests {
    @discardableResult
    private func run(_ line: String, _ daemon: DaemonFixture) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
        return ran
    }

    private func shown(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        try #require(try await run("budgets show \(name) -o json", daemon).items.first)
    }

    @Test(
        "a spent one refuses before anything is sent, for nobody else, and a kill gives nothing back",
        .proves("CO-05"))
    func hard() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.model("v/m"), .ok(cost: .micro(6000)))
            try await run("budgets set client:test/day --limit 0.01", daemon)
            for _ in 0..<2 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let refused = try await daemon.caller.complete(model: "v/m")
            #expect(refused.status == 402 && refused.errorCode == "budget-spent")
            #expect(
                refused.json?["error"]?["message"]?.text?.contains("0.00 of 0.01 USD left, until") == true)
            #expect(refused.value("x-should-retry") == "false")
            let wait = try #require(refused.value("retry-after").flatMap { Int($0) })
            #expect((1...86_400).contains(wait))
            #expect(daemon.keysUsed.count == 2)
            let other = daemon.caller(key: try await daemon.addClient("other"))
            #expect(try await other.complete(model: "v/m").status == 200)
            // What costs nothing is not refused.
            #expect(try await daemon.caller.get("/v1/models").status == 200)
            try await daemon.kill9()
            try await daemon.start()
            let kept = try await shown("client:test/day", daemon)
            #expect(kept["spent"]?.text == "0.012" && kept["left"]?.text == "0.00", "\(kept.encoded)")
            #expect(try await daemon.caller.chat(stream: true).status == 402)
            try await run("budgets set client:test/day --limit 0.02", daemon)
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
            try await run("budgets rm client:test/day --yes", daemon)
            for _ in 0..<3 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
        }
    }

    @Test("a soft one serves on, and each mark that is passed is one event", .proves("CO-05"))
    func soft() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .ok(cost: .micro(6000)))
            try await run("budgets set client:test/month --limit 0.01 --soft --warn-at 50%", daemon)
            for _ in 0..<4 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let events = try await run("events --filter kind=budget -o jsonl", daemon).stdout
                .split(separator: "\n").compactMap { JSON(parsing: Array($0.utf8)) }
            #expect(events.compactMap { $0["event"]?.text } == ["warned", "spent"])
            for event in events {
                #expect(event["severity"]?.text == "warning" && event["noun"]?.text == "budget")
                #expect(event["subject"]?.text == "client:test/month")
            }
            #expect(try await shown("client:test/month", daemon)["spent"]?.text == "0.024")
        }
    }

    @Test("a user's holds for all its clients, and everybody's for all, which is no caller's fault")
    func shared() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .ok(cost: .micro(6000)))
            try await run("users create alice --metered no", daemon)
            let owner: [JSON.Member] = [.init("user", "alice")]
            let first = daemon.caller(key: try await daemon.addClient("one", with: owner))
            let second = daemon.caller(key: try await daemon.addClient("two", with: owner))
            try await run("budgets set user:alice/total --limit 0.01", daemon)
            #expect(try await first.complete(model: "v/m").status == 200)
            #expect(try await second.complete(model: "v/m").status == 200)
            let refused = try await first.complete(model: "v/m")
            #expect(refused.status == 402 && refused.value("retry-after") == nil)
            #expect(try await second.complete(model: "v/m").status == 402)
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
            try await run("budgets set all/week --limit 0.01 --time-zone Europe/Berlin", daemon)
            for _ in 0..<2 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            let all = try await daemon.caller.complete(model: "v/m")
            #expect(all.status == 503 && all.errorCode == "budget-spent")
            #expect(daemon.keysUsed.count == 5)
        }
    }

    @Test(
        "a key's takes it out until it is raised, also over a kill; a pool's lets the fallback serve",
        .proves("CO-05"))
    func keysAndPools() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .ok(cost: .micro(6000)))
            try await run("budgets set key:a/day --limit 0.01", daemon)
            for _ in 0..<4 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            #expect(daemon.keysUsed == ["a", "a", "b", "b"])
            let key = try await daemon.key("a")
            #expect(key["state"]?.text == "exhausted" && key["because"]?.text == "budget-spent")
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await shown("key:a/day", daemon)["spent"]?.text == "0.012")
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
            #expect(daemon.keysUsed.last == "b")
            try await run("pools add paid", daemon)
            try await run("keys set b --pool paid", daemon)
            try await run("pools set default --fallback paid", daemon)
            try await run("budgets set key:a/day --limit 1", daemon)
            try await run("budgets set pool:default/month --limit 0.005", daemon)
            for _ in 0..<2 { #expect(try await daemon.caller.complete(model: "v/m").status == 200) }
            #expect(daemon.keysUsed.suffix(2) == ["a", "b"])
            try await run("budgets set pool:paid/total --limit 0.001", daemon)
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
            let refused = try await daemon.caller.complete(model: "v/m")
            #expect(refused.status == 503 && refused.errorCode == "all-keys-exhausted")
            try await run("budgets rm pool:* --yes", daemon)
            #expect(try await daemon.caller.complete(model: "v/m").status == 200)
        }
    }

    @Test("what runs is held: of many at once as many begin as the budget covers")
    func parallel() async throws {
        try await withDaemon(DaemonOptions(keys: ["a"])) { (daemon: DaemonFixture) async throws in
            try await run("models refresh", daemon)
            // An answer of a hundred thousand tokens at 0.60 a million.
            try await run("budgets set client:test/day --limit 0.13", daemon)
            let gate = Gate()
            daemon.mock.always(.key(daemon.secret("a")), .ok(cost: .micro(1000)).after(gate))
            let statuses = try await withThrowingTaskGroup(of: UInt16.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        UInt16(
                            try await daemon.caller.post(
                                "/v1/completions",
                                ["model": "openai/gpt-4o-mini", "prompt": "hello", "max_tokens": 100_000]
                            ).status)
                    }
                }
                var statuses: [UInt16] = []
                for try await status in group {
                    statuses.append(status)
                    if statuses.count == 8 { gate.open() }
                }
                return statuses
            }
            #expect(statuses.prefix(8).allSatisfy { $0 == 402 } && statuses.suffix(2) == [200, 200])
            let after = try await shown("client:test/day", daemon)
            #expect(after["spent"]?.text == "0.002" && after["held"]?.text == "0.00")
        }
    }
}
