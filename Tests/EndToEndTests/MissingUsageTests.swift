import MockUpstream
import ORKTestSupport
import Testing

/// Answers that never said what they cost.
@Suite("Missing usage") struct MissingUsageTests {
    private static var options: DaemonOptions {
        var options = DaemonOptions()
        options.set("upstream", "fetch_usage = true")
        options.mock.unstoppable = Set(options.mock.providers)
        options.mock.generationDelay = .seconds(5)
        return options
    }

    /// The client's sums.
    private func usage(_ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl("usage", "--by", "client", "-o", "json")
        return try #require(ran.items.first { $0["name"]?.text == "test" }, "\(ran.stderr)")
    }

    /// Nothing is missing, and the sum is what the upstream billed.
    private func reconciled(_ daemon: DaemonFixture) async throws {
        try await eventually("the usage is known") {
            let usage = try await usage(daemon)
            return usage["unknown"]?.integer == 0 && usage["estimated"]?.integer == 0
                && usage["cost_pico_usd"]?.integer == daemon.mock.billed(daemon.secret("a")).pico
        }
    }

    @Test("is fetched from the upstream's record, which has it a while later")
    func fetched() async throws {
        try await withDaemon(Self.options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .stream(chunks: 5) { $0.usage = .absent })
            #expect(try await daemon.caller.chat(stream: true).complete)
            #expect(try await usage(daemon)["unknown"]?.integer == 1)
            try await reconciled(daemon)
            let usage = try await usage(daemon)
            #expect(try #require(usage["cost_pico_usd"]?.integer) > 0)
            #expect(usage["requests"]?.integer == 1 && usage["completion_tokens"]?.integer == 12)
            let questions = daemon.mock.requests.filter { $0.path.hasSuffix("/generation") }
            #expect(questions.allSatisfy { daemon.keyName(of: $0) == "a" })
        }
    }

    @Test("of an answer that the daemon did not live to end is fetched after its next start")
    func afterAKill() async throws {
        try await withDaemon(Self.options) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(
                .everything, .stream(chunks: 5) { $0.gates = [2: gate] },
                .stream(chunks: 5) { $0.usage = .absent })
            let wire = try await daemon.caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(daemon.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            _ = try await wire.beginReply { $0.events.count == 2 }
            // On disk before the end of this answer is: so is the first one's beginning.
            #expect(try await daemon.caller.chat(stream: true).complete)
            try await daemon.kill9()
            gate.open()
            await wire.close()
            try await daemon.start()
            #expect(try await usage(daemon)["requests"]?.integer == 2)
            try await reconciled(daemon)
            try await daemon.kill9()
            try await daemon.start()
            try await reconciled(daemon)
        }
    }

    @Test("of a user is charged when it is known, once")
    func charged() async throws {
        try await withDaemon(Self.options) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.orkctl("users", "create", "alice").status == 0)
            #expect(try await daemon.orkctl("credits", "add", "alice", "1M").status == 0)
            let caller = daemon.caller(
                key: try await daemon.addClient("web", with: [.init("user", .string("alice"))]))
            daemon.mock.script(.everything, .stream(chunks: 5) { $0.usage = .absent })
            #expect(try await caller.chat(stream: true).complete)
            func spent() async throws -> Int64 {
                let ran = try await daemon.orkctl("credits", "list", "alice", "-o", "json")
                return 1_000_000 - (ran.items.first?["balance"]?.integer ?? 0)
            }
            func counted() async throws -> JSON? {
                let ran = try await daemon.orkctl("usage", "--by", "client", "-o", "json")
                return ran.items.first
            }
            #expect(try await counted()?["estimated"]?.integer == 1)
            try await eventually("the estimate is corrected") {
                try await counted()?["estimated"]?.integer == 0
            }
            let usage = try #require(try await counted())
            #expect(try await spent() == usage["total_tokens"]?.integer)
            #expect(usage["credits"]?.integer == usage["total_tokens"]?.integer)
            try await daemon.restart()
            #expect(try await spent() == usage["total_tokens"]?.integer)
        }
    }
}
