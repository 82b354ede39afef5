import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("requests on their way through the ledger", .timeLimit(.minutes(5)))
struct LedgerPathTests {
    /// Whether something has happened, for a task that finds out what came first.
    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isUp: Bool { value.load(ordering: .sequentiallyConsistent) }
        func raise() { value.store(true, ordering: .sequentiallyConsistent) }
    }

    private func begin(_ path: DataPath, stream: Bool) async throws -> Wire {
        let wire = try await path.caller.wire()
        let body = Array(Caller.chatBody(stream: stream).encoded.utf8)
        try await wire.send(path.caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        return wire
    }

    @Test("no byte of an answer leaves before its reservation is on disk", arguments: [false, true])
    func reservationComesFirst(stream: Bool) async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.records.disk.hold()
            let wire = try await begin(path, stream: stream)
            let isOnDisk = Flag()
            let first = Task {
                let bytes = try await wire.take()
                return (bytes, isOnDisk.isUp)
            }
            // The answer is here as a whole, and has been looked at.
            let end = try await path.records.disk.next { $0.settlement != nil }
            #expect(end.settlement?.quality == .exact)
            isOnDisk.raise()
            path.records.disk.letGo()
            let (bytes, wasOnDisk) = try await first.value
            #expect(wasOnDisk && bytes.starts(with: "HTTP/1.1 200".utf8))
            await wire.close()
        }
    }

    @Test("the end of a stream leaves when its settlement is on disk, everything before it at once")
    func settlementComesBeforeTheEnd() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, AnswerBytes.gated(gate))
            let wire = try await begin(path, stream: true)
            let begun = try await wire.beginReply { !$0.events.isEmpty }
            try await gate.reached()
            path.records.disk.hold()
            gate.open()
            let isOnDisk = Flag()
            let rest = Task {
                let reply = try await begun.rest()
                return (reply, isOnDisk.isUp)
            }
            _ = try await path.records.disk.next { $0.settlement != nil }
            isOnDisk.raise()
            path.records.disk.letGo()
            let (reply, wasOnDisk) = try await rest.value
            #expect(wasOnDisk && reply.complete && reply.events.count == 3)
            await wire.close()
        }
    }

    @Test("when the disk cannot be written the answer is 503, and nothing of the upstream's leaves")
    func diskFails() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            path.records.disk.hold()
            let wire = try await begin(path, stream: false)
            _ = try await path.records.disk.next { $0.settlement != nil }
            path.records.disk.fail()
            let reply = try await wire.reply()
            #expect(reply.status == 503 && reply.json?["error"]?["code"]?.text == "storage-unavailable")
            let record = try await path.records.next()
            #expect(record.end == .refused && record.code == .storageUnavailable)
            await wire.close()
        }
    }

    @Test("when nothing can be written a running stream is cut, and settled as far as it came")
    func diskBreaks() async throws {
        try await DataPath.run { (path: DataPath) async throws in
            let gate = Gate()
            path.mock.script(.everything, AnswerBytes.gated(gate))
            let wire = try await begin(path, stream: true)
            let begun = try await wire.beginReply { !$0.events.isEmpty }
            try await gate.reached()
            path.records.disk.breakDown()
            let reply = try await begun.rest()
            gate.open()
            #expect(!reply.complete && reply.text.contains("storage-unavailable"))
            let record = try await path.records.next()
            #expect(record.end == .truncated && record.code == .storageUnavailable)
            let end = path.records.disk.postings.compactMap(\.settlement).first
            #expect(end?.end == .truncated && end?.quality == .unknown)
            await wire.close()
        }
    }

    @Test("every request that holds something is settled exactly once, however it ends")
    func everyEndSettles() async throws {
        var plan = DataPath.Plan()
        plan.keys = 2
        try await DataPath.run(plan) { (path: DataPath) async throws in
            _ = try await path.caller.chat()
            _ = try await path.caller.chat(stream: true)
            path.mock.script(.everything, Act.status(400), Act.status(404))
            _ = try await path.caller.chat()
            _ = try await path.caller.get("/v1/models")
            path.mock.script(
                .everything, AnswerBytes.stream([.text(AnswerBytes.event("a"))], ending: .reset))
            _ = try? await path.caller.chat(stream: true)
            let gate = Gate()
            path.mock.script(.everything, AnswerBytes.stream([.text(AnswerBytes.event("a")), .gate(gate)]))
            let wire = try await begin(path, stream: true)
            _ = try await wire.beginReply { !$0.events.isEmpty }
            await wire.reset()
            path.mock.script(.everything, Act.status(500), Act.status(500), Act.status(500), Act.status(500))
            _ = try await path.caller.chat()
            for _ in 0..<7 { _ = try await path.records.next() }
            gate.open()
            var replay = Replay()
            let postings = path.records.disk.postings
            for posting in postings { try replay.add(posting) }
            #expect(replay.open.isEmpty)
            #expect(postings.count { $0.settlement != nil } == 7)
        }
    }

    @Test("without the ledger nothing is posted, and nothing waits")
    func off() async throws {
        var plan = DataPath.Plan()
        plan.settings.ledger = false
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.records.disk.hold()
            #expect(try await path.caller.chat().status == 200)
            #expect(path.records.disk.postings.isEmpty)
        }
    }
}
