import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("answers that break off", .timeLimit(.minutes(5)))
struct BreakingTests {
    /// Sends a chat request, reads up to the first event, lets the mock go
    /// on, and gives what the caller has in the end.
    private func broken(_ ending: Answer.Ending, on path: DataPath) async throws -> Reply {
        let gate = Gate()
        path.mock.script(
            .everything, AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(gate)], ending: ending))
        let wire = try await path.caller.wire()
        let body = Array(Caller.chatBody(stream: true).encoded.utf8)
        try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        let (_, rest) = try await wire.reply { !$0.events.isEmpty }
        gate.open()
        let reply = try await rest()
        await wire.close()
        return reply
    }

    @Test(
        "a stream that stops without its end is told in band and never ends cleanly",
        arguments: ["end", "cut", "reset", "chunk"])
    func truncated(how: String) async throws {
        let endings: [String: Answer.Ending] = [
            "end": .finish, "cut": .cut, "reset": .reset, "chunk": .badChunk,
        ]
        let ending = try #require(endings[how])
        var plan = DataPath.Plan()
        plan.keys = 2
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let reply = try await broken(ending, on: path)
            #expect(!reply.complete)
            #expect(reply.body.starts(with: AnswerBytes.event("a")))
            #expect(reply.events.count == 2)
            #expect(reply.events.last?.contains(ErrorCode.upstreamTruncated.rawValue) == true)
            #expect(!reply.text.contains("[DONE]"))
            let record = try await path.records.next()
            #expect(record.end == .truncated && record.attempts.count == 1)
            #expect(path.inFlight == 0)
        }
    }

    @Test(
        "a stream that has said its end is whole, whatever becomes of its framing",
        arguments: ["cut", "reset", "stall", "chunk"])
    func unframedEnd(how: String) async throws {
        let endings: [String: Answer.Ending] = [
            "cut": .cut, "reset": .reset, "stall": .stall, "chunk": .badChunk,
        ]
        let ending = try #require(endings[how])
        var plan = DataPath.Plan()
        plan.settings.streamIdle = 200 * .millisecond
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.mock.script(.everything, AnswerBytes.stream([.text(AnswerBytes.chat)], ending: ending))
            let reply = try await path.caller.chat(stream: true)
            #expect(reply.complete && reply.body == AnswerBytes.chat)
            let record = try await path.records.next()
            #expect(record.end == .complete && record.quality == .exact && record.code == nil)
            #expect(record.attempts.map(\.verdict.cause) == [.ok])
            #expect(path.inFlight == 0)
        }
    }

    @Test("in the middle of an event nothing is put in; the answer just does not end")
    func insideEvent() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let reply = try await broken(.truncatedChunk, on: path)
            #expect(!reply.complete)
            #expect(reply.body == AnswerBytes.event("a") + Array("data: cut ".utf8))
        }
    }

    @Test("a caller of HTTP/1.0 sees a reset, because a close would look like the end")
    func oldCaller() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything, AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(gate)], ending: .cut))
            let wire = try await path.caller.wire()
            try await wire.send(OldRequest.chat)
            try await wire.take(through: "data: ")
            gate.open()
            #expect(try await wire.ended() == .reset)
        }
    }

    @Test("a stream of comments that ends is no answer: another key is asked")
    func commentsOnly() async throws {
        var plan = DataPath.Plan()
        plan.keys = 2
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.mock.script(
                .everything, AnswerBytes.stream([.text(AnswerBytes.comment)]),
                AnswerBytes.stream([.text(AnswerBytes.chat)]))
            #expect(try await path.caller.chat(stream: true).body == AnswerBytes.chat)
            #expect(try await path.records.next().attempts.count == 2)
        }
    }

    @Test("an error answer that is shorter than it says cannot swallow the next answer")
    func shortError() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(
                .everything,
                .raw([
                    .send(
                        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
                            + #"{"error":{"message":"no","code":400}}"#), .close,
                ]))
            let wire = try await path.caller.wire()
            let reply = try await path.caller.chat(on: wire)
            #expect(reply.status == 400 && !reply.complete)
            #expect(try await wire.ended() == .finished)
            #expect(try await path.records.next().end == .truncated)
        }
    }

    @Test("a JSON answer that ends with its connection is not taken for whole in the middle")
    func cutJSON() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let start = #"{"choices":[{"message":{"content":""# + String(repeating: "x", count: 20_000)
            path.mock.script(
                .everything,
                .answer { _ in
                    Answer(
                        status: 200, headers: [("Content-Type", "application/json")],
                        body: [.text(Array(start.utf8))], framing: .untilClose)
                })
            let reply = try await path.caller.chat()
            #expect(!reply.complete)
            #expect(try await path.records.next().end == .truncated)
        }
    }
}
