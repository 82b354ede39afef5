import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("streams in which nothing happens", .timeLimit(.minutes(5)))
struct QuietStreamTests {
    private static let heartbeat = ": ork keep-alive\n\n"

    private var impatient: DataPath.Plan {
        var plan = DataPath.Plan()
        plan.settings.heartbeat = .millisecond
        plan.settings.commitHold = .millisecond
        return plan
    }

    /// Begins a stream and reads until that text has come.
    private func begin(
        _ act: Act, _ path: DataPath, until text: String
    ) async throws -> (wire: Wire, rest: @Sendable () async throws -> Reply) {
        path.mock.script(.everything, act)
        let wire = try await path.caller.wire()
        let body = Array(Caller.chatBody(stream: true).encoded.utf8)
        try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        return (wire, try await wire.reply { $0.text.contains(text) }.rest)
    }

    /// Returns after the deadline scan has sent several heartbeats to another
    /// quiet stream of the same loop: a clock without sleeping.
    private func letTimePass(_ path: DataPath) async throws {
        let quiet = AnswerBytes.stream([.text(AnswerBytes.event("tick")), .gate(Gate())])
        let beats = String(repeating: Self.heartbeat, count: 3)
        try await begin(quiet, path, until: beats).wire.close()
    }

    @Test("comments pass once the commit hold is over")
    func commitHold() async throws {
        try await DataPath.run(impatient) { (path: DataPath) async throws in
            let gate = Gate()
            let rest = AnswerBytes.event("a") + AnswerBytes.done
            let (wire, reply) = try await begin(
                AnswerBytes.stream([.text(AnswerBytes.comment), .gate(gate), .text(rest)]), path,
                until: "OPENROUTER PROCESSING\n\n")
            gate.open()
            #expect(try await reply().body == AnswerBytes.comment + rest)
            await wire.close()
        }
    }

    @Test("a quiet stream gets heartbeats between events [PX-12]")
    func heartbeat() async throws {
        try await DataPath.run(impatient) { (path: DataPath) async throws in
            let gate = Gate()
            let (wire, reply) = try await begin(
                AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(gate), .text(AnswerBytes.done)]),
                path,
                until: Self.heartbeat)
            gate.open()
            let text = try await reply().text
            let beats = text.split(separator: Self.heartbeat, omittingEmptySubsequences: false).count - 1
            #expect(beats >= 1)
            let expected =
                String(decoding: AnswerBytes.event("a"), as: UTF8.self)
                + String(repeating: Self.heartbeat, count: beats)
                + String(decoding: AnswerBytes.done, as: UTF8.self)
            #expect(text == expected)
            await wire.close()
        }
    }

    @Test("no heartbeat is put into an event that is not whole yet")
    func insideEvent() async throws {
        try await DataPath.run(impatient) { (path: DataPath) async throws in
            let gate = Gate()
            let whole = AnswerBytes.event("halves")
            let (wire, reply) = try await begin(
                AnswerBytes.stream([
                    .text(AnswerBytes.event("a") + whole.prefix(20)), .gate(gate),
                    .text(whole.dropFirst(20) + AnswerBytes.done),
                ]), path, until: String(decoding: whole.prefix(20), as: UTF8.self))
            try await letTimePass(path)
            gate.open()
            let body = try await reply().body
            #expect(body.starts(with: AnswerBytes.event("a") + whole))
            await wire.close()
        }
    }

    @Test("an upstream that sends comments of its own needs none of ours")
    func upstreamComments() async throws {
        try await DataPath.run(impatient) { (path: DataPath) async throws in
            let gate = Gate()
            let start = AnswerBytes.comment + AnswerBytes.event("a")
            let (wire, reply) = try await begin(
                AnswerBytes.stream([.text(start), .gate(gate), .text(AnswerBytes.done)]), path,
                until: "data: ")
            try await letTimePass(path)
            gate.open()
            #expect(try await reply().body == start + AnswerBytes.done)
            await wire.close()
        }
    }

    @Test("a stream that says nothing for too long is broken off with an error")
    func stalled() async throws {
        var plan = DataPath.Plan()
        plan.settings.streamIdle = .millisecond
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let (wire, reply) = try await begin(
                AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(Gate())]), path, until: "data: ")
            let end = try await reply()
            #expect(!end.complete && end.events.last?.contains(ErrorCode.upstreamSlow.rawValue) == true)
            try await path.mock.awaitCancelled()
            #expect(try await path.records.next().end == .truncated)
            await wire.close()
        }
    }
}
