import MockUpstream
import ORKTestSupport
import Testing

@Suite("Accounts of the mock") struct AccountTests {
    private static let free = "deepseek/deepseek-chat:free"

    @Test("an unknown key and a missing one are told apart, in the dialect asked for")
    func credentials() async throws {
        try await MockOpenRouter.run { mock async throws in
            let unknown = Caller(.loopback(mock.port), key: "sk-x")
            let nobody = Caller(.loopback(mock.port), key: nil)
            #expect(try await unknown.chat().errorMessage == "User not found.")
            #expect(try await nobody.chat().errorMessage == "Missing Authentication header")
            let message = try await unknown.post("/v1/messages", ["model": "v/m"])
            #expect(message.json?["type"]?.text == "error")
            #expect(message.errorCode == "authentication_error")
        }
    }

    @Test("x-api-key wins over the bearer on messages")
    func anthropicKey() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.add(key: "sk-good")
            let caller = Caller(.loopback(mock.port), key: "sk-good")
            let body: JSON = ["model": "v/m", "messages": []]
            #expect(
                try await caller.post("/v1/messages", body, headers: [("x-api-key", "junk")]).status == 401)
            #expect(
                try await caller.post("/v1/chat/completions", body, headers: [("x-api-key", "junk")]).status
                    == 200)
        }
    }

    @Test("the free tier counts over all keys of an account and states its reset in milliseconds")
    func freeTier() async throws {
        var options = MockOpenRouter.Options()
        options.clock = { 1_790_000_010_000 }
        try await MockOpenRouter.run(options: options) { mock async throws in
            mock.add(key: "sk-a", account: "user_1")
            mock.add(key: "sk-b", account: "user_1")
            mock.add(key: "sk-c", account: "user_2")
            mock.change(account: "user_1") { $0.freePerMinute = 2 }
            let callers = ["sk-a", "sk-b", "sk-c"].map { Caller(.loopback(mock.port), key: $0) }
            #expect(try await callers[0].chat(model: Self.free).status == 200)
            #expect(try await callers[1].chat(model: Self.free).status == 200)
            let refused = try await callers[0].chat(model: Self.free)
            #expect(refused.status == 429)
            let headers = refused.json?["error"]?["metadata"]?["headers"]
            #expect(headers?["X-RateLimit-Reset"]?.text == "1790000040000")
            #expect(refused.json?["user_id"]?.text == "user_1")
            #expect(refused.value("x-ratelimit-reset") == nil)
            #expect(try await callers[0].chat(model: "paid/model").status == 200)
            #expect(try await callers[2].chat(model: Self.free).status == 200)
        }
    }

    @Test("a key's own limit is 403 when spent and 402 when it cannot cover the request")
    func keyLimit() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.add(MockKey("sk-a", account: "user_1", limit: USD(pico: 100_000_000), reset: .daily))
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            var body = Caller.chatBody()
            body["max_tokens"] = 100_000
            let small = try await caller.post("/v1/chat/completions", body)
            #expect(small.status == 402)
            #expect(small.text.contains("openrouter_key_limit"))
            mock.change(key: "sk-a") { $0.limit = USD.zero }
            let spent = try await caller.chat()
            #expect(spent.status == 403)
            #expect(spent.errorMessage?.hasPrefix("Key limit exceeded (daily limit)") == true)
        }
    }

    @Test("an account without credits refuses all its keys, and /key shows what was used")
    func credits() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.add(MockKey("sk-a", account: "user_1"), account: Account(id: "user_1", credits: .dollars(1)))
            mock.add(key: "sk-b", account: "user_1")
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            mock.script("sk-a", .ok(cost: .dollars(1)))
            #expect(try await caller.chat().status == 200)
            try await mock.first(.finished)
            #expect(try await Caller(caller.endpoint, key: "sk-b").chat().status == 402)
            let page = try await caller.get("/v1/key")
            if case .number(let used)? = page.json?["data"]?["usage"] { #expect(used == "1") }
            #expect(try await caller.get("/v1/credits").status == 403)
        }
    }

    @Test("what is held by running requests is refused with Retry-After and given back")
    func inFlight() async throws {
        try await MockOpenRouter.run { mock async throws in
            let gate = Gate()
            mock.add(
                MockKey("sk-a", account: "user_1"),
                account: Account(id: "user_1", credits: .dollars(100), inFlightBudget: .micro(100)))
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            mock.script("sk-a", Act.usual.after(gate))
            var body = Caller.chatBody()
            body["max_tokens"] = 100
            let request = body
            async let first = caller.post("/v1/chat/completions", request)
            try await gate.reached()
            let refused = try await caller.post("/v1/chat/completions", body)
            #expect(refused.status == 402 && refused.value("retry-after") == "1")
            gate.open()
            let answered = try await first
            #expect(answered.status == 200)
            try await mock.first(.finished) { $0.request?.status == 200 }
            #expect(try await caller.post("/v1/chat/completions", body).status == 200)
        }
    }

    @Test("a conversation sticks to its provider, and its second turn is cached")
    func sticky() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.accept(prefix: "sk-")
            let (a, b) = (
                Caller(.loopback(mock.port), key: "sk-a"), Caller(.loopback(mock.port), key: "sk-b")
            )
            func cached(_ reply: Reply) -> Int64? {
                reply.json?["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.integer
            }
            let first = try await a.chat()
            let second = try await a.chat()
            #expect(first.json?["provider"]?.text == second.json?["provider"]?.text)
            #expect(cached(first) == 0)
            #expect(cached(second) ?? 0 > 0)
            let elsewhere = try await b.chat()
            #expect(cached(elsewhere) == 0)
        }
    }

    @Test("a generation is unknown for a while, then told; a cancelled one costs nothing")
    func generation() async throws {
        let clock = SteppedClock()
        var options = MockOpenRouter.Options()
        options.clock = { clock.milliseconds }
        try await MockOpenRouter.run(options: options) { mock async throws in
            mock.accept(prefix: "sk-")
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            let id = try #require(try await caller.chat().value("x-generation-id"))
            #expect(try await caller.get("/v1/generation?id=\(id)").status == 404)
            clock.milliseconds += 1500
            let page = try await caller.get("/v1/generation?id=\(id)")
            #expect(page.json?["data"]?["cancelled"]?.isTrue == false)

            mock.script("sk-a", .stream(chunks: 3) { $0.gates = [1: Gate()] })
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            try await wire.take(through: "data: ")
            await wire.close()
            let gone = try await mock.awaitCancelled()
            clock.milliseconds += 1500
            let cancelled = try await caller.get("/v1/generation?id=\(gone.request?.generation ?? "")")
            #expect(cancelled.json?["data"]?["cancelled"]?.isTrue == true)
        }
    }
}
