import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("callers that read slowly", .timeLimit(.minutes(5)))
struct PressureTests {
    @Test("stop the upstream instead of filling memory, and get everything in the end [PX-13]")
    func slowReader() async throws {
        var plan = DataPath.Plan()
        // On a busy machine the hundred requests meanwhile may outlast the usual minute.
        plan.settings.writeIdle = 3600 * .second
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let piece = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
            let gate = Gate()
            let isFarAhead = Atomic<Bool>(false)
            // Far beyond what the kernels' buffers on the way can take.
            let parts = Array(repeating: Answer.Part.text(piece), count: 32)
            path.mock.script(
                .path("/models"),
                .answer { _ in
                    Answer(
                        status: 200, headers: [("Content-Type", "application/octet-stream")],
                        body: parts + [.gate(gate)] + [.text(piece)], framing: .chunked)
                })
            let watcher = Task {
                try await gate.reached()
                isFarAhead.store(true, ordering: .relaxed)
            }
            let wire = try await Wire.connect(.loopback(path.port), receiveBuffer: 8 << 10)
            try await wire.stopReading()
            try await wire.send(path.caller.head("GET", "/v1/models", length: nil))
            try await path.mock.first(.received)
            // Meanwhile the loop serves others, each of whom takes several of its turns.
            let other = try await path.caller.wire()
            for _ in 0..<100 { #expect(try await path.caller.chat(on: other).status == 200) }
            await other.close()
            let wasFarAhead = isFarAhead.load(ordering: .relaxed)
            #expect(!wasFarAhead)
            gate.open()
            try await wire.startReading()
            let reply = try await wire.reply()
            #expect(reply.complete && reply.body.count == 33 << 20)
            try await watcher.value
            await wire.close()
        }
    }

    @Test("are cut off when they read nothing at all for too long, and the upstream with them")
    func stalledReader() async throws {
        var plan = DataPath.Plan()
        plan.settings.writeIdle = .millisecond
        try await DataPath.run(plan) { (path: DataPath) async throws in
            path.mock.script(.everything, .bulk(32 << 20, chunk: 1 << 20))
            let wire = try await Wire.connect(.loopback(path.port), receiveBuffer: 8 << 10)
            try await wire.stopReading()
            try await wire.send(path.caller.head("GET", "/v1/models", length: nil))
            try await path.mock.awaitCancelled()
            #expect(try await path.records.next().end == .stalled)
            #expect(path.inFlight == 0)
            await wire.close()
        }
    }
}
