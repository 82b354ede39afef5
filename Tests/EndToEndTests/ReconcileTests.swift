import MockUpstream
import ORKTestSupport
import Testing

/// The ledger against what the upstream says.
@Suite("orkctl reconcile") struct ReconcileTests {
    private func reconcile(_ daemon: DaemonFixture, _ words: String...) async throws -> Program.Ran {
        try await daemon.orkctl(["reconcile", "-o", "json"] + words)
    }

    @Test("agrees key by key with what the upstream counts; what was spent elsewhere shows, and ends with 2")
    func elsewhere() async throws {
        var options = DaemonOptions(keys: ["a", "b"])
        options.mock.promptPrice = USD(pico: 1_000_000_000)
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for _ in 0..<4 { #expect(try await daemon.caller.chat().status == 200) }
            for window in ["daily", "weekly", "monthly"] {
                let ran = try await reconcile(daemon, "--window", window, "--tolerance", "0", "--least", "0")
                #expect(ran.status == 0, "\(ran.stderr)")
                #expect(ran.items.map { $0["name"]?.text } == ["a", "b"])
                #expect(
                    ran.items.allSatisfy { $0["result"]?.text == "agrees" && $0["window"]?.text == window })
                let ledger = ran.items.compactMap { $0["ledger_pico_usd"]?.integer }.reduce(0, +)
                let billed = ["a", "b"].map { daemon.mock.billed(daemon.secret($0)).pico }.reduce(0, +)
                #expect(ledger == billed && billed > 0)
            }
            // Somebody else has the key, too.
            let other = Caller(.loopback(daemon.mock.port), key: daemon.secret("a"))
            #expect(try await other.post("/api/v1/chat/completions", Caller.chatBody()).status == 200)
            let ran = try await reconcile(daemon)
            #expect(ran.status == 2)
            #expect(ran.items.map { $0["result"]?.text } == ["differs", "agrees"])
            #expect(try #require(ran.items.first?["difference_pico_usd"]?.integer) > 10_000_000_000)
            #expect(try await reconcile(daemon, "b").status == 0)
            #expect(try await reconcile(daemon, "--tolerance", "100").status == 0)
        }
    }

    @Test("an upstream that does not say ends with 3; an unknown key with 4")
    func silent() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.path("/key"), .status(500))
            let ran = try await reconcile(daemon)
            #expect(ran.status == 3)
            #expect(ran.items.first?["result"]?.text == "unknown" && ran.items.first?["reason"]?.text != nil)
            #expect(try await daemon.orkctl("reconcile", "nosuch").status == 4)
        }
    }
}
