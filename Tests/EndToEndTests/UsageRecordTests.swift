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
            #expect(rows.map { $0["id"]?.text } == asked.reversed())
            #expect(rows.map { $0["client"]?.text } == ["web", "batch", "web"])
            #expect(rows.map { $0["usage"]?["total_tokens"]?.integer } == [7, 120, 25])
            let keys = rows.map { $0["attempts"]?.elements?.last?["key"]?.text }
            #expect(keys == daemon.keysUsed.prefix(3).reversed())
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
            #expect(
                kept.stdout.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
                    == zip(asked.reversed(), ["web", "batch", "web"]).map { "\($0),alice,\($1)" })
            #expect(try await run("requests list --user bob -o json", daemon).items.count == 1)
            try await run("requests list --user nosuch", daemon, exit: 4)
        }
    }
}
