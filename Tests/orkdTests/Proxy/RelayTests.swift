import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("answers on their way through the data path", .timeLimit(.minutes(5)))
struct RelayTests {
    @Test("a JSON answer arrives byte for byte, and its usage is recorded [PX-01]")
    func json() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let reply = try await path.caller.chat()
            #expect(reply.status == 200 && reply.complete)
            let usage = try #require(reply.json?["usage"]?["prompt_tokens"]?.integer)
            let record = try await path.records.next()
            #expect(record.end == .complete && record.quality == .exact)
            #expect(record.usage.prompt == usage)
            #expect(record.bytesOut == Int64(reply.body.count))

            let odd = Array(#" { "b" : 1.0e2 , "a":"\u00e9 ✓" , "choices":[ ] }  "#.utf8)
            path.mock.script(
                .everything,
                .answer { _ in
                    Answer(status: 200, headers: [("Content-Type", "application/json")], body: [.text(odd)])
                })
            #expect(try await path.caller.chat().digest == SHA256.hex(odd))
        }
    }

    @Test("an event stream cut at any place arrives byte for byte [PX-04]")
    func everySplit() async throws {
        var plan = DataPath.Plan()
        plan.mock.cutGap = .milliseconds(1)
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let bytes = AnswerBytes.chat
            path.mock.script(
                .everything, (1..<bytes.count).map { AnswerBytes.stream([.bytes(bytes, cuts: [$0])]) })
            let wire = try await path.caller.wire()
            for place in 1..<bytes.count {
                let reply = try await path.caller.chat(stream: true, on: wire)
                #expect(reply.complete && reply.body == bytes, "cut at \(place)")
                let record = try await path.records.next()
                #expect(record.end == .complete && record.usage.completion == 2, "cut at \(place)")
            }
            await wire.close()
        }
    }

    @Test("the trailer behind a Messages stream is dropped, wherever it is cut")
    func messagesTrailer() async throws {
        var plan = DataPath.Plan()
        plan.mock.cutGap = .milliseconds(1)
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let wanted = AnswerBytes.messages
            let sent = wanted + AnswerBytes.done
            let places = Array((wanted.count - 60)..<sent.count)
            path.mock.script(.everything, places.map { AnswerBytes.stream([.bytes(sent, cuts: [$0])]) })
            let wire = try await path.caller.wire()
            let body = Array(#"{"model":"a/b","stream":true,"max_tokens":5,"messages":[]}"#.utf8)
            for place in places {
                let reply = try await path.caller.send("POST", "/v1/messages", body: body, on: wire)
                #expect(reply.complete && reply.body == wanted, "cut at \(place)")
            }
            await wire.close()
        }
    }

    @Test("the first event is there before the second is sent [PX-04]")
    func firstEvent() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, AnswerBytes.gated(gate))
            let wire = try await path.caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            let (soFar, rest) = try await wire.reply { !$0.events.isEmpty }
            try await gate.reached()
            #expect(soFar.body == AnswerBytes.event("a"))
            #expect(soFar.value("x-accel-buffering") == "no")
            gate.open()
            #expect(try await rest().events.count == 3)
            await wire.close()
        }
    }

    @Test("proxied answers carry our headers and nothing of the pool key's account [SE-01]")
    func headers() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(
                .everything,
                Act.ok().header("Set-Cookie", "a=b").header("CF-RAY", "1").header("X-Frame-Options", "ALLOW")
                    .header("X-RateLimit-Remaining", "7").header("Alt-Svc", "h3=\":443\"")
                    .header("Access-Control-Allow-Origin", "*").header("X-Kept", "yes"))
            let reply = try await path.caller.chat()
            for (name, value) in SecurityHeaders.fields(hsts: false) {
                #expect(reply.values(name) == [value], "\(name)")
            }
            #expect(reply.value("ork-request")?.isEmpty == false)
            #expect(reply.value("x-kept") == "yes")
            for name in [
                "set-cookie", "cf-ray", "x-ratelimit-remaining", "alt-svc", "access-control-allow-origin",
            ] {
                #expect(reply.value(name) == nil)
            }
            let seen = try #require(path.mock.requests.last)
            #expect(seen.value("authorization") == "Bearer sk-1")
            #expect(seen.value("accept-encoding") == "identity")
        }
    }

    @Test("every answer has one date: the upstream's where there is one, else ours")
    func dates() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let stated = "Sun, 06 Nov 1994 08:49:37 GMT"
            path.mock.script(.everything, Act.ok().header("Date", stated), Act.ok())
            #expect(try await path.caller.chat().values("date") == [stated])
            let own = [
                try await path.caller.chat(), try await path.caller.get("/v1/keys"),
                try await path.caller.get("/nothing"),
            ]
            for reply in own {
                let dates = reply.values("date").map { WallTime(httpDate: $0) }
                let age = dates.first??.milliseconds(since: SystemClock.now().wall)
                #expect(dates.count == 1 && age.map { abs($0) < 60_000 } == true, "\(reply.status)")
            }
        }
    }

    @Test("HEAD is answered without a body and the connection goes on")
    func head() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let wire = try await path.caller.wire()
            let reply = try await path.caller.send("HEAD", "/v1/models", on: wire)
            #expect(reply.status == 200 && reply.body.isEmpty)
            #expect(path.mock.requests.last?.method == "HEAD")
            #expect(try await path.caller.chat(on: wire).status == 200)
            await wire.close()
        }
    }

    @Test("204 and 304 have no body and the connection goes on", arguments: [204, 304])
    func bodiless(status: Int) async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(
                .everything, .answer { _ in Answer(status: status, framing: .none) }, .usual)
            let wire = try await path.caller.wire()
            let reply = try await path.caller.send("GET", "/v1/models", on: wire)
            #expect(reply.status == status && reply.complete && reply.body.isEmpty)
            #expect(try await path.caller.chat(on: wire).status == 200)
            await wire.close()
        }
    }

    @Test("a caller of HTTP/1.0 gets a stream that ends with the connection")
    func oldCaller() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(.everything, AnswerBytes.stream([.text(AnswerBytes.chat)]))
            let wire = try await path.caller.wire()
            try await wire.send(OldRequest.chat)
            let all = try await wire.takeAll()
            let text = String(decoding: all, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains("Connection: close\r\n") && !text.contains("Transfer-Encoding"))
            #expect(all.suffix(AnswerBytes.chat.count).elementsEqual(AnswerBytes.chat))
            #expect(try await wire.ended() == .finished)
        }
    }
}

/// A request as HTTP/1.0 writes it.
enum OldRequest {
    static var chat: String {
        let body = Caller.chatBody(stream: true).encoded
        return "POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer \(DataPath.clientKey)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    }
}
