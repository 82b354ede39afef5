import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("attempts on the data path", .timeLimit(.minutes(5)))
struct RotationTests {
    private func plan(keys: Int) -> DataPath.Plan {
        var plan = DataPath.Plan()
        plan.keys = keys
        return plan
    }

    @Test("429 with a reset in the body, then 401, then 200: the caller sees one 200 [RT-03]")
    func threeKeys() async throws {
        try await DataPath.run(plan(keys: 3)) { path in
            let reset = MockOpenRouter.Options.wallClock() + 90_000
            path.mock.script(.everything, .freeTier(resetAt: reset), .unauthorized, .ok("fine"))
            let reply = try await path.caller.chat(model: "a/b:free")
            #expect(reply.status == 200 && reply.text.contains("fine"))
            let record = try await path.records.next()
            #expect(record.end == .complete && record.status == 200 && record.code == nil)
            #expect(record.attempts.map(\.status) == [429, 401, 200])
            #expect(record.attempts.map(\.verdict.cause) == [.rateLimited, .rejected, .ok])
            #expect(record.attempts.first?.verdict.statedUntil?.milliseconds == reset)
            #expect(Set(record.attempts.map(\.key)).count == 3)
            #expect(Set(path.mock.requests.map(\.bodyDigest)).count == 1)
            #expect(path.inFlight == 0)
        }
    }

    @Test("an error as the first event, comments before it, is tried on another key [RT-08]")
    func errorFirst() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            path.mock.script(
                .everything,
                .stream {
                    $0.comments = 2
                    $0.fault = .errorFirst(502)
                }, AnswerBytes.stream([.text(AnswerBytes.chat)]))
            let reply = try await path.caller.chat(stream: true)
            #expect(reply.status == 200 && reply.complete && reply.body == AnswerBytes.chat)
            #expect(try await path.records.next().attempts.count == 2)
        }
    }

    @Test("an error in a JSON body under 200 is tried on another key [RT-08]")
    func errorInside() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            path.mock.script(.everything, .okWithError(), .ok("fine"))
            let reply = try await path.caller.chat()
            #expect(reply.status == 200 && reply.text.contains("fine"))
            #expect(try await path.records.next().attempts.count == 2)
        }
    }

    @Test("an error in mid-stream is relayed and never tried again")
    func errorMidStream() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            path.mock.script(.everything, .stream(chunks: 3) { $0.fault = .error(502, after: 2) })
            let reply = try await path.caller.chat(stream: true)
            #expect(reply.status == 200)
            #expect(reply.events.last?.contains("upstream went away") == true)
            let attempts = try await path.records.next().attempts
            #expect(attempts.map(\.verdict) == [.failedInside])
            #expect(path.mock.count == 1)
            let counters = path.standing(of: 1)?.facts.counters
            #expect(counters?.failures == 1 && counters?.successes == 0)
        }
    }

    @Test("an error of the request's own as the only event is relayed and nothing is put behind it")
    func badRequestInside() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            let event = Array(#"data: {"error":{"code":400,"message":"the context is too long"}}"#.utf8)
            let whole = event + Array("\n\n".utf8)
            path.mock.script(.everything, AnswerBytes.stream([.text(whole)]))
            let reply = try await path.caller.chat(stream: true)
            #expect(reply.status == 200 && reply.complete && reply.body == whole)
            let record = try await path.records.next()
            #expect(record.end == .complete && record.attempts.map(\.verdict.cause) == [.badRequest])
            #expect(path.standing(of: 1)?.facts.counters.failures == 0)
        }
    }

    @Test("a page of HTML under 200 is no answer of a model: another key is asked; elsewhere it passes")
    func page() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            path.mock.script(.everything, .html(200), .ok("fine"), .html(200))
            let reply = try await path.caller.chat()
            #expect(reply.status == 200 && reply.text.contains("fine"))
            let attempts = try await path.records.next().attempts
            #expect(attempts.map(\.verdict.rule) == ["edge-200", "ok"])
            let other = try await path.caller.post("/v1/audio/speech", ["model": "a/b"])
            #expect(other.status == 200 && other.text.hasPrefix("<!DOCTYPE html>"))
        }
    }

    @Test("a refusal of the request itself is relayed as it is, after a failed attempt too")
    func badRequest() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            path.mock.script(.everything, .stream { $0.fault = .errorFirst(502) }, .refuse(.badModel))
            let wire = try await path.caller.wire()
            let reply = try await path.caller.chat(stream: true, on: wire)
            #expect(reply.status == 400 && reply.complete)
            #expect(reply.errorMessage?.contains("not a valid model") == true)
            let record = try await path.records.next()
            #expect(record.attempts.map(\.status) == [200, 400])
            #expect(record.usage.prompt == 0)
            #expect(path.inFlight == 0)
            await wire.close()
        }
    }

    @Test("a redirect is refused and nobody goes where it points")
    func redirect() async throws {
        try await MockOpenRouter.run { elsewhere in
            try await DataPath.run { (path: DataPath) async throws in
                path.mock.script(.everything, .redirect(to: elsewhere.origin + "/api/v1/chat/completions"))
                let reply = try await path.caller.chat()
                #expect(reply.status == 502 && reply.errorCode == ErrorCode.upstreamRedirect.rawValue)
                #expect(reply.value("location") == nil)
                #expect(path.mock.count == 1 && elsewhere.connections == 0)
            }
        }
    }

    @Test("an upstream that listens no more is 502, and every attempt is told")
    func unreachable() async throws {
        try await DataPath.run(plan(keys: 2)) { path in
            try await path.mock.stopListening()
            let reply = try await path.caller.chat()
            #expect(reply.status == 502 && reply.errorCode == ErrorCode.upstreamUnreachable.rawValue)
            let record = try await path.records.next()
            #expect(record.end == .refused && record.attempts.count > 1)
            #expect(record.attempts.allSatisfy { $0.verdict.cause == .unreachable })
            #expect(path.inFlight == 0)
        }
    }
}
