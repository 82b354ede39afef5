import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("request bodies on the data path", .timeLimit(.minutes(5)))
struct RequestBodyTests {
    /// A limit that makes a body of 300 KB too large to be kept.
    private var small: DataPath.Plan {
        var plan = DataPath.Plan()
        plan.keys = 2
        plan.settings.replayLimit = 64 << 10
        return plan
    }

    /// Valid JSON of a little more than that size.
    private func body(_ size: Int) -> [UInt8] {
        Array(Caller.chatBody(String(repeating: "y", count: size)).encoded.utf8)
    }

    private func chunks(_ body: [UInt8], of size: Int) -> [UInt8] {
        stride(from: 0, to: body.count, by: size).flatMap { start in
            let piece = body[start..<min(start + size, body.count)]
            return Array((String(piece.count, radix: 16) + ";x=y\r\n").utf8) + piece + [0x0D, 0x0A]
        } + Array("0\r\nX-Trailer: no\r\n\r\n".utf8)
    }

    @Test("a chunked body that can be kept goes on with its length")
    func chunked() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let body = body(5000)
            let wire = try await path.caller.wire()
            try await wire.send(
                path.caller.head(
                    "POST", "/v1/chat/completions", headers: [("Transfer-Encoding", "chunked")], length: 0)
                    + chunks(body, of: 777))
            #expect(try await wire.reply().status == 200)
            let seen = try #require(path.mock.requests.last)
            #expect(seen.body == body && seen.trailers.isEmpty)
            #expect(
                seen.value("content-length") == String(body.count) && seen.value("transfer-encoding") == nil)
            await wire.close()
        }
    }

    @Test("a body too large to keep is streamed whole", arguments: [true, false])
    func streamed(chunked: Bool) async throws {
        try await DataPath.run(small) { (path: DataPath) async throws in
            let body = body(600_000)
            let wire = try await path.caller.wire()
            if chunked {
                let coding = [("Transfer-Encoding", "chunked")]
                try await wire.send(
                    path.caller.head("POST", "/v1/chat/completions", headers: coding, length: 0)
                        + chunks(body, of: 50_000))
            } else {
                try await wire.send(
                    path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            }
            #expect(try await wire.reply().status == 200)
            let seen = try #require(path.mock.requests.last)
            #expect(seen.bodySize == body.count && seen.bodyDigest == SHA256.hex(body))
            #expect(seen.value("content-length") == (chunked ? nil : String(body.count)))
            let record = try await path.records.next()
            #expect(record.bytesIn == Int64(body.count) && record.model == "openai/gpt-4o-mini")
            #expect(path.gateway.keptBytes.load(ordering: .relaxed) == 0)
            #expect(try await path.caller.chat(on: wire).status == 200)
            await wire.close()
        }
    }

    @Test("a streamed body is never sent a second time")
    func noReplay() async throws {
        try await DataPath.run(small) { (path: DataPath) async throws in
            path.mock.script(.everything, .unauthorized, .usual)
            let reply = try await path.caller.send("POST", "/v1/chat/completions", body: body(300_000))
            #expect(reply.status == 503)
            #expect(path.mock.count == 1)
            let record = try await path.records.next()
            #expect(record.attempts.count == 1 && record.end == .refused)
            #expect(path.inFlight == 0)
        }
    }

    @Test("an answer that comes before a streamed body is all sent is relayed, then the connection ends")
    func earlyAnswer() async throws {
        try await DataPath.run(small) { (path: DataPath) async throws in
            for number in 1...2 {
                path.mock.script(
                    Subject(stringLiteral: "sk-\(number)"), Act.status(413, body: "{}").beforeBody)
            }
            let body = body(600_000)
            let wire = try await path.caller.wire()
            try await wire.send(
                path.caller.head("POST", "/v1/chat/completions", length: body.count) + body.prefix(300_000))
            let reply = try await wire.reply()
            #expect(reply.status == 413 && reply.complete)
            #expect(reply.value("connection") == "close")
            #expect(try await wire.ended() == .finished)
            #expect(path.inFlight == 0)
            await wire.close()
        }
    }

    @Test(
        "nor is it lost when the upstream closes at once while we still send",
        arguments: ["close", "reset", "slow"])
    func earlyAnswerThenClosed(how: String) async throws {
        let head =
            "HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nContent-Length: 30002\r\n"
            + "Connection: close\r\n\r\n{"
        let text = String(repeating: " ", count: 30_000) + "}"
        var plan = small
        plan.keys = 1
        try await DataPath.run(plan) { (path: DataPath) async throws in
            for _ in 0..<20 {
                let gate = Gate()
                let steps: [ByteStep] =
                    switch how {
                    case "close": [.send(head + text), .close]
                    case "reset": [.send(head + text), .gate(gate), .reset]
                    default: [.stopReading, .send(head), .gate(gate), .send(text), .close]
                    }
                path.mock.script(.everything, Act.raw(steps).beforeBody)
                let body = body(3_000_000)
                let wire = try await path.caller.wire()
                try await wire.send(
                    path.caller.head("POST", "/v1/chat/completions", length: body.count + 1)
                        + body.prefix(300_000))
                async let rest: Void = wire.send(body.dropFirst(300_000))
                if how != "close" {
                    try await gate.reached()
                    gate.open()
                }
                let reply = try await wire.reply()
                #expect(reply.status == 413 && reply.complete && reply.body.count == 30_002)
                #expect(reply.value("connection") == "close")
                // The connection may be cut while the rest is on its way.
                try? await rest
                await wire.close()
                #expect(try await path.records.next().end == .complete)
            }
            #expect(path.inFlight == 0)
        }
    }

    @Test("an upstream that has begun its last answer is sent no more of the body")
    func ceases() async throws {
        try await DataPath.run(small) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything,
                Act.raw([
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{"), .gate(gate),
                    .send("}"), .close,
                ]).beforeBody)
            let body = body(3_000_000)
            let wire = try await path.caller.wire()
            try await wire.send(
                path.caller.head("POST", "/v1/chat/completions", length: body.count) + body.prefix(300_000))
            let begun = try await wire.beginReply { _ in true }
            async let rest: Void = wire.send(body.dropFirst(300_000))
            gate.open()
            let reply = try await begun.rest()
            #expect(reply.complete && reply.text == "{}")
            // The connection may be cut while the rest is on its way.
            try? await rest
            let record = try await path.records.next()
            #expect(record.end == .complete && record.bytesIn <= 300_000)
            await wire.close()
        }
    }

    @Test("a caller is not blamed for a body that we do not read while we connect")
    func pausedBody() async throws {
        let dead = try FullPort()
        var plan = small
        plan.upstreamPort = dead.port
        plan.settings.bodyIdle = .millisecond
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let head = path.caller.head("POST", "/v1/chat/completions", length: 600_100)
            let patient = try await path.caller.wire()
            try await patient.send(head + body(600_000).prefix(300_000))
            // Sends nothing more although it is waited for; its deadline proves that the time is over.
            let late = try await path.caller.wire()
            try await late.send(head + [0x7B])
            #expect(try await late.reply().status == 408)
            #expect(try await path.records.next().code == .requestTimeout)
            await patient.close()
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.code == nil)
            await late.close()
        }
    }

    @Test("a body over the limit is 413, announced or not")
    func tooLarge() async throws {
        var plan = small
        plan.settings.bodyLimit = 100_000
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let announced = try await path.caller.wire()
            try await announced.send(path.caller.head("POST", "/v1/chat/completions", length: 100_001))
            #expect(try await announced.reply().status == 413)
            await announced.close()
            let body = body(110_000)
            let wire = try await path.caller.wire()
            try await wire.send(
                path.caller.head(
                    "POST", "/v1/chat/completions", headers: [("Transfer-Encoding", "chunked")], length: 0)
                    + chunks(body, of: 10_000))
            #expect(try await wire.reply().errorCode == ErrorCode.bodyTooLarge.rawValue)
            #expect(try await path.records.next().end == .refused)
            #expect(path.inFlight == 0)
            await wire.close()
        }
    }

    @Test("broken chunk framing is 400 and ends the connection")
    func brokenChunks() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let wire = try await path.caller.wire()
            try await wire.send(
                path.caller.head(
                    "POST", "/v1/chat/completions", headers: [("Transfer-Encoding", "chunked")], length: 0)
                    + Array("zz\r\n".utf8))
            let reply = try await wire.reply()
            #expect(reply.status == 400 && reply.errorCode == ErrorCode.badBody.rawValue)
            #expect(try await wire.ended() == .finished)
            #expect(path.mock.count == 0)
            await wire.close()
        }
    }
}
