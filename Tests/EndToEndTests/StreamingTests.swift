import MockUpstream
import ORKTestSupport
import Testing

@Suite("Streams through the proxy") struct StreamingTests {
    @Test("the caller has the first event before the upstream sends its second", .proves("PX-05"))
    func firstEventEarly() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 20) { $0.gates = [1: gate] })
            let caller = daemon.caller
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            let (soFar, rest) = try await wire.reply { $0.events.count == 1 }
            #expect(soFar.events.count == 1)
            gate.open()
            let whole = try await rest()
            #expect(whole.complete)
            #expect(whole.events.count == 23)
            #expect(whole.events.last == "[DONE]")
            #expect(whole.value("x-accel-buffering") == "no")
            await wire.close()
        }
    }

    @Test(
        "a stream arrives byte for byte, with comments and whatever form its usage has",
        .proves("PX-05", "PX-06"))
    func identical() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for form in StreamShape.UsageForm.allCases {
                let act = Act.stream(chunks: 7) { shape in
                    shape.usage = form
                    shape.comments = 2
                    shape.commentEvery = 3
                }
                let (direct, relayed) = try await both(act, daemon)
                #expect(relayed == direct, "\(form)")
            }
            let crlf = Act.stream(chunks: 3) { $0.crlf = true }
            let (direct, relayed) = try await both(crlf, daemon)
            #expect(relayed == direct)
        }
    }

    @Test("an event cut anywhere arrives whole", .proves("PX-06"))
    func splits() async throws {
        var random = Seed.current.generator("stream splits")
        let cuts = (0..<12).map { _ in Int.random(in: 1..<900, using: &random) }
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for cut in cuts {
                let act = Act.stream(chunks: 3) { $0.cuts = [cut, cut + 1, cut + 60] }
                let (direct, relayed) = try await both(act, daemon)
                #expect(relayed == direct, "cut at \(cut), \(Seed.current)")
            }
            let (direct, relayed) = try await both(.stream(chunks: 5) { $0.merged = true }, daemon)
            #expect(relayed == direct)
        }
    }

    @Test("a truncated stream never looks complete", arguments: [0, 1, 2])
    func truncated(_ index: Int) async throws {
        let fault = [StreamShape.Fault.cut(after: 3), .reset(after: 3), .truncatedChunk(after: 3)][index]
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .stream(chunks: 9) { $0.fault = fault })
            let reply = try await daemon.caller.chat(stream: true)
            #expect(!reply.text.contains("[DONE]"))
            // Either the framing is broken off, or an error event says so.
            #expect(!reply.complete || reply.text.contains("\"error\""))
            #expect(reply.events.filter { $0.contains("\"content\":\"") }.count >= 3)
        }
    }

    @Test("an error before the first word is tried again, one in mid-stream is relayed", .proves("PX-08"))
    func errors() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(
                .everything,
                .stream { shape in
                    shape.comments = 1
                    shape.fault = .errorFirst(502)
                })
            let retried = try await daemon.caller.chat(stream: true)
            #expect(retried.events.last == "[DONE]")
            #expect(daemon.keysUsed.count == 2)

            daemon.mock.script(.everything, .stream(chunks: 9) { $0.fault = .error(502, after: 3) })
            let broken = try await daemon.caller.chat(stream: true)
            #expect(broken.text.contains("\"finish_reason\":\"error\""))
            #expect(!broken.text.contains("[DONE]"))
            #expect(daemon.keysUsed.count == 3)
        }
    }

    @Test("rate limits are tried again for streams as for JSON, three calls in all", .proves("PX-08"))
    func retries() async throws {
        for stream in [false, true] {
            try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) {
                (daemon: DaemonFixture) async throws in
                daemon.mock.script(.everything, .retryAfter("30"), .retryAfter("30"))
                let reply = try await daemon.caller.chat(stream: stream)
                #expect(reply.status == 200)
                #expect(Set(daemon.keysUsed).count == 3)
                #expect(daemon.keysUsed.count == 3)
            }
        }
    }

    @Test("the models list is tried again on rate limits", .proves("PX-07"))
    func models() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b", "c"])) { (daemon: DaemonFixture) async throws in
            daemon.mock.script("/models", .retryAfter("30"), .retryAfter("30"))
            #expect(try await daemon.caller.get("/v1/models").status == 200)
            #expect(daemon.keysUsed.count == 3)
        }
    }

    /// The same answer straight from the mock and through the daemon, without
    /// what differs from answer to answer.
    private func both(_ act: Act, _ daemon: DaemonFixture) async throws -> (direct: String, relayed: String) {
        daemon.mock.script(.everything, act, act)
        let mock = Caller(.loopback(daemon.mock.port), key: daemon.secret("a"))
        let direct = try await mock.chat(stream: true)
        let relayed = try await daemon.caller.chat(stream: true)
        return (Self.normal(direct.text), Self.normal(relayed.text))
    }

    private static func normal(_ text: String) -> String {
        text.replacing(/gen-\d+-\w{20}/, with: "gen").replacing(/"created":\d+/, with: "created")
            .replacing(/"provider":"\w+"/, with: "provider").replacing(/"cached_tokens":\d+/, with: "cached")
    }
}
