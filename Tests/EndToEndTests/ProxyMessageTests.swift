import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("What the proxy changes in a message") struct ProxyMessageTests {
    @Test("a caller's headers arrive unchanged, and only the pool's credential", .proves("PX-09", "PX-10"))
    func headers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let sent = [
                ("X-Foo", "bar"), ("OpenAI-Beta", "assistants=v2"), ("X-Title", "mine"),
                ("x-session-id", "s1"),
                ("X-Client-API-Key", daemon.clientSecret), ("Authorization", "Bearer dummy"),
                ("Cookie", "session=secret"), ("Connection", "close, X-Hop"), ("X-Hop", "1"),
            ]
            let reply = try await daemon.caller.post("/v1/chat/completions", Caller.chatBody(), headers: sent)
            #expect(reply.status == 200)
            let seen = try #require(daemon.relayed.last)
            #expect(seen.value("X-Foo") == "bar")
            #expect(seen.value("OpenAI-Beta") == "assistants=v2")
            #expect(seen.value("X-Title") == "mine")
            #expect(seen.value("x-session-id") == "s1")
            #expect(seen.value("authorization") == "Bearer \(daemon.secret("a"))")
            #expect(seen.value("accept-encoding") == "identity")
            #expect(seen.value("host") == "127.0.0.1:\(daemon.mock.port)")
            for gone in ["X-Client-API-Key", "x-api-key", "Cookie", "X-Hop"] {
                #expect(seen.values(gone).isEmpty, "\(gone)")
            }
            let all = seen.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            #expect(!all.contains(daemon.clientSecret))
        }
    }

    @Test("a body arrives byte for byte", .proves("PX-11", "PX-24"), arguments: [0, 1, 2])
    func bodies(_ index: Int) async throws {
        let odd =
            #"{ "model":"v/m", "messages":[{"role":"user","content":[{"type":"text","text":"h\u00e9\n\"q\""},"#
            + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}], "temperature":0.70,"#
            + #" "top_p":1e-1,"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"#
            + #""tool_choice":"auto","response_format":{"type":"json_object"},"x_unknown":{"a":[1,2,{}]},"n":1 }"#
        let text = String(repeating: "lorem ", count: 200_000)
        let samples = [odd, #"{"model":"v/m","messages":[]}"#, Caller.chatBody(model: "v/m", text).encoded]
        let body = Array(samples[index].utf8)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let reply = try await daemon.caller.send("POST", "/v1/chat/completions", body: body)
            #expect(reply.status == 200)
            let seen = try #require(daemon.relayed.last)
            #expect(seen.bodySize == body.count)
            #expect(seen.bodyDigest == SHA256.hex(body))
        }
    }

    @Test("a chunked body arrives byte for byte", .proves("PX-11"))
    func chunked() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let body = Array(Caller.chatBody(model: "v/m").encoded.utf8)
            let caller = daemon.caller
            let wire = try await caller.wire()
            try await wire.send(
                caller.head(
                    "POST", "/v1/chat/completions",
                    headers: [("Transfer-Encoding", "chunked"), ("Content-Type", "application/json")],
                    length: nil))
            for piece in [body[..<7], body[7..<8], body[8...]] {
                try await wire.send(
                    Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
            }
            try await wire.send("0\r\n\r\n")
            #expect(try await wire.reply().status == 200)
            #expect(daemon.relayed.last?.bodyDigest == SHA256.hex(body))
            await wire.close()
        }
    }

    @Test("the upstream's status and headers come through, its own hygiene does not", .proves("PX-13"))
    func answers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(
                .everything,
                Act.json(["error": ["code": 404, "message": "no such generation"]], status: 404)
                    .header("X-Generation-Id", "gen-1-x").header("X-Other", "y").header("Set-Cookie", "a=b")
                    .header("CF-RAY", "1").header("Server", "cloudflare"))
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 404)
            #expect(reply.value("x-generation-id") == "gen-1-x")
            #expect(reply.value("x-other") == "y")
            #expect(reply.errorMessage == "no such generation")
            #expect(reply.value("ork-request") != nil)
            for gone in ["set-cookie", "cf-ray", "server"] { #expect(reply.value(gone) == nil, "\(gone)") }
        }
    }

    @Test("attribution is added only where the caller sent none", .proves("PX-20"))
    func attribution() async throws {
        var options = DaemonOptions()
        options.environment = [
            "OPENROUTER_SITE_URL": "https://example.org", "OPENROUTER_SITE_NAME": "Example",
        ]
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await daemon.caller.chat()
            #expect(daemon.relayed.last?.value("HTTP-Referer") == "https://example.org")
            #expect(daemon.relayed.last?.value("X-Title") == "Example")
            try await daemon.caller.post(
                "/v1/chat/completions", Caller.chatBody(), headers: [("X-Title", "theirs")])
            #expect(daemon.relayed.last?.value("X-Title") == "theirs")
            #expect(daemon.relayed.last?.value("HTTP-Referer") == "https://example.org")
        }
    }
}
