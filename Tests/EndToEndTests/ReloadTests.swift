import MockUpstream
import ORKTestSupport
import Testing

@Suite("SIGHUP") struct ReloadTests {
    private func options(_ settings: (section: String, line: String)...) -> DaemonOptions {
        var options = DaemonOptions(keys: ["a", "b", "c", "d"])
        for (section, line) in settings { options.set(section, line) }
        return options
    }

    /// Waits for a line of the log with that message about that setting.
    private func logged(_ daemon: DaemonFixture, _ message: String, _ setting: String) async throws {
        try await daemon.logged { $0.contains(message) && $0.contains("\"\(setting)\"") }
    }

    private func value(_ daemon: DaemonFixture, _ setting: String) async throws -> String? {
        let items = try await daemon.control("GET", "/v1/config").json?["items"]?.elements ?? []
        return items.first { $0["name"]?.text == setting }?["value"]?.text
    }

    @Test("a valid file is in force at once; what waits for a restart is told, and running requests go on")
    func changes() async throws {
        try await withDaemon(options(("pool", "attempts = 2"))) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 3) { $0.gates = [1: gate] })
            let caller = daemon.caller
            let running = Task { try await caller.chat(stream: true) }
            try await gate.reached()

            try daemon.writeConfiguration(
                options(("pool", "attempts = 4"), ("proxy", "body_limit = \"1MiB\"")))
            try await daemon.reload()
            #expect(try await value(daemon, "pool.attempts") == "4")
            // Not in force, so not shown as if it were.
            #expect(try await value(daemon, "proxy.body_limit") == "50MiB")
            try await logged(daemon, "setting changed", "pool.attempts")
            try await logged(daemon, "setting waits for a restart", "proxy.body_limit")
            gate.open()
            #expect(try await running.value.complete)

            daemon.mock.always(.everything, .status(500))
            #expect(try await daemon.caller.chat().status >= 500)
            #expect(daemon.relayed.count == 1 + 4)
        }
    }

    @Test("a file that is not valid changes nothing, and every mistake is in the log with its line")
    func invalid() async throws {
        try await withDaemon(options(("pool", "attempts = 2"))) { (daemon: DaemonFixture) async throws in
            try daemon.writeConfiguration(
                options(("pool", "attempts = 5")), adding: "[pol]\nattempts = 99\n")
            try await daemon.reload()
            #expect(try await value(daemon, "pool.attempts") == "2")
            try await daemon.logged {
                $0.contains("the configuration is not valid, the old one stays") && $0.contains("orkd.toml:")
            }
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("the log's level follows the file")
    func logLevel() async throws {
        let quiet = options(("log", "level = \"error\""))
        try await withDaemon(quiet) { (daemon: DaemonFixture) async throws in
            #expect(!daemon.log.contains("\"ready\""))
            try daemon.writeConfiguration(options(("log", "level = \"info\"")))
            try await daemon.reload()
            try await daemon.logged { $0.contains("configuration reloaded") }
            try daemon.writeConfiguration(quiet)
            try await daemon.reload()
            #expect(try await value(daemon, "log.level") == "error")
        }
    }

    @Test("a strategy that was set at run time stays as it was set")
    func strategy() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.control("PATCH", "/v1/config", ["strategy": "weighted"])
            try daemon.writeConfiguration(options(("pool", "strategy = \"random\"")))
            try await daemon.reload()
            #expect(try await value(daemon, "pool.strategy") == "weighted")
            try await logged(daemon, "stays as orkctl has set it", "pool.strategy")
        }
    }
}
