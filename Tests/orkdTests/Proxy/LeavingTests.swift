import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("callers that leave before the end", .timeLimit(.minutes(5)))
struct LeavingTests {
    private func send(_ path: DataPath) async throws -> Wire {
        let wire = try await path.caller.wire()
        let body = Array(Caller.chatBody(stream: true).encoded.utf8)
        try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        return wire
    }

    private func expectGone(_ path: DataPath) async throws {
        let record = try await path.records.next()
        #expect(record.end == .clientGone && record.attempts.count == 1)
        #expect(path.inFlight == 0)
        #expect(path.loops.traffic.inFlight == 0 && path.loops.traffic.streams == 0)
        #expect(path.gateway.keptBytes.load(ordering: .relaxed) == 0)
    }

    /// A request whose upstream has come as far as `ready`; then the caller
    /// leaves: the upstream is let go, and nothing is left.
    private func expectLetGo(
        _ act: Act, ready: @escaping @Sendable (DataPath, Wire) async throws -> Void,
        leave: @escaping @Sendable (Wire) async throws -> Void
    ) async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.mock.script(.everything, act)
            let wire = try await send(path)
            try await ready(path, wire)
            try await leave(wire)
            try await path.mock.awaitCancelled()
            try await expectGone(path)
        }
    }

    @Test("while the upstream is being connected to")
    func connecting() async throws {
        let dead = try FullPort()
        var plan = DataPath.Plan()
        plan.upstreamPort = dead.port
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let wire = try await send(path)
            await wire.close()
            try await expectGone(path)
        }
    }

    @Test("while the answer is being waited for: the upstream is let go [PX-06]")
    func waiting() async throws {
        try await expectLetGo(.silence) { path, _ in
            try await path.mock.first(.received)
        } leave: {
            await $0.close()
        }
    }

    @Test("while the beginning of the answer is held")
    func holding() async throws {
        let gate = Gate()
        try await expectLetGo(AnswerBytes.stream([.text(AnswerBytes.comment), .gate(gate)])) { _, _ in
            try await gate.reached()
        } leave: {
            await $0.reset()
        }
    }

    @Test("while the answer is being relayed: the upstream is let go [PX-06]")
    func relaying() async throws {
        try await expectLetGo(AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(Gate())])) { _, wire in
            _ = try await wire.reply { !$0.events.isEmpty }
        } leave: {
            await $0.close()
        }
    }

    @Test("by a reset that only our own next write meets")
    func metByWrite() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let first = Gate()
            let second = Gate()
            path.mock.script(
                .everything,
                AnswerBytes.stream([
                    .text(AnswerBytes.event("a")), .gate(first), .text(AnswerBytes.event("b")), .gate(second),
                ]))
            let wire = try await send(path)
            _ = try await wire.reply { !$0.events.isEmpty }
            // While the loop stands still, first the next event comes, then the reset: it relays, and fails.
            try await path.standingStill {
                first.open()
                try await second.reached()
                await wire.reset()
            }
            try await path.mock.awaitCancelled()
            try await expectGone(path)
        }
    }

    @Test("by closing only their own direction: that counts as gone")
    func halfClosed() async throws {
        try await expectLetGo(.silence) { path, _ in
            try await path.mock.first(.received)
        } leave: {
            try await $0.finishSending()
        }
    }
}
