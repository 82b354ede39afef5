import ORKTestSupport
import Testing

@testable import MockUpstream

@Suite("Faults on the wire of the mock") struct WireFaultTests {
    private func withCaller(_ body: (MockOpenRouter, Caller) async throws -> Void) async throws {
        try await MockOpenRouter.run { mock async throws in
            try await body(mock, Caller(.loopback(mock.port), key: "sk-a"))
        }
    }

    @Test("an event waits at its gate until the test opens it")
    func gates() async throws {
        try await withCaller { mock, caller async throws in
            let gate = Gate()
            mock.script("sk-a", .stream(chunks: 3) { $0.gates = [1: gate] })
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            let (soFar, rest) = try await wire.reply { $0.events.count == 1 }
            try await gate.reached()
            #expect(soFar.events.count == 1)
            gate.open()
            #expect(try await rest().events.last == "[DONE]")
            await wire.close()
        }
    }

    @Test("a body cut into several writes is the same body")
    func cuts() async throws {
        try await withCaller { mock, caller async throws in
            let numbers = JSON.array((0..<40).map { JSON($0) })
            mock.script("sk-a", Act.json(numbers).split(at: [5, 40, 41]))
            #expect(try await caller.get("/v1/echo").text == numbers.encoded)
        }
    }

    @Test("every cut is a write of its own, with a pause behind it")
    func cutSteps() {
        var answer = Answer(
            status: 200, body: [.bytes(Array("abc".utf8)), .bytes(Array("defg".utf8))], framing: .chunked)
        answer.split(at: [1, 3, 5])
        let written = answer.steps(head: false, gap: .milliseconds(1)).map { step -> String in
            switch step {
            case .send(let bytes): String(decoding: bytes, as: UTF8.self)
            case .wait: "|"
            default: "."
            }
        }
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(written == [head + "3\r\na", "|", "bc\r\n", "4\r\nde", "|", "fg\r\n", "0\r\n\r\n", "."])
    }

    @Test("nothing, half a head, a reset and bytes that are no HTTP")
    func noAnswer() async throws {
        try await withCaller { mock, caller async throws in
            mock.script("sk-a", .closeAtOnce, .resetAtOnce, .halfHeadThenClose, .notHTTP)
            for _ in 0..<4 {
                let reply = try await caller.chat()
                #expect(reply.status == 0 && !reply.complete)
            }
        }
    }

    @Test("bytes after the end are on the wire behind the answer")
    func surplus() async throws {
        try await withCaller { mock, caller async throws in
            mock.script("sk-a", .surplus())
            let wire = try await caller.wire()
            let first = try await caller.chat(on: wire)
            let forged = try await wire.reply()
            #expect(first.status == 200 && forged.text == "forged")
            await wire.close()
        }
    }

    @Test("a caller that leaves is an event with its time")
    func disconnect() async throws {
        try await withCaller { mock, caller async throws in
            mock.script("sk-a", .silence)
            let wire = try await caller.wire()
            try await wire.send(caller.head("GET", "/v1/echo", length: nil))
            try await mock.first(.received)
            let left = ContinuousClock.now
            await wire.close()
            let event = try await mock.awaitCancelled()
            #expect(event.at - left < .milliseconds(500))
            #expect(event.request?.cancelled == true)
        }
    }

    @Test("an event that does not come is an error that says what came")
    func timeout() async throws {
        var options = MockOpenRouter.Options()
        options.patience = .milliseconds(20)
        try await MockOpenRouter.run(options: options) { mock async throws in
            await #expect(throws: MockTimeout.self) { _ = try await mock.first(.received) }
        }
    }

    @Test("an endless answer stops where the reader stops")
    func backPressure() async throws {
        try await withCaller { mock, caller async throws in
            mock.script(
                "sk-a",
                .raw([
                    .send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"),
                    .repeating([UInt8](repeating: 0x78, count: 65_536), times: nil, every: .zero),
                ]))
            let wire = try await Wire.connect(caller.endpoint, receiveBuffer: 8192)
            try await wire.send(caller.head("GET", "/v1/echo", length: nil))
            try await wire.take { $0.count > 100_000 }
            try await wire.stopReading()
            await wire.close()
            let gone = try await mock.awaitCancelled()
            // Beyond what was read there is only what fits the kernel's buffers, however fast this machine is.
            let sent = gone.request?.bytesSent ?? .max
            #expect(sent - wire.arrivedBytes < 16 << 20)
        }
    }

    @Test("what is no HTTP is told apart")
    func malformed() async throws {
        try await withCaller { mock, caller async throws in
            let wire = try await caller.wire()
            try await wire.send("GET / SMTP\r\n\r\n")
            try await mock.first(.malformed)
            #expect(try await wire.reply().status == 400)
            await wire.close()
        }
    }
}
