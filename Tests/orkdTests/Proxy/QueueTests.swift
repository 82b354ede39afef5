import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("waiting for a key on the data path", .timeLimit(.minutes(5)))
struct QueueTests {
    /// One key that serves one request at a time.
    private func plan(wait: Int64 = 60_000, capacity: Int = 10) -> DataPath.Plan {
        var plan = DataPath.Plan()
        plan.maxInFlight = 1
        plan.engine.longestQueueWait = wait
        plan.engine.queue.capacity = capacity
        return plan
    }

    /// The only key serves a stream until `gate` opens.
    private func occupy(_ path: DataPath, until gate: Gate) async throws -> Task<Reply, any Error> {
        path.mock.script(
            .everything,
            AnswerBytes.stream([
                .text(AnswerBytes.event("a")), .gate(gate), .text(AnswerBytes.finish + AnswerBytes.done),
            ]),
            .ok("second"), .ok("third"), .ok("fourth"))
        let caller = path.caller
        let first = Task { try await caller.chat(stream: true) }
        try await gate.reached()
        return first
    }

    private func ask(_ path: DataPath, _ waiting: Int) async throws -> Task<Reply, any Error> {
        let caller = path.caller
        let task = Task { try await caller.chat() }
        try await eventually("\(waiting) wait") { path.gateway.room.count == waiting }
        return task
    }

    @Test(
        "who finds the only key taken waits, is served when it is free, and is told where it stood and how long"
    )
    func served() async throws {
        try await DataPath.run(plan()) { path in
            let gate = Gate()
            let first = try await occupy(path, until: gate)
            let second = try await ask(path, 1)
            let third = try await ask(path, 2)
            #expect(path.inFlight == 1 && path.loops.traffic.inFlight == 3)
            gate.open()
            let replies = try await [first.value, second.value, third.value]
            #expect(replies.map(\.status) == [200, 200, 200])
            #expect(replies[0].value("ork-queue") == nil)
            #expect(replies[1].text.contains("second") && replies[2].text.contains("third"))
            for (reply, position) in zip(replies.dropFirst(), 1...) {
                let told = try #require(reply.value("ork-queue"))
                #expect(told.wholeMatch(of: /position=(\d+), waited=\d+/)?.1 == "\(position)")
            }
            #expect(path.gateway.room.count == 0 && path.inFlight == 0)
            var places: [Int?] = []
            for _ in 0..<3 {
                let record = try await path.records.next()
                #expect(record.attempts.count == 1)
                places.append(record.queue?.position)
            }
            #expect(places == [nil, 1, 2])
        }
    }

    @Test("without a time to wait the same request is refused at once, as ever")
    func refusedWithoutWait() async throws {
        try await DataPath.run(plan(wait: 0)) { path in
            let gate = Gate()
            let first = try await occupy(path, until: gate)
            let second = try await path.caller.chat()
            #expect(second.status == 503 && second.value("ork-queue") == nil)
            gate.open()
            #expect(try await first.value.status == 200)
        }
    }

    @Test("who finds the queue full is refused, and told where it would have stood")
    func full() async throws {
        try await DataPath.run(plan(capacity: 1)) { path in
            let gate = Gate()
            let first = try await occupy(path, until: gate)
            let second = try await ask(path, 1)
            let refused = try await path.caller.chat()
            #expect(refused.status == 503 && refused.value("ork-queue") == "position=2")
            #expect(refused.json?["error"]?["code"]?.text == "all-keys-resting")
            gate.open()
            #expect(try await (first.value.status, second.value.status) == (200, 200))
        }
    }

    @Test("whose time is over is refused and told how long it was, and nothing is left of it")
    func expired() async throws {
        try await DataPath.run(plan(wait: 150)) { path in
            let gate = Gate()
            let first = try await occupy(path, until: gate)
            let refused = try await path.caller.chat()
            #expect(refused.status == 503)
            let told = try #require(refused.value("ork-queue")?.wholeMatch(of: /position=1, waited=(\d+)/)?.1)
            #expect(try #require(Int(told)) >= 150)
            #expect(path.gateway.room.count == 0)
            gate.open()
            #expect(try await first.value.status == 200)
            #expect(path.inFlight == 0)
        }
    }

    @Test("who leaves while it waits is gone from the queue, and the next comes in its place")
    func left() async throws {
        try await DataPath.run(plan()) { path in
            let gate = Gate()
            let first = try await occupy(path, until: gate)
            let wire = try await path.caller.wire()
            let body = Array(Caller.chatBody(stream: false).encoded.utf8)
            try await wire.send(
                path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            try await eventually("it waits") { path.gateway.room.count == 1 }
            let next = try await ask(path, 2)
            await wire.close()
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.attempts.isEmpty)
            #expect(path.gateway.room.count == 1)
            gate.open()
            #expect(try await next.value.text.contains("second"))
            #expect(try await first.value.status == 200)
            #expect(path.inFlight == 0 && path.loops.traffic.inFlight == 0)
        }
    }

    @Test("a request that was refused for a stated time waits it out in the queue and is served")
    func statedRest() async throws {
        var plan = plan()
        plan.maxInFlight = 0
        plan.engine.longestWait = 0
        try await DataPath.run(plan) { path in
            path.mock.script(.everything, .retryAfter("1"), .ok("after the rest"))
            let reply = try await path.caller.chat()
            #expect(reply.status == 200 && reply.text.contains("after the rest"))
            #expect(reply.value("ork-queue")?.hasPrefix("position=1, waited=") == true)
            let record = try await path.records.next()
            #expect(record.attempts.map(\.status) == [429, 200])
        }
    }
}
