import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("who and what the data path lets in", .timeLimit(.minutes(5)))
struct AdmissionTests {
    private func expect(
        _ reply: Reply, _ status: Int, _ code: ErrorCode, _ path: DataPath,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(reply.status == status, sourceLocation: location)
        #expect(reply.json?["error"]?["code"]?.text == code.rawValue, sourceLocation: location)
        #expect(path.mock.count == 0, sourceLocation: location)
        for (name, value) in SecurityHeaders.fields(hsts: false) {
            #expect(reply.values(name) == [value], "\(name)", sourceLocation: location)
        }
        #expect(reply.value("ork-request")?.isEmpty == false, sourceLocation: location)
        #expect(reply.value("x-should-retry") != nil, sourceLocation: location)
    }

    @Test("no credential, an unknown one, and two that differ")
    func credentials() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let nobody = Caller(.loopback(path.port), key: nil)
            expect(try await nobody.chat(), 401, .credentialMissing, path)
            expect(try await Caller(.loopback(path.port), key: "gw_other").chat(), 401, .clientUnknown, path)
            let body = Caller.chatBody()
            expect(
                try await path.caller.post(
                    "/v1/chat/completions", body, headers: [("x-api-key", "gw_other")]),
                400, .credentialConflict, path)
            expect(
                try await nobody.post(
                    "/v1/chat/completions", body,
                    headers: [("x-api-key", DataPath.clientKey), ("x-api-key", DataPath.clientKey)]),
                400, .credentialConflict, path)
        }
    }

    @Test("while the store cannot be written nobody is let in, and what runs goes on")
    func storeDown() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.gateway.store.report(writable: false)
            expect(try await path.caller.chat(), 503, .storageUnavailable, path)
            path.gateway.store.report(writable: true)
            let gate = Gate()
            path.mock.script(
                .everything,
                AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(gate), .text(AnswerBytes.done)]))
            let running = try await path.caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await running.send(
                path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            let (_, rest) = try await running.reply { !$0.events.isEmpty }
            path.gateway.store.report(writable: false)
            #expect(try await path.caller.chat().status == 503)
            gate.open()
            #expect(try await rest().complete)
            #expect(
                try await path.caller.chat(on: running).errorCode == ErrorCode.storageUnavailable.rawValue)
            await running.close()
        }
    }

    @Test("every form of the same credential is good, and none of them goes on")
    func credentialForms() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let nobody = Caller(.loopback(path.port), key: nil)
            let key = DataPath.clientKey
            let forms = [
                [("Authorization", "bearer  \(key)")], [("x-api-key", key)],
                [("Authorization", "Bearer \(key)"), ("x-api-key", key)],
                [("X-Client-API-Key", key), ("Authorization", "Bearer something-else")],
            ]
            for headers in forms {
                let reply = try await nobody.post("/v1/chat/completions", Caller.chatBody(), headers: headers)
                #expect(reply.status == 200, "\(headers)")
            }
            for request in path.mock.requests {
                #expect(
                    !request.headers.contains {
                        $0.value.contains(key) || $0.value.contains("something-else")
                    })
            }
        }
    }

    @Test("a credential in the query is refused", arguments: ["key", "api_key", "ACCESS_TOKEN"])
    func inQuery(name: String) async throws {
        try await DataPath.run { (path: DataPath) async throws in
            expect(try await path.caller.get("/v1/models?a=b&\(name)=x"), 400, .credentialInQuery, path)
        }
    }

    @Test("paths beyond the client's permissions are 403")
    func permissions() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            expect(try await path.caller.get("/v1/credits"), 403, .pathNotPermitted, path)
            expect(try await path.caller.get("/v1/something/new"), 403, .pathNotPermitted, path)
        }
        var plan = DataPath.Plan()
        plan.permissions = .catalogue
        try await DataPath.run(plan) { (path: DataPath) async throws in
            expect(try await path.caller.chat(), 403, .pathNotPermitted, path)
            #expect(try await path.caller.get("/v1/models").status == 200)
        }
    }

    @Test("while draining new requests are 503 and may be repeated elsewhere")
    func draining() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.gateway.draining.store(true, ordering: .relaxed)
            let reply = try await path.caller.chat()
            expect(reply, 503, .draining, path)
            #expect(reply.value("x-should-retry") == "true")
        }
    }

    @Test("errors of our own have the shape that the caller's SDK reads [PX-16]")
    func shapes() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let stranger = Caller(.loopback(path.port), key: "gw_other")
            let openai = try await stranger.chat()
            #expect(openai.json?["error"]?["message"]?.text?.isEmpty == false)
            #expect(openai.json?["error"]?["type"] != nil && openai.json?["type"] == nil)
            let anthropic = try await stranger.post("/v1/messages", Caller.chatBody())
            #expect(anthropic.status == 401 && anthropic.json?["type"]?.text == "error")
            #expect(anthropic.json?["error"]?["type"]?.text == "authentication_error")
            #expect(anthropic.json?["request_id"]?.text == anthropic.value("ork-request"))
        }
    }

    @Test("a preflight is answered by us, without a credential and without permission")
    func preflight() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let nobody = Caller(.loopback(path.port), key: nil)
            let reply = try await nobody.send(
                "OPTIONS", "/v1/chat/completions",
                headers: [("Origin", "https://a.example"), ("Access-Control-Request-Method", "POST")])
            #expect(reply.status == 204 && reply.complete && reply.body.isEmpty)
            #expect(reply.value("access-control-allow-origin") == nil && reply.value("vary") == "Origin")
            #expect(path.mock.count == 0)
        }
    }

    @Test("an ambiguous head is refused and the connection ends")
    func ambiguousHead() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let wire = try await path.caller.wire()
            try await wire.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            )
            expect(try await wire.reply(), 400, .badRequest, path)
            #expect(try await wire.ended() == .finished)
            await wire.close()
        }
    }
}
