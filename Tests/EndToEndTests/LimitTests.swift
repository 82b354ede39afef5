import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("Limits on what callers send") struct LimitTests {
    @Test("a body over the limit is 413, announced or not, and memory stays flat", .proves("SE-07"))
    func bodySize() async throws {
        var options = DaemonOptions()
        options.set("proxy", "body_limit = \"20MiB\"")
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            #expect(try await caller.chat().status == 200)
            let before = try await memory(of: daemon)
            // Announced: refused before a byte of it is read.
            let announced = try await caller.wire()
            try await announced.send(caller.head("POST", "/v1/chat/completions", length: 20 << 20 | 1))
            let reply = try await announced.reply()
            #expect(reply.status == 413 && reply.errorCode == "body-too-large")
            await announced.close()
            // Not announced: refused as soon as it is too long.
            for _ in 0..<3 {
                let wire = try await caller.wire()
                let coding = [("Transfer-Encoding", "chunked"), ("Content-Type", "application/json")]
                try await wire.send(caller.head("POST", "/v1/chat/completions", headers: coding, length: 0))
                let piece = Array("100000\r\n".utf8) + Array(repeating: 0x20, count: 1 << 20) + [0x0D, 0x0A]
                var sent = 0
                while sent < 40, (try? await wire.send(piece)) != nil { sent += 1 }
                #expect(sent < 40)
                await wire.close()
            }
            #expect(try await caller.chat().status == 200)
            let grown = try await memory(of: daemon) - before
            #expect(grown < 30 << 20, "\(grown >> 20) MiB")
        }
    }

    @Test("as many kept bodies as fit into their memory, then an honest 503", .proves("SE-07"))
    func keptBodies() async throws {
        var options = DaemonOptions()
        options.set("proxy", "replay_limit = \"1MiB\"")
        options.set("proxy", "replay_memory = \"2MiB\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.always(.everything, Act.usual.after(gate))
            let body = Array(Caller.chatBody(String(repeating: "x", count: 900_000)).encoded.utf8)
            let caller = daemon.caller
            let held = (0..<2).map { _ in
                Task { try await caller.send("POST", "/v1/chat/completions", body: body) }
            }
            try await gate.reached(by: 2)
            let refused = try await caller.send("POST", "/v1/chat/completions", body: body)
            #expect(refused.status == 503 && refused.errorCode == "overloaded")
            #expect(refused.value("retry-after") == "1")
            gate.open()
            for task in held { #expect(try await task.value.status == 200) }
            #expect(try await caller.send("POST", "/v1/chat/completions", body: body).status == 200)
        }
    }

    @Test("limits on content are off by default, and name the field when they are on", .proves("SE-09"))
    func content() async throws {
        func body(messages: Int, model: Int, metadata: Int) -> JSON {
            [
                "model": .string(String(repeating: "m", count: model)),
                "messages": .array(Array(repeating: ["role": "user", "content": "x"], count: messages)),
                "metadata": .object((0..<metadata).map { JSON.Member("k\($0)", "v") }),
            ]
        }
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let large = body(messages: 1500, model: 300, metadata: 150)
            #expect(try await daemon.caller.post("/v1/chat/completions", large).status == 200)
        }
        var options = DaemonOptions()
        options.set("proxy", "max_messages = 1000")
        options.set("proxy", "max_model_length = 200")
        options.set("proxy", "max_metadata = 100")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            let most = body(messages: 1000, model: 200, metadata: 100)
            #expect(try await caller.post("/v1/chat/completions", most).status == 200)
            let seen = daemon.relayed.count
            for (field, large) in [
                ("messages", body(messages: 1001, model: 1, metadata: 1)),
                ("model", body(messages: 1, model: 201, metadata: 1)),
                ("metadata", body(messages: 1, model: 1, metadata: 101)),
            ] {
                let reply = try await caller.post("/v1/chat/completions", large)
                #expect(reply.status == 400 && reply.errorCode == "bad-body", "\(field)")
                #expect(reply.errorMessage?.hasPrefix("\(field): ") == true, "\(reply.text)")
            }
            #expect(daemon.relayed.count == seen)
        }
    }

    @Test("a fault inside is told as an id, which leads to the log, and nothing else", .proves("SE-06"))
    func inside() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            // A table that is gone is a fault that no code expects.
            let sqlite = Program("/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"])
            let script =
                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('DROP TABLE request_batch')"
            let ran = try await sqlite.run(["-c", script, daemon.stateDirectory + "/orkd.db"])
            #expect(ran.status == 0, "\(ran.stderr)")
            let reply = try await daemon.control("GET", "/v1/requests")
            #expect(reply.status == 500)
            let id = try #require(reply.value("ork-request"))
            #expect(reply.text.contains(id) && reply.text.contains("internal-error"))
            for word in [
                "request_batch", "SQL", "SELECT", "no such table", daemon.stateDirectory, ".swift", "GRDB",
            ] {
                #expect(!reply.text.contains(word), "\(word) in \(reply.text)")
            }
            try await daemon.logged { $0.contains(id) && $0.contains("request_batch") }
        }
    }

    private func memory(of daemon: DaemonFixture) async throws -> Int64 {
        try await daemon.control("GET", "/v1/status").json?["item"]?["memory_bytes"]?.integer ?? 0
    }
}
