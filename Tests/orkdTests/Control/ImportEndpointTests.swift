import FoundationEssentials
import Logging
import NIOCore
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("import endpoint")
struct ImportEndpointTests {
    @Test("rejections come line by line and the report last [KP-07]")
    func report() async throws {
        let services = FakeServices()
        let answer = try await send(["one\nbad\n", "three\n"], services, query: "?format=lines&tags=a=1,b=2")
        #expect(answer.status == 200)
        #expect(answer.field("Content-Type") == "application/jsonl")
        #expect(answer.contentLength == nil)
        #expect(answer.isWhole)
        #expect(services.asked == ["keys.import lines 2 false"])
        let records = try records(answer)
        guard case .rejected(let first) = records.first, case .report(let report) = records.last else {
            Issue.record("wrong records: \(answer.text)")
            return
        }
        #expect(first.line == 2)
        #expect(report.counts.lines == 3)
        #expect(report.counts.bytes == 14)
        #expect(records.count == 3)
        #expect(!services.session.isAbandoned)
    }

    @Test("progress is told at most ten times a second")
    func progress() async throws {
        // 20 ms pass with every look at the clock.
        let services = FakeServices()
        let answer = try await send(Array(repeating: "key\n", count: 50), services, tick: 20_000_000)
        let progress = try records(answer).filter { if case .progress = $0 { true } else { false } }
        #expect(progress.count == 10)
        let still = try await send(Array(repeating: "key\n", count: 50), FakeServices(), tick: 0)
        #expect(!still.text.contains("progress"))
    }

    @Test("an error in the middle is the last line of an answer that is not whole")
    func failure() async throws {
        let services = FakeServices()
        let answer = try await send(["one\n", "fail\n", "three\n"], services)
        #expect(!answer.isWhole)
        #expect(services.session.isAbandoned)
        let last = try #require(answer.text.split(separator: "\n").last)
        #expect(
            try JSONDecoder().decode(ErrorBody.self, from: Data(last.utf8)).error.code == .storageUnavailable)
        #expect(!answer.text.contains("report"))
    }

    @Test("a file that breaks off is abandoned, not finished")
    func brokenOff() async throws {
        let services = FakeServices()
        let answer = try await send(["one\n"], services, breaksOff: true)
        #expect(!answer.isWhole)
        #expect(services.session.isAbandoned)
    }

    @Test("a caller that leaves ends the import")
    func callerLeaves() async throws {
        let services = FakeServices()
        let answer = try await send(
            Array(repeating: "bad\n", count: 20), services, sink: CollectingSink(leavesAfter: 3))
        #expect(!answer.isWhole)
        #expect(services.session.isAbandoned)
    }

    @Test("what can be refused before the first byte is refused with a status")
    func refused() async throws {
        let services = FakeServices()
        services.failure.withLock { $0 = CodedError(.draining) }
        #expect(try await send(["one\n"], services).status == ErrorCode.draining.entry.status)
        #expect(try await send(["one\n"], FakeServices(), query: "?format=xml").status == 400)
        #expect(try await send(["one\n"], FakeServices(), query: "?tags=a").status == 400)
    }

    private func send(
        _ parts: [String], _ services: FakeServices, query: String = "", tick: Int64 = 0,
        breaksOff: Bool = false,
        sink: CollectingSink = CollectingSink()
    ) async throws -> CollectingSink {
        let ticks = Atomic<Int64>(0)
        let endpoints = ControlEndpoints(
            keys: services, clients: services, users: services, pools: services, accounts: services,
            quotas: services, limits: services, budgets: services, models: services, credits: services,
            usage: services, reconciliation: services,
            requests: services,
            operations: services,
            events: services, audit: services,
            clock: {
                Now(
                    monotonic: ticks.add(tick, ordering: .relaxed).newValue,
                    wall: WallTime(milliseconds: 0))
            })
        let control = ControlRouter.application(logger: quiet, handler: endpoints.handler)
        return try await control.ask(
            "POST", "/v1/keys/import" + query, fields: [("Host", "orkd"), ("Orkd-API", "1")],
            body: parts.map { ByteBuffer(string: $0) }, breaksOff: breaksOff, sink: sink)
    }

    private func records(_ answer: CollectingSink) throws -> [ImportRecord] {
        try answer.text.split(separator: "\n").map { line in
            try JSONDecoder().decode(ImportRecord.self, from: Data(line.utf8))
        }
    }
}
