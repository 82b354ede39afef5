import MockUpstream
import ORKTestSupport
import Testing

/// What fails whatever the key is asked no more for a moment.
@Suite("A gate before what fails") struct GateTests {
    private var options: DaemonOptions {
        var options = DaemonOptions(keys: ["a", "b"])
        options.set("pool", "attempts = 1")
        return options
    }

    @Test("after ten failures of a model in a row it is left alone, others are not; one good answer opens it")
    func model() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.model("v/m"), Array(repeating: .status(502), count: 10))
            for _ in 0..<10 { #expect(try await daemon.caller.chat(model: "v/m").status == 502) }
            let refused = try await daemon.caller.chat(model: "v/m")
            #expect(refused.status == 502 && refused.errorCode == "upstream-error")
            #expect(refused.value("retry-after") == "1")
            #expect(daemon.mock.requests.count { $0.model == "v/m" } == 10)
            #expect(try await daemon.caller.chat(model: "v/other").status == 200)
            try await eventually("the model is tried again") {
                try await daemon.caller.chat(model: "v/m").status == 200
            }
            for _ in 0..<3 { #expect(try await daemon.caller.chat(model: "v/m").status == 200) }
            #expect(daemon.mock.requests.count { $0.model == "v/m" } == 14)
        }
    }

    @Test("failures with a good answer between them close nothing", arguments: [false, true])
    func notInARow(_ stream: Bool) async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for _ in 0..<4 {
                daemon.mock.script(.model("v/m"), Array(repeating: .html(520), count: 5))
                for _ in 0..<5 {
                    #expect(try await daemon.caller.chat(model: "v/m", stream: stream).status == 502)
                }
                #expect(try await daemon.caller.chat(model: "v/m", stream: stream).status == 200)
            }
        }
    }

    @Test("a long answer opens the way when it begins, not when it ends")
    func early() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.model("v/m"), Array(repeating: .status(502), count: 10))
            for _ in 0..<10 { #expect(try await daemon.caller.chat(model: "v/m").status == 502) }
            let gate = Gate()
            daemon.mock.script(.model("v/m"), .stream(chunks: 9) { $0.gates = [3: gate] })
            var begun: UnfinishedReply?
            try await eventually("a stream has begun") {
                let caller = daemon.caller
                let wire = try await caller.wire()
                let body = Array(Caller.chatBody(model: "v/m", stream: true).encoded.utf8)
                try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
                begun = try await wire.beginReply { $0.events.count >= 1 }
                return daemon.mock.actsLeft(.model("v/m")) == 0
            }
            #expect(try await daemon.caller.chat(model: "v/m").status == 200)
            gate.open()
            #expect(try await begun?.rest().events.last == "[DONE]")
        }
    }
}
