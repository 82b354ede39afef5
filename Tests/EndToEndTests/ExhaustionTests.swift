import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Callers, and a machine, that leave the daemon short of something: what it
/// takes of each stays bounded, and everybody else is served. `make exhaust`
/// is the long form.
@Suite("Exhaustion") struct ExhaustionTests {
    /// A stream of that size, as fast as anybody takes it, once all who want
    /// one have come to the gate.
    private static func flood(_ megabytes: Int, from gate: Gate) -> Act {
        let event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"0123456789abcdef\"}}]}\n\n"
        let piece = Array(String(repeating: event, count: 1000).utf8)
        let parts = Array(repeating: Answer.Part.bytes(piece), count: megabytes * (1 << 20) / piece.count)
        return .answer { _ in
            Answer(
                status: 200, headers: [("Content-Type", "text/event-stream")], body: [.gate(gate)] + parts,
                framing: .chunked)
        }
    }

    private func figure(_ daemon: DaemonFixture, _ group: String?, _ name: String) async throws -> Int64 {
        let item = try await daemon.control("GET", "/v1/status").json?["item"]
        return (group.flatMap { item?[$0] } ?? item)?[name]?.integer ?? -1
    }

    /// Where the metrics are open.
    private func sample(_ daemon: DaemonFixture, _ name: String) async throws -> Double {
        try #require(try await daemon.caller(key: nil).metric(name))
    }

