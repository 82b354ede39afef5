import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("requests that cost credits", .timeLimit(.minutes(5)))
struct CreditPathTests {
    /// 25 tokens, as in S2's sample.
    private static let answer = Array(
        (#"{"id":"gen-1","choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":8,"completion_tokens":17,"total_tokens":25}}"#).utf8)
    private static let json = Act.answer { _ in
        Answer(status: 200, headers: [("Content-Type", "application/json")], body: [.text(answer)])
    }

    private func plan(_ credits: Int64) -> DataPath.Plan {
        var plan = DataPath.Plan()
        plan.credits = credits
        return plan
    }

    /// The postings add up to what the books say.
    private func expectBalanced(_ path: DataPath, from credits: Int64) throws {
        var replay = Replay()
        try replay.add(.move(Movement(user: DataPath.user, credits: credits, reason: .start)))
        for posting in path.records.disk.postings { try replay.add(posting) }
        #expect(replay.open.isEmpty && replay.accounts[DataPath.user] == path.account)
    }

    @Test("calls of 25 tokens on a balance of 100: in sequence exactly four, then 402 [CR-03] [CR-06]")
    func fourInARow() async throws {
        try await DataPath.run(plan(100)) { (path: DataPath) async throws in
            path.mock.script(.everything, Array(repeating: Self.json, count: 9))
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await path.caller.chat().status) }
            #expect(statuses == [200, 200, 200, 200, 402, 402])
            #expect(path.mock.requests.count == 4)
            #expect(path.account == Books.Account(free: 0, held: 0))
            try expectBalanced(path, from: 100)
        }
    }

    @Test("fifty of them at once: one to four are served, and the balance never falls below zero [CR-07]")
    func fiftyAtOnce() async throws {
        try await DataPath.run(plan(100)) { (path: DataPath) async throws in
            path.mock.script(.everything, Array(repeating: Self.json, count: 50))
            let served = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { try await path.caller.chat().status == 200 } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect((1...4).contains(served) && path.mock.requests.count == served)
            #expect(path.account == Books.Account(free: 100 - 25 * Int64(served), held: 0))
            try expectBalanced(path, from: 100)
        }
    }

