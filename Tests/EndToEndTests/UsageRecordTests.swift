import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// One row for each call: whose it was, what served it, what it came to.
@Suite("Usage records") struct UsageRecordTests {
    @discardableResult
    private func run(_ line: String, _ daemon: DaemonFixture, exit: Int32 = 0) async throws -> Program.Ran {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == exit, "\(line): \(ran.stderr)")
        return ran
    }

    private func caller(_ name: String, of user: String, _ daemon: DaemonFixture) async throws -> Caller {
        daemon.caller(key: try await daemon.addClient(name, with: [.init("user", .string(user))]))
    }

    @Test(
        "a user's calls are one row each, of all its clients, and stay its own when client and user are gone",
        .proves("CR-10"))
    func ofUser() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for name in ["alice", "bob"] { try await run("users create \(name) --metered no", daemon) }
            let (web, batch) = (
                try await caller("web", of: "alice", daemon), try await caller("batch", of: "alice", daemon)
            )
            let other = try await caller("other", of: "bob", daemon)
            var asked: [String] = []
            for (caller, usage) in [(web, (8, 17)), (batch, (100, 20)), (web, (3, 4))] {
                daemon.mock.script(.everything, .ok(usage: usage, cost: .micro(1500)))
                asked.append(try #require(try await caller.chat().value("ork-request")))
            }
            #expect(try await other.chat().status == 200)
            #expect(try await daemon.caller.chat().status == 200)
            let rows = try await run("requests list --user alice -o json", daemon).items
            let expected: [String?] = asked.reversed()
            #expect(rows.map { $0["id"]?.text } == expected)
            #expect(rows.map { $0["client"]?.text } == ["web", "batch", "web"])
            #expect(rows.map { $0["usage"]?["total_tokens"]?.integer } == [7, 120, 25])
            let keys = rows.map { $0["attempts"]?.elements?.last?["key"]?.text }
            let served: [String?] = daemon.keysUsed.prefix(3).reversed()
            #expect(keys == served)
            for row in rows {
                #expect(row["user"]?.text == "alice" && row["model"]?.text?.isEmpty == false)
                #expect(row["usage"]?["cost"]?.text == "0.0015")
                #expect(row["started_at"]?.text?.hasSuffix("Z") == true)
            }
            #expect(try await run("requests list --user bob -o json", daemon).items.count == 1)
            let unowned = try await run("requests list --user none -o json", daemon).items
            #expect(unowned.map { $0["client"]?.text } == ["test"] && unowned.first?["user"] == nil)
            // A client that goes to somebody else takes along nothing that was.
            try await run("clients set web --user bob", daemon)
            try await run("clients rm batch --yes", daemon)
            try await run("users rm alice --yes", daemon)
            try await daemon.kill9()
            try await daemon.start()
            let kept = try await run("requests list --user alice -o csv --columns id,user,client", daemon)
            let lines = kept.stdout.split(whereSeparator: \.isNewline).map(String.init)
            let told = zip(asked.reversed(), ["web", "batch", "web"]).map { "\($0),alice,\($1)" }
            #expect(lines == ["id,user,client"] + told)
            #expect(try await run("requests list --user bob -o json", daemon).items.count == 1)
            try await run("requests list --user nosuch", daemon, exit: 4)
        }
    }

    /// One that is shown by itself.
    private func shown(_ reply: Reply, _ daemon: DaemonFixture) async throws -> JSON {
        let id = try #require(reply.value("ork-request"))
        return try #require(try await run("requests show \(id) -o json", daemon).json?["item"])
    }

    @Test(
        "what a request cost stands beside what a dry run says of as many tokens, with the error in percent",
        .proves("CO-04"))
    func compared() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .ok(usage: (30, 12)))
            let early = try await daemon.caller.chat()
            #expect(try await shown(early, daemon)["cost"] == nil)
            try await run("models refresh", daemon)
            // The list is younger than that request.
            let told = try #require(try await shown(early, daemon)["cost"])
            #expect(told["prices_are_later"]?.isTrue == true && told["estimate"]?.text == "0.0000117")
            #expect(told["actual"]?.text == "0.0000117" && told["error"]?.text == "0.00")
            #expect(told["error_percent"]?.text == "0.00" && told["currency"]?.text == "USD")
            // As a provider that is a fifth dearer, and one that is a third cheaper.
            for (pico, error, percent) in [
                (Int64(14_040_000), "0.00000234", "20.00"), (7_800_000, "-0.0000039", "-33.33"),
            ] {
                daemon.mock.script(.everything, .ok(usage: (30, 12), cost: USD(pico: pico)))
                let reply = try await daemon.caller.chat()
                let cost = try #require(try await shown(reply, daemon)["cost"])
                #expect(cost["estimate"]?.text == "0.0000117" && cost["prices_are_later"]?.isTrue == false)
                #expect(cost["error"]?.text == error && cost["error_percent"]?.text == percent)
                let id = try #require(reply.value("ork-request"))
                let story = try await run("explain \(id)", daemon).stdout
                #expect(story.contains("estimated $0.0000117"), "\(story)")
                #expect(story.contains("off by \(error) (\(percent) %)"), "\(story)")
                let table = try await run("requests show \(id)", daemon).stdout
                #expect(table.contains("\(error) (\(percent) %)"), "\(table)")
            }
            let line = "explain --dry-run --model openai/gpt-4o-mini -o json --prompt-tokens 30"
            let dry = try await run("\(line) --completion-tokens 12", daemon).json?["item"]
            #expect(dry?["cost"]?["amount"]?.text == "0.0000117")
            // Of a model that is not in the list nothing is said, and in lists of requests nothing at all.
            #expect(try await shown(try await daemon.caller.chat(model: "v/m"), daemon)["cost"] == nil)
            let rows = try await run("requests list -o json", daemon).items
            #expect(rows.count == 4 && rows.allSatisfy { $0["cost"] == nil })
        }
    }

    @Test(
        "what an answer cost and did not say is shown, and compared, as soon as it was learnt",
        .proves("CO-04"))
    func learnt() async throws {
        var options = DaemonOptions()
        options.set("upstream", "fetch_usage = true")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await run("models refresh", daemon)
            daemon.mock.script(.everything, .stream(chunks: 5) { $0.usage = .absent })
            let reply = try await daemon.caller.chat(stream: true)
            #expect(reply.complete)
            try await eventually("it was learnt") {
                try await shown(reply, daemon)["usage"]?["quality"]?.text == "reconciled"
            }
            let request = try await shown(reply, daemon)
            let cost = try #require(request["cost"])
            #expect(request["usage"]?["completion_tokens"]?.integer == 12)
            #expect(cost["actual"]?.text == request["usage"]?["cost"]?.text && cost["actual"] != nil)
            #expect(cost["estimate"]?.text == cost["actual"]?.text && cost["error"]?.text == "0.00")
        }
    }
}
