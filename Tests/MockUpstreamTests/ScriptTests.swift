// MockUpstreamTests: that the mock is what the tests believe it to be.
// Here: its dialects, faults, accounts, journal; and the test kit's own search for secrets.
// Not here: the daemon. May import MockUpstream, ORKTestSupport, Testing, Foundation.

import MockUpstream
import ORKTestSupport
import Testing

@Suite("Scripts of the mock") struct ScriptTests {
    @Test("acts are taken one by one, then the usual answer follows")
    func consumed() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.script("sk-a", .bare429, .status(500))
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            #expect(try await caller.chat().status == 429)
            #expect(try await caller.chat().status == 500)
            #expect(try await caller.chat().status == 200)
            #expect(mock.actsLeft("sk-a") == 0)
        }
    }

    @Test("the narrowest script wins")
    func narrowest() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.accept(prefix: "sk-")
            mock.always("m/slow", .status(503))
            mock.always(.both(key: "sk-b", model: "m/slow"), .status(429))
            let (a, b) = (
                Caller(.loopback(mock.port), key: "sk-a"), Caller(.loopback(mock.port), key: "sk-b")
            )
            #expect(try await a.chat(model: "m/slow").status == 503)
            #expect(try await b.chat(model: "m/slow").status == 429)
            #expect(try await b.chat(model: "m/other").status == 200)
        }
    }

    @Test("a request is recorded with path, query, headers in order, key and digest")
    func recorded() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.accept(prefix: "sk-")
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            let body = Caller.chatBody(model: "v/m")
            try await caller.post(
                "/api/v1/chat/completions?a=1&a=2", body, headers: [("X-Foo", "1"), ("x-foo", "2")])
            let seen = try #require(mock.requests.first)
            #expect(seen.method == "POST")
            #expect(seen.path == "/api/v1/chat/completions")
            #expect(seen.query == "a=1&a=2")
            #expect(seen.headers.map(\.name).suffix(2) == ["X-Foo", "x-foo"])
            #expect(seen.values("X-FOO") == ["1", "2"])
            #expect(seen.key == "sk-a")
            #expect(seen.model == "v/m")
            #expect(seen.bodyDigest == SHA256.hex(Array(body.encoded.utf8)))
            #expect(seen.bodySize == body.encoded.utf8.count)
        }
    }

    @Test("SHA-256 agrees with the published vectors")
    func digest() {
        #expect(SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.hex(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let long = [UInt8](repeating: 0x61, count: 1_000_000)
        #expect(SHA256.hex(long) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        var parts = SHA256()
        for start in stride(from: 0, to: long.count, by: 777) {
            parts.update(long[start..<min(start + 777, long.count)])
        }
        #expect(parts.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("an act before the body answers while the body is still coming")
    func early() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.script("sk-a", Act.status(413).beforeBody)
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            let wire = try await caller.wire()
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: 1000))
            #expect(try await wire.reply().status == 413)
            await wire.close()
        }
    }

    @Test("a stopped listener refuses, and listens again on the same port")
    func refuses() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.accept(prefix: "sk-")
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            try await mock.stopListening()
            await #expect(throws: (any Error).self) { try await caller.chat() }
            try await mock.listenAgain()
            #expect(try await caller.chat().status == 200)
        }
    }

    @Test("requests on one connection are answered in order, pipelined ones too")
    func keepAlive() async throws {
        try await MockOpenRouter.run { mock async throws in
            mock.accept(prefix: "sk-")
            mock.script(.everything, Act.json(["n": 1]).after(.milliseconds(20)), .json(["n": 2]))
            let caller = Caller(.loopback(mock.port), key: "sk-a")
            let wire = try await caller.wire()
            let head = caller.head("GET", "/v1/echo", length: nil)
            try await wire.send(head + head)
            #expect(try await wire.reply().json?["n"]?.integer == 1)
            #expect(try await wire.reply().json?["n"]?.integer == 2)
            #expect(mock.connections == 1)
            #expect(mock.requests.map(\.turn) == [1, 2])
            await wire.close()
        }
    }

    @Test("a gate that nobody comes to is given up, and one that is reached is not")
    func gate() async throws {
        let gate = Gate()
        await #expect(throws: Gate.NeverReached.self) { try await gate.reached(within: .milliseconds(1)) }
        async let passed: Void = gate.pass()
        try await gate.reached()
        gate.open()
        await passed
        try await gate.reached(within: .zero)
    }
}
