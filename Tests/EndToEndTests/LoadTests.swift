import MockUpstream
import ORKTestSupport
import Testing

@Suite("Many streams at once") struct LoadTests {
    @Test("200 streams of 100 events, and no byte is changed or in the wrong stream", .proves("PX-05"))
    func twoHundred() async throws {
        try await withDaemon(alone: true) { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .numbered(events: 100, gap: .milliseconds(1)))
            let caller = daemon.caller
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let reply = try await caller.chat(model: "m/\(number)", stream: true)
                        #expect(reply.status == 200 && reply.complete)
                        let stream = NumberedStream(model: "m/\(number)", events: 100)
                        #expect(reply.digest == stream.digest, "stream \(number)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(daemon.relayed.count == 200)
        }
    }

    @Test(
        "1,000 streams run side by side, each gets on, and orkctl is answered meanwhile", .proves("PF-05"))
    func thousand() async throws {
        let count = 1000
        // Both ends of every stream are in this process.
        try OpenFiles.allow(UInt64(2 * count + 200))
        try await withDaemon(alone: true) { (daemon: DaemonFixture) async throws in
            let gates = [1: Gate(), 6: Gate()]
            daemon.mock.always(.everything, .numbered(events: 10, gates: gates))
            let caller = daemon.caller
            let started = Gate()
            let moved = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    group.addTask {
                        try await Self.follow(number, caller, started: started, moved: moved)
                    }
                }
                for (gate, milestone) in [(gates[1], started), (gates[6], moved)] {
                    // Nobody can go on before all have come as far as this.
                    try await milestone.reached(by: count)
                    let status = try await daemon.orkctl("status", "-o", "json")
                    #expect(status.status == 0)
                    #expect(status.json?["item"]?["traffic"]?["streams"]?.integer == Int64(count))
                    milestone.open()
                    gate?.open()
                }
                try await group.waitForAll()
            }
            #expect(try await daemon.key("a")["counters"]?["successes"]?.integer == Int64(count))
        }
    }

    /// Reads one stream to its end, and shows at two points how far it came.
    private static func follow(_ number: Int, _ caller: Caller, started: Gate, moved: Gate) async throws {
        var caller = caller
        caller.patience = .seconds(60)
        let model = "m/\(number)"
        let wire = try await caller.wire()
        let body = Array(Caller.chatBody(model: model, stream: true).encoded.utf8)
        try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        let first = try await wire.beginReply { $0.events.count == 1 }
        #expect(first.soFar.events.count == 1)
        await started.pass()
        let later = try await first.more { $0.events.count == 6 }
        #expect(later.soFar.events.count == 6)
        await moved.pass()
        let reply = try await later.rest()
        #expect(reply.complete)
        #expect(reply.digest == NumberedStream(model: model, events: 10).digest, "stream \(number)")
        await wire.close()
    }
}