    /// The kernel's figures of a process.
    private func openFiles(of daemon: DaemonFixture) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/fd").count
    }

    private func cpuSeconds(of daemon: DaemonFixture) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(daemon.pid)/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Tried again and again: nothing tells when there is room again.
    private func isServed(within patience: Duration, _ daemon: DaemonFixture) async throws {
        var caller = daemon.caller
        caller.patience = .seconds(2)
        try await eventually("a caller is served", within: patience) {
            (try? await caller.chat())?.status == 200
        }
    }

    @Test("200 stalled readers take little memory each, are cut at the deadline, and nobody else notices")
    func stalledReaders() async throws {
        let count = 200
        try OpenFiles.allow(UInt64(4 * count))
        var options = DaemonOptions()
        options.set("proxy", "write_idle = \"3s\"")
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            for _ in 0..<20 { #expect(try await caller.get("/v1/models").status == 200) }
            let gate = Gate()
            daemon.mock.always(.path("/chat/completions"), Self.flood(8, from: gate))
            let before = try await figure(daemon, nil, "memory_bytes")
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            var wires: [Wire] = []
            for _ in 0..<count {
                let wire = try await Wire.connect(caller.endpoint, receiveBuffer: 8 << 10)
                try await wire.stopReading()
                try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
                wires.append(wire)
            }
            try await gate.reached(by: count)
            gate.open()
            let other = try await caller.wire()
            for _ in 0..<100 { #expect(try await caller.send("GET", "/v1/models", on: other).status == 200) }
            let grown = try await figure(daemon, nil, "memory_bytes") - before
            #expect(grown / Int64(count) <= 64 << 10, "\(grown / Int64(count) / 1024) KiB each")
            try await eventually("the last of them is cut") {
                try await figure(daemon, "traffic", "in_flight") == 0
            }
            await other.close()
            let ended = try await daemon.orkctl("requests", "list", "--limit", "none", "-o", "json").items
            #expect(ended.count { $0["end"]?.text == "stalled" } == count)
            #expect(try await figure(daemon, "traffic", "in_flight") == 0)
            for wire in wires { await wire.close() }
        }
    }

    @Test("idle connections are cheap, and make room when others find none")
    func idleConnections() async throws {
        var options = DaemonOptions()
        options.set("proxy", "max_connections = 200")
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            for _ in 0..<20 { #expect(try await caller.chat().status == 200) }
            let before = try await figure(daemon, nil, "memory_bytes")
            var idle: [Wire] = []
            for _ in 0..<180 {
                let wire = try await caller.wire()
                #expect(try await caller.chat(on: wire).status == 200)
                idle.append(wire)
            }
            let grown = try await figure(daemon, nil, "memory_bytes") - before
            #expect(grown / 180 <= 40 << 10, "\(grown / 180 / 1024) KiB each")
            // Twenty more that only connect: now it is full.
            for _ in 0..<20 { idle.append(try await caller.wire()) }
            try await isServed(within: .seconds(4), daemon)
            for wire in idle { await wire.close() }
        }
    }

    @Test("a storm of connections leaves nothing behind")
    func storm() async throws {
        var options = DaemonOptions()
        options.set("proxy", "metrics = \"open\"")
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            #expect(try await caller.chat().status == 200)
            // Of a thousand; the store opens a few more files when several read at once.
            let files = try await sample(daemon, "process_open_fds")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<20 {
                    group.addTask {
                        for round in 0..<50 {
                            let wire = try await caller.wire()
                            if round % 3 == 0 {
                                try await wire.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                            }
                            if (round + lane) % 2 == 0 { await wire.reset() } else { await wire.close() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("the descriptors are given back", within: .seconds(5)) {
                try await sample(daemon, "process_open_fds") <= files + 20
            }
            #expect(try await figure(daemon, "traffic", "in_flight") == 0)
        }
    }

    @Test(
        "without file descriptors nothing spins, it is counted and told, and service is back at once",
        .enabled(if: geteuid() == 0, "only root may look at the files of a process that hides them"))
    func descriptors() async throws {
        var options = DaemonOptions()
        options.startedBy = ["/usr/bin/prlimit", "--nofile=256:256"]
        options.set("proxy", "max_connections = 1000")
        options.set("proxy", "metrics = \"open\"")
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            var wires: [Wire] = []
            for _ in 0..<400 { wires.append(try await daemon.caller.wire()) }
            try await eventually("it holds as many as it may") { try openFiles(of: daemon) >= 250 }
            // The window in which it is looked at, not a wait for anything.
            let before = try cpuSeconds(of: daemon)
            try await Task.sleep(for: .seconds(1))
            let used = try cpuSeconds(of: daemon) - before
            // Spinning takes all of it; a debug build on a busy machine has taken 0.06.
            #expect(used <= 0.25, "\(used) of a second")
            for wire in wires { await wire.close() }
            try await isServed(within: .seconds(2), daemon)
            #expect(try await sample(daemon, "ork_accepts_failed_total") > 0)
            let conditions = try await daemon.control("GET", "/v1/status").json?["item"]?["conditions"]
            let shown = conditions?.elements?.first { $0["code"]?.text == "overloaded" }
            #expect(shown?["text"]?.text?.contains("file descriptors") == true)
        }
    }

    @Test("near its memory's ceiling new requests get an honest 503, running ones finish, and it passes")
    func memory() async throws {
        var options = DaemonOptions()
        options.set("proxy", "memory_limit = \"140MiB\"")
        options.set("proxy", "replay_limit = \"32MiB\"")
        options.set("proxy", "replay_memory = \"1GiB\"")
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.always(.everything, Act.usual.after(gate))
            var caller = daemon.caller
            caller.patience = .seconds(60)
            let patient = caller
            // Less than what is between the mark and the ceiling: who comes just below the mark is let in whole.
            let body = Array(Caller.chatBody(String(repeating: "x", count: 4 << 20)).encoded.utf8)
            var held: [Task<Reply, any Error>] = []
            var refused: Reply?
            while refused == nil, held.count < 30 {
                let number = held.count + 1
                let task = Task { try await patient.send("POST", "/v1/chat/completions", body: body) }
                held.append(task)
                try await gate.reached(by: number)
                // The ceiling is looked at ten times a second.
                try await Task.sleep(for: .milliseconds(250))
                let reply = try await caller.get("/v1/keys")
                if reply.status == 503 { refused = reply }
            }
            #expect(refused?.errorCode == "overloaded" && refused?.value("retry-after") == "1")
            #expect(try await figure(daemon, nil, "memory_bytes") <= 140 << 20)
            #expect(try await caller.get("/liveness").status == 200)
            gate.open()
            for task in held { #expect(try await task.value.status == 200) }
            try await isServed(within: .seconds(5), daemon)
        }
    }

    @Test("a log that nobody reads delays nobody")
    func blockedLog() async throws {
        var options = DaemonOptions()
        options.set("proxy", "metrics = \"open\"")
        try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
            let log = daemon.scratch.path + "/logs/stderr"
            #expect(mkfifo(log, 0o600) == 0)
            let reader = open(log, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            defer {
                close(reader)
                unlink(log)
            }
            try await daemon.start()
            try await daemon.provision()
            // Each reading of this configuration logs a line for each of its faults.
            try daemon.writeConfiguration(adding: (0..<1000).map { "[no-\($0)]\nsuch = 1\n" }.joined())
            // The first fills the pipe, and the writer waits from then on.
            for _ in 0..<3 {
                try await daemon.reload()
                #expect(try await daemon.caller.chat().status == 200)
            }
            #expect(try await sample(daemon, "ork_log_lines_dropped_total") >= 0)
            #expect(try await daemon.orkctl("status").status == 0)
        }
    }

    @Test("a body that stops coming is given up at its deadline, and costs no key")
    func silentBody() async throws {
        var options = DaemonOptions()
        options.set("proxy", "body_idle = \"300ms\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            var wires: [Wire] = []
            for _ in 0..<50 {
                let wire = try await caller.wire()
                try await wire.send(
                    caller.head("POST", "/v1/chat/completions", length: 1000) + Array("{".utf8))
                wires.append(wire)
            }
            for wire in wires {
                let reply = try await wire.reply()
                #expect(reply.status == 408 && reply.errorCode == "request-timeout")
                await wire.close()
            }
            #expect(daemon.mock.requests.isEmpty)
            #expect(try await caller.chat().status == 200)
        }
    }
}
