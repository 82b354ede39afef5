import MockUpstream
import ORKTestSupport
import Testing

@Suite("Dialects of the mock") struct DialectTests {
    private static let bodies: [(path: String, body: JSON)] = [
        ("/v1/chat/completions", ["model": "v/m", "messages": [["role": "user", "content": "hi"]]]),
        ("/v1/completions", ["model": "v/m", "prompt": "hi"]),
        ("/v1/responses", ["model": "v/m", "input": "hi"]),
        (
            "/v1/messages",
            ["model": "v/m", "max_tokens": 10, "messages": [["role": "user", "content": "hi"]]]
        ),
    ]

    private func withMock(
        _ options: MockOpenRouter.Options = .init(), _ body: (MockOpenRouter, Caller) async throws -> Void
    ) async throws {
        try await MockOpenRouter.run(options: options) { mock async throws in
            mock.accept(prefix: "sk-")
            try await body(mock, Caller(.loopback(mock.port), key: "sk-a"))
        }
    }

    @Test("every dialect answers JSON with usage and cost", arguments: bodies.indices)
    func plain(_ index: Int) async throws {
        let (path, body) = Self.bodies[index]
        try await withMock { _, caller async throws in
            let reply = try await caller.post(path, body)
            #expect(reply.status == 200)
            #expect(reply.value("X-Generation-Id")?.hasPrefix("gen-") == true)
            let usage = try #require(reply.json?["usage"])
            #expect(usage["cost"] != nil)
            #expect(reply.text.contains("counts every token"))
        }
    }

    @Test("every dialect streams the same text with usage at the end", arguments: bodies.indices)
    func streamed(_ index: Int) async throws {
        var (path, body) = Self.bodies[index]
        body["stream"] = true
        try await withMock { mock, caller async throws in
            mock.script(.everything, .stream(chunks: 5) { $0.comments = 2 })
            let reply = try await caller.post(path, body)
            #expect(reply.complete)
            #expect(reply.text.hasPrefix(": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n"))
            #expect(reply.events.last == "[DONE]")
            #expect(reply.events.filter { $0.contains("cost") }.count == 1)
            #expect(reply.text.contains("event: message_stop") == (path == "/v1/messages"))
        }
    }

    @Test("the usage event has the form asked for", arguments: StreamShape.UsageForm.allCases)
    func usageForms(_ form: StreamShape.UsageForm) async throws {
        try await withMock { mock, caller async throws in
            mock.script(.everything, .stream(chunks: 2) { $0.usage = form })
            let events = try await caller.chat(stream: true).events.compactMap { JSON(parsing: $0) }
            let counted = events.filter { $0["usage"] != nil }
            #expect(counted.count == (form == .absent ? 0 : 1))
            let choices = counted.first?["choices"]?.elements
            switch form {
            case .absent: break
            case .emptyChoices: #expect(choices?.isEmpty == true)
            case .nullFinish: #expect(choices?.first?["finish_reason"]?.isNull == true)
            case .repeatedFinish, .withFinish: #expect(choices?.first?["finish_reason"]?.text == "stop")
            }
        }
    }

    @Test("faults of a stream come where they should")
    func faults() async throws {
        try await withMock { mock, caller async throws in
            func reply(_ fault: StreamShape.Fault) async throws -> Reply {
                mock.script(.everything, .stream(chunks: 4) { $0.fault = fault })
                return try await caller.chat(stream: true)
            }
            let first = try await reply(.errorFirst(502))
            #expect(first.complete && first.events.count == 1 && first.text.contains("\"choices\":[]"))
            let middle = try await reply(.error(502, after: 2))
            #expect(
                middle.complete && middle.events.count == 3
                    && middle.text.contains("\"finish_reason\":\"error\""))
            let ended = try await reply(.end(after: 2))
            #expect(ended.complete && ended.events.count == 2 && !ended.text.contains("[DONE]"))
            let cut = try await reply(.cut(after: 2))
            #expect(!cut.complete && cut.events.count == 2)
            let reset = try await reply(.reset(after: 2))
            #expect(!reset.complete)
            let truncated = try await reply(.truncatedChunk(after: 1))
            #expect(!truncated.complete)
        }
    }

    @Test("a tool that is offered is called, in JSON and in a stream")
    func tools() async throws {
        let tool: JSON = [
            "type": "function",
            "function": ["name": "weather", "parameters": ["type": "object", "required": ["city"]]],
        ]
        var body = Caller.chatBody()
        body["tools"] = [tool]
        try await withMock { _, caller async throws in
            let reply = try await caller.post("/v1/chat/completions", body)
            let call = reply.json?["choices"]?.elements?.first?["message"]?["tool_calls"]?.elements?.first
            #expect(call?["function"]?["name"]?.text == "weather")
            #expect(call?["function"]?["arguments"]?.text == "{\"city\":\"mock\"}")
            body["stream"] = true
            let streamed = try await caller.post("/v1/chat/completions", body)
            #expect(streamed.text.contains("\"finish_reason\":\"tool_calls\""))
        }
    }

    @Test("models, echo and unknown paths")
    func others() async throws {
        try await withMock { _, caller async throws in
            let models = try await Caller(caller.endpoint, key: nil).get("/v1/models")
            #expect(models.status == 200 && (models.json?["data"]?.elements?.count ?? 0) > 3)
            let echo = try await caller.send("DELETE", "/v1/echo?x=1", headers: [("X-A", "b")])
            #expect(echo.json?["method"]?.text == "DELETE" && echo.json?["query"]?.text == "x=1")
            #expect(!echo.text.contains("sk-a"))
            #expect(try await caller.get("/v1/nosuch").status == 404)
            #expect(try await caller.get("/pricing").value("content-type")?.hasPrefix("text/html") == true)
            let head = try await caller.send("HEAD", "/v1/models")
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }
}
