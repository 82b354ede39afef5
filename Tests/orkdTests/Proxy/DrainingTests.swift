import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("answers that are read on when their callers have left", .timeLimit(.minutes(5)))
struct DrainingTests {
    private static var plan: DataPath.Plan {
        var plan = DataPath.Plan()
        plan.settings.drains = 10
        return plan
    }

    private func send(_ path: DataPath, _ target: String = "/v1/chat/completions") async throws -> Wire {
        let wire = try await path.caller.wire()
        let body = Array(Caller.chatBody(stream: true).encoded.utf8)
        try await wire.send(path.caller.head("POST", target, length: body.count) + body)
        return wire
    }

    /// A stream that waits after its first event.
    private func stream(_ gate: Gate, _ rest: [UInt8]? = nil) -> Act {
        AnswerBytes.stream([
            .text(AnswerBytes.event("a")), .gate(gate), .text(rest ?? AnswerBytes.finish + AnswerBytes.done),
        ])
    }

    private func leave(_ path: DataPath) async throws {
        let wire = try await send(path)
        _ = try await wire.beginReply { !$0.events.isEmpty }
        await wire.reset()
    }

    private func expectNothingLeft(_ path: DataPath) {
        #expect(path.inFlight == 0 && path.loops.traffic.inFlight == 0 && path.loops.traffic.streams == 0)
        #expect(path.gateway.keptBytes.load(ordering: .relaxed) == 0)
    }

    @Test("the usage at their end is read, exact, and the upstream is not cut off")
    func readToTheEnd() async throws {
        try await DataPath.run(Self.plan) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, stream(gate))
            try await leave(path)
            try await eventually("it is noticed") { path.loops.traffic.connections == 0 }
            gate.open()
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.quality == .exact && record.usage.total == 5)
            #expect(path.mock.requests.map(\.cancelled) == [false])
            expectNothingLeft(path)
            // Its connection serves the next one.
            #expect(try await path.caller.chat().status == 200)
            #expect(path.mock.connections == 1)
        }
    }

    @Test("also one of which nothing has come yet, and one that is in one piece")
    func beforeTheHead() async throws {
        try await DataPath.run(Self.plan) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, Act.usual.after(gate))
            let wire = try await path.caller.wire()
            let body = Array(Caller.chatBody().encoded.utf8)
            try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            try await gate.reached()
            await wire.reset()
            try await eventually("it is noticed") { path.loops.traffic.connections == 0 }
            gate.open()
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.quality == .exact && record.usage.total > 0)
            expectNothingLeft(path)
        }
    }

    @Test("its user pays what it cost")
    func charged() async throws {
        var plan = Self.plan
        plan.credits = 10_000
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, stream(gate))
            try await leave(path)
            try await eventually("it is noticed") { path.loops.traffic.connections == 0 }
            gate.open()
            _ = try await path.records.next()
            #expect(path.account == Books.Account(free: 9995, held: 0))
        }
    }

    @Test("not longer than the bound in time: then the upstream is let go")
    func timeBound() async throws {
        var plan = Self.plan
        plan.settings.drainTime = 200 * .millisecond
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.mock.script(.everything, stream(Gate()))
            let before = ContinuousClock.now
            try await leave(path)
            let cancelled = try await path.mock.awaitCancelled()
            #expect(cancelled.at - before >= .milliseconds(200))
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.quality == .unknown)
            expectNothingLeft(path)
        }
    }

    @Test("not further than the bound in bytes")
    func byteBound() async throws {
        var plan = Self.plan
        plan.settings.drainBytes = 40
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let (gate, never) = (Gate(), Gate())
            path.mock.script(
                .everything,
                AnswerBytes.stream([
                    .text(AnswerBytes.event("a")), .gate(gate), .text(AnswerBytes.event("b")), .gate(never),
                    .text(AnswerBytes.finish + AnswerBytes.done),
                ]))
            try await leave(path)
            try await eventually("it is noticed") { path.loops.traffic.connections == 0 }
            gate.open()
            try await path.mock.awaitCancelled()
            #expect(try await path.records.next().quality == .unknown)
            expectNothingLeft(path)
        }
    }

    @Test("not more at once than may be: the next is cancelled")
    func numberBound() async throws {
        var plan = Self.plan
        plan.settings.drains = 1
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, stream(gate), stream(Gate()), stream(gate))
            try await leave(path)
            try await eventually("it is noticed") { path.loops.traffic.connections == 0 }
            try await leave(path)
            let cancelled = try await path.mock.awaitCancelled()
            #expect(cancelled.request?.number == 2)
            #expect(try await path.records.next().quality == .unknown)
            gate.open()
            #expect(try await path.records.next().quality == .exact)
            // Its place is free again.
            try await leave(path)
            #expect(try await path.records.next().quality == .exact)
        }
    }

    @Test("an upstream that breaks off is no caller's doing, and charges nobody")
    func brokenOff() async throws {
        var plan = Self.plan
        plan.credits = 10_000
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything,
                AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(gate)], ending: .reset))
            try await leave(path)
            try await eventually("it is noticed") { path.loops.traffic.connections == 0 }
            gate.open()
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.attempts.last?.verdict.cause != .ok)
            #expect(path.account == Books.Account(free: 10_000, held: 0))
            expectNothingLeft(path)
        }
    }

    @Test("what a stream states at its start is not taken for what it cost")
    func provisional() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let start = Array(
                ("event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
                    + "{\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n").utf8)
            path.mock.script(.everything, AnswerBytes.stream([.text(start), .gate(Gate())]))
            let wire = try await send(path, "/v1/messages")
            _ = try await wire.beginReply { !$0.events.isEmpty }
            await wire.reset()
            #expect(try await path.records.next().quality == .estimated)
        }
    }
}
