import Glibc
import MockUpstream
import ORKTestSupport
import Testing

@Suite("Under a service manager") struct SupervisionTests {
    @Test("the watchdog hears from the daemon as often as it asked to")
    func watchdog() async throws {
        var options = DaemonOptions()
        options.environment["WATCHDOG_USEC"] = "100000"
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var seen = 0
            for _ in 0..<5 {
                try await daemon.notification(after: seen) { $0 == "WATCHDOG=1" }
                seen = (daemon.notifications.dropFirst(seen).firstIndex(of: "WATCHDOG=1") ?? seen) + 1
            }
            #expect(daemon.notifications.filter { $0 == "WATCHDOG=1" }.count >= 5)
        }
    }

    @Test("a daemon that nobody watches sends nothing of the kind")
    func unwatched() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            // A turn of everything that happens by itself.
            try await daemon.reload()
            #expect(!daemon.notifications.contains("WATCHDOG=1"))
        }
    }

    @Test("a drain ends with the last answer, and nobody new is let in meanwhile")
    func drain() async throws {
        try await stoppingInMidStream { daemon, gate, running in
            try await daemon.notification { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") }
            await #expect(throws: (any Error).self) { _ = try await daemon.caller.wire() }
            gate.open()
            let reply = try await running.value
            #expect(reply.complete)
            #expect(reply.events.last == "[DONE]")
            #expect(try await daemon.exit() == 0)
        }
    }

    @Test("a second signal cuts what runs")
    func secondSignal() async throws {
        try await stoppingInMidStream { daemon, gate, running in
            daemon.send(signal: SIGTERM)
            _ = try await daemon.exit()
            gate.open()
            if let reply = try? await running.value { #expect(!reply.complete) }
        }
    }

    @Test("/health shows what is wrong also when no operator has asked")
    func healthLooks() async throws {
        var options = DaemonOptions(keys: [])
        options.client = nil
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let health = try await daemon.caller.get("/health").json
            let codes = health?["conditions"]?.elements?.compactMap { $0["code"]?.text }
            #expect(codes == ["no-upstream-key", "no-client"])
            #expect(health?["status"]?.text == "degraded")
        }
    }

    /// A daemon that has been told to stop while a stream waits at a gate.
    private func stoppingInMidStream(
        _ body: (DaemonFixture, Gate, Task<Reply, any Error>) async throws -> Void
    ) async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 3) { $0.gates = [1: gate] })
            let caller = daemon.caller
            let running = Task { try await caller.chat(stream: true) }
            try await gate.reached()
            daemon.send(signal: SIGTERM)
            try await daemon.notification { $0.hasPrefix("STOPPING=1") }
            try await body(daemon, gate, running)
        }
    }
}
