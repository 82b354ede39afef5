import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("Streams cut into pieces on the way") struct StreamSplitTests {
    @Test("an event cut at every place, with a pause there, arrives whole", .proves("PX-06"))
    func everywhere() async throws {
        // Event n is cut behind its n-th byte; the events are shorter than there are of them.
        let events = 190
        let stream = NumberedStream(model: "m/1", events: events)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .numbered(events: events) { [$0 + 1] })
            let reply = try await daemon.caller.chat(model: stream.model, stream: true)
            #expect(reply.complete)
            #expect(reply.digest == stream.digest)
            let longest = reply.events.map { $0.utf8.count + "data: \n\n".utf8.count }.max() ?? 0
            #expect(longest <= events + 1)
        }
    }

    @Test(
        "the openai SDK yields every delta of events in three writes with comments between", .proves("PX-06"))
    func sdk() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(
                .everything,
                .numbered(events: 12, comment: "OPENROUTER PROCESSING") { [3 + $0, 40 + 7 * $0] })
            let yielded = try await Python(environment: daemon.environment).run(
                "openai_stream.py", "http://127.0.0.1:\(daemon.port)/v1", "m/1", key: daemon.clientSecret)
            let stream = NumberedStream(model: "m/1", events: 12)
            #expect(yielded["deltas"]?.elements?.map(\.text) == (0..<12).map { stream.text($0) })
            #expect(yielded["total_tokens"]?.integer == 13)
        }
    }
}