    @Test("200 strict requests at once on a balance worth one: one is served")
    func oneOfMany() async throws {
        let body = JSON.object([
            .init("model", .string("a/b")), .init("max_tokens", .number("300")),
            .init("messages", .array([])),
        ])
        let worth = Int64(body.encoded.utf8.count) + 300
        try await DataPath.run(plan(worth)) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything,
                .answer { _ in
                    Answer(
                        status: 200, headers: [("Content-Type", "application/json")],
                        body: [.gate(gate), .text(Self.answer)])
                })
            let first = Task { try await path.caller.post("/v1/chat/completions", body).status }
            try await gate.reached()
            let others = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<199 {
                    group.addTask { try await path.caller.post("/v1/chat/completions", body).status }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(others == [402] && path.mock.requests.count == 1)
            gate.open()
            #expect(try await first.value == 200)
            #expect(path.account == Books.Account(free: worth - 25, held: 0))
        }
    }

    @Test(
        "the answer tells what it cost, what is left, and whose key it was; all of it is valid JSON [CR-04]")
    func gatewayUsage() async throws {
        try await DataPath.run(plan(1000)) { (path: DataPath) async throws in
            path.mock.script(.everything, Self.json)
            let reply = try await path.caller.chat()
            #expect(reply.complete && reply.json?["usage"]?["total_tokens"]?.integer == 25)
            let usage = reply.json?["gateway_usage"]
            #expect(usage?["tokens_charged"]?.integer == 25)
            #expect(usage?["user_balance_after"]?.integer == 975)
            #expect(usage?["user_api_key"]?.text == "gw_test_01...")
        }
    }

    @Test("a stream tells it in a last chunk without choices, before its end [CR-05]")
    func streamedUsage() async throws {
        try await DataPath.run(plan(10_000)) { (path: DataPath) async throws in
            path.mock.script(.everything, AnswerBytes.stream([.text(AnswerBytes.chat)]))
            let reply = try await path.caller.chat(stream: true)
            #expect(reply.complete && reply.events.last?.contains("[DONE]") == true)
            #expect(reply.events.dropLast().last?.contains(#""user_balance_after":9995"#) == true)
            #expect(path.account == Books.Account(free: 9995, held: 0))
            try expectBalanced(path, from: 10_000)
        }
    }

    @Test(
        "a stream without a bound is ended in band when its user has nothing left, and charged for what came")
    func stoppedInTheMiddle() async throws {
        try await DataPath.run(plan(60)) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything,
                AnswerBytes.stream([
                    .text(Array((0..<80).map { _ in AnswerBytes.event("word") }.joined())), .gate(gate),
                    .text(AnswerBytes.finish + AnswerBytes.done),
                ]))
            let reply = try await path.caller.chat(stream: true)
            gate.open()
            #expect(reply.text.contains("credits-exhausted") && !reply.text.contains("[DONE]"))
            let record = try await path.records.next()
            #expect(record.end == .truncated && record.code == .creditsExhausted)
            #expect(record.quality == .estimated && record.usage.total >= 60)
            #expect(path.account?.held == 0)
            try expectBalanced(path, from: 60)
        }
    }

    @Test(
        "an answer that is whole before its reservation is on disk, and states no usage, is charged all the same",
        arguments: [true, false], [true, false])
    func wholeBeforeTheDisk(stream: Bool, diskFails: Bool) async throws {
        try await DataPath.run(plan(10_000)) { (path: DataPath) async throws in
            let plain = Array(#"{"id":"gen-1","choices":[{"message":{"content":"some words of it"}}]}"#.utf8)
            let events = AnswerBytes.event("some") + AnswerBytes.event("words") + AnswerBytes.done
            path.mock.script(
                .everything,
                stream
                    ? AnswerBytes.stream([.text(events)])
                    : .answer { _ in
                        Answer(
                            status: 200, headers: [("Content-Type", "application/json")], body: [.text(plain)]
                        )
                    })
            path.records.disk.hold()
            let wire = try await path.caller.wire()
            let body = Array(Caller.chatBody(stream: stream).encoded.utf8)
            try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            let posted = try await path.records.disk.next { $0.settlement != nil }
            let end = try #require(posted.settlement)
            #expect(end.quality == .estimated && end.charged > 0 && end.charged == end.usage.total)
            if diskFails { path.records.disk.fail() } else { path.records.disk.letGo() }
            let reply = try await wire.reply()
            await wire.close()
            #expect(reply.status == (diskFails ? 503 : 200))
            let record = try await path.records.next()
            if !diskFails { #expect(record.usage == end.usage && record.quality == .estimated) }
            #expect(path.account == Books.Account(free: 10_000 - (diskFails ? 0 : end.charged), held: 0))
        }
    }

    @Test("what fails costs nothing [CR-11]")
    func failuresAreFree() async throws {
        try await DataPath.run(plan(1000)) { (path: DataPath) async throws in
            path.mock.script(.everything, Act.status(500), Act.status(500), Act.status(500), Act.status(400))
            #expect(try await path.caller.chat().status >= 500)
            #expect(try await path.caller.chat().status == 400)
            #expect(path.account == Books.Account(free: 1000, held: 0))
            try expectBalanced(path, from: 1000)
        }
    }

    @Test("a caller that leaves in the middle pays for what had come, as an estimate")
    func leaves() async throws {
        try await DataPath.run(plan(10_000)) { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(
                .everything,
                AnswerBytes.stream([
                    .text(AnswerBytes.event("a") + AnswerBytes.event("b")), .gate(gate),
                    .text(AnswerBytes.done),
                ]))
            let wire = try await path.caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(
                path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            _ = try await wire.beginReply { $0.events.count == 2 }
            await wire.reset()
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.quality == .estimated)
            #expect(path.account == Books.Account(free: 10_000 - record.usage.total, held: 0))
            gate.open()
            try expectBalanced(path, from: 10_000)
        }
    }
}
