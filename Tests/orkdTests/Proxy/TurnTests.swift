import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

/// What comes in while the loop stands still is one turn of it.
@Suite("requests that leave together with the turn of their loop", .timeLimit(.minutes(5)))
struct TurnTests {
    private let body = Array(Caller.chatBody().encoded.utf8)

    /// However long it takes to open many connections.
    private var plan: DataPath.Plan {
        var plan = DataPath.Plan()
        plan.settings.requestHead = 600 * .second
        plan.settings.keepAliveIdle = 600 * .second
        return plan
    }

    private func request(_ path: DataPath) -> [UInt8] {
        path.caller.head("POST", "/v1/chat/completions", length: body.count) + body
    }

    @Test("more of them than leave at once: each is served")
    func many() async throws {
        try await DataPath.run(plan) { (path: DataPath) async throws in
            var wires: [Wire] = []
            for _ in 0..<(LoopContext.flushBound + 8) { wires.append(try await path.caller.wire()) }
            try await path.standingStill {
                for wire in wires { try await wire.send(request(path)) }
            }
            for wire in wires {
                let reply = try await wire.reply()
                #expect(reply.status == 200)
            }
            #expect(path.mock.count == wires.count)
        }
    }

    @Test("one whose caller has left by then is not sent, and takes no connection")
    func left() async throws {
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let wire = try await path.caller.wire()
            try await wire.send(request(path))
            _ = try await wire.reply()
            _ = try await path.records.next()
            try await path.standingStill {
                try await wire.send(request(path))
                await wire.close()
            }
            let record = try await path.records.next()
            #expect(record.end == .clientGone && record.attempts.count == 1)
            #expect(path.inFlight == 0)
            let other = try await path.caller.wire()
            try await other.send(request(path))
            _ = try await other.reply()
            #expect(path.mock.count == 2 && path.mock.connections == 1)
        }
    }
}
