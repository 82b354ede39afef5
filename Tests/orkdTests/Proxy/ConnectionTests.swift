import MockUpstream
import NIOCore
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("connections of the data path", .timeLimit(.minutes(5)))
struct ConnectionTests {
    /// Answers only the first request of a connection and closes at the
    /// second, as an upstream does whose idle time ran out in that moment.
    private static let onlyOnce = Act.answer { exchange in
        var answer = Answer(status: 200, json: ["data": []])
        if exchange.request.turn > 1 { answer.before = [.close] }
        return answer
    }

    @Test("a hundred requests of one caller use one upstream connection")
    func reuse() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let wire = try await path.caller.wire()
            for _ in 0..<100 { #expect(try await path.caller.chat(on: wire).status == 200) }
            #expect(path.mock.connections == 1 && path.mock.count == 100)
            await wire.close()
        }
    }

    @Test("requests sent all at once are answered in their order [PX-14]")
    func pipelined() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(.everything, .json([1]), .json([2]), .json([3]))
            let wire = try await path.caller.wire()
            let bodies = (1...3).map { Array(Caller.chatBody("question \($0)").encoded.utf8) }
            let all = bodies.flatMap {
                path.caller.head("POST", "/v1/chat/completions", length: $0.count) + $0
            }
            try await wire.send(all)
            for number in 1...3 { #expect(try await wire.reply().text == "[\(number)]") }
            #expect(path.mock.requests.map(\.body) == bodies)
            await wire.close()
        }
    }

    @Test("an idle connection that the upstream gives up just then costs nothing")
    func stale() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.always(.everything, Self.onlyOnce)
            for _ in 0..<2 {
                #expect(try await path.caller.get("/v1/models").status == 200)
                let record = try await path.records.next()
                #expect(record.attempts.count == 1 && record.attempts.first?.verdict.cause == .ok)
            }
        }
    }

    @Test("not even when all idle connections are in that state")
    func allStale() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything, [Self.onlyOnce.after(gate), Self.onlyOnce.after(gate)], afterwards: Self.onlyOnce
            )
            async let first = path.caller.get("/v1/models")
            async let second = path.caller.get("/v1/models")
            try await gate.reached(by: 2)
            gate.open()
            #expect(try await [first.status, second.status] == [200, 200])
            #expect(path.mock.connections == 2)
            _ = try await (path.records.next(), path.records.next())
            #expect(try await path.caller.get("/v1/models").status == 200)
            let record = try await path.records.next()
            #expect(record.attempts.count == 1 && record.attempts.first?.verdict.cause == .ok)
        }
    }

    @Test("a connection that dies in the middle of a head is a failure, not a stale one")
    func halfHead() async throws {
        var plan = DataPath.Plan()
        plan.keys = 2
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.mock.script(.everything, .usual, .halfHeadThenClose, .usual)
            #expect(try await path.caller.chat().status == 200)
            _ = try await path.records.next()
            #expect(try await path.caller.chat().status == 200)
            #expect(try await path.records.next().attempts.count == 2)
        }
    }

    @Test("bytes behind an answer become nobody's answer")
    func surplus() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(.everything, .surplus(), .json(["second": true]))
            let wire = try await path.caller.wire()
            #expect(try await path.caller.chat(on: wire).status == 200)
            #expect(try await path.caller.chat(on: wire).json?["second"]?.isTrue == true)
            await wire.close()
        }
    }

    @Test("one connection too many is told so and closed; an end makes room")
    func tooMany() async throws {
        var plan = DataPath.Plan()
        plan.settings.maxConnections = 2
        // On a busy machine a caller may take longer to speak than it is usually given.
        plan.settings.linger = 3600 * .second
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.mock.script(.path("/models"), .silence)
            let leaving = try await path.caller.wire()
            try await leaving.send(path.caller.head("GET", "/v1/models", length: nil))
            try await path.mock.first(.received)
            let staying = try await path.caller.wire()
            #expect(try await path.caller.chat(on: staying).status == 200)
            for _ in 0..<3 {
                let surplus = try await path.caller.wire()
                let reply = try await path.caller.chat(on: surplus)
                #expect(reply.status == 503 && reply.errorCode == ErrorCode.overloaded.rawValue)
                #expect(reply.value("retry-after") == "1" && reply.value("connection") == "close")
                #expect(try await surplus.ended() == .finished)
                await surplus.close()
            }
            #expect(path.loops.traffic.failed == 3)
            #expect(try await path.caller.chat(on: staying).status == 200)
            await leaving.close()
            // Its record is written after its place was given back.
            while try await path.records.next().end != .clientGone {}
            #expect(try await path.caller.chat().status == 200)
            await staying.close()
        }
    }

    @Test("the connect deadline covers TLS: an upstream that never shakes hands was not reached")
    func silentHandshake() async throws {
        let port = try FullPort(connecting: true)
        var plan = DataPath.Plan()
        plan.upstreamPort = port.port
        plan.tls = true
        plan.connect = .milliseconds(100)
        plan.settings.upstreamHead = 5 * .second
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let reply = try await path.caller.chat()
            #expect(reply.errorCode == ErrorCode.upstreamUnreachable.rawValue)
            let record = try await path.records.next()
            #expect(record.attempts.allSatisfy { $0.verdict.cause == .unreachable })
            #expect(path.inFlight == 0)
        }
    }

    @Test("HTTP/1.0 that asks for keep-alive is told that it has it, and has it")
    func oldKeepAlive() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let wire = try await path.caller.wire()
            // Proxied, refused, and a path beside the proxy.
            for (target, status) in [("/v1/models", 200), ("/v1/keys", 403), ("/nothing", 404)] {
                try await wire.send(
                    "GET \(target) HTTP/1.0\r\nAuthorization: Bearer \(DataPath.clientKey)\r\n"
                        + "Connection: keep-alive\r\n\r\n")
                let reply = try await wire.reply()
                #expect(reply.status == status && reply.complete, "\(target)")
                #expect(reply.value("connection") == "keep-alive", "\(target)")
            }
            await wire.close()
        }
    }

    @Test("a head that is not whole in time is 408; a connection that says nothing just ends")
    func lateHead() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let silent = try await path.caller.wire()
            #expect(try await path.caller.chat(on: silent).status == 200)
            let late = try await path.caller.wire()
            let body = Array(Caller.chatBody().encoded.utf8)
            // One write: with the answer to the first request the half head is here too.
            try await late.send(
                path.caller.head("POST", "/v1/chat/completions", length: body.count) + body
                    + Array("GET /v1/models HTTP/1.1\r\nHo".utf8))
            #expect(try await late.reply().status == 200)
            let deadline = SystemClock.monotonic() + 80 * Int64.second
            await path.loops.onEach { $0.check(monotonic: deadline) }
            let reply = try await late.reply()
            #expect(reply.status == 408 && reply.errorCode == ErrorCode.requestTimeout.rawValue)
            #expect(reply.value("connection") == "close")
            #expect(try await late.ended() == .finished)
            #expect(try await silent.takeAll().isEmpty)
            #expect(path.mock.count == 2)
            await late.close()
        }
    }

    @Test("a refusal in front of a large body closes after the answer")
    func refusedLargeBody() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let stranger = Caller(.loopback(path.port), key: "gw_unknown")
            let wire = try await stranger.wire()
            try await wire.send(
                stranger.head("POST", "/v1/chat/completions", length: 10_000_000)
                    + Array(repeating: 0x78, count: 1000))
            let reply = try await wire.reply()
            #expect(reply.status == 401 && reply.complete)
            #expect(reply.value("connection") == "close")
            #expect(try await wire.ended() == .finished)
            await wire.close()
        }
    }

    @Test("a refusal in front of a small body that is here keeps the connection as it says")
    func refusedSmallBody() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let stranger = Caller(.loopback(path.port), key: "gw_unknown")
            let wire = try await stranger.wire()
            for _ in 0..<3 {
                let reply = try await stranger.chat(on: wire)
                #expect(reply.status == 401 && reply.value("connection") == nil)
            }
            #expect(try await path.caller.chat(on: wire).status == 200)
            await wire.close()
        }
    }

    @Test("Expect: 100-continue is answered by us, and not when the request is refused")
    func expect() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let body = Array(Caller.chatBody().encoded.utf8)
            let wire = try await path.caller.wire()
            try await wire.send(
                path.caller.head(
                    "POST", "/v1/chat/completions", headers: [("Expect", "100-continue")], length: body.count)
            )
            #expect(try await wire.take(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await wire.send(body)
            #expect(try await wire.reply().status == 200)
            #expect(path.mock.requests.last?.value("expect") == nil)
            await wire.close()

            let stranger = Caller(.loopback(path.port), key: nil)
            let refused = try await stranger.wire()
            try await refused.send(
                stranger.head(
                    "POST", "/v1/chat/completions", headers: [("Expect", "100-continue")], length: body.count)
            )
            let reply = try await refused.reply()
            #expect(
                reply.status == 401 && reply.informational.isEmpty && reply.value("connection") == "close")
            await refused.close()
        }
    }
}
