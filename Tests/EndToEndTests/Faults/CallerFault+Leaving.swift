import MockUpstream
import ORKTestSupport
import ORKit

/// A caller leaves, at every stage of its request.
extension CallerFault {
    static let leaving: [CallerFault] = [
        .leaves("says nothing", upstream: .nothing, ended: nil) { _ in },
        .leaves("after half a head", upstream: .nothing, ended: nil) { scene in
            try await scene.wire.send(scene.request().prefix(30))
        },
        .leaves("after the head, before the body", upstream: .nothing, ended: .clientGone) { scene in
            try await scene.wire.send(scene.head(length: 100))
        },
        .leaves("after half the body", upstream: .nothing, ended: .clientGone) { scene in
            try await scene.wire.send(scene.request().dropLast(20))
        },
        .leaves("while the upstream thinks", by: [.fin, .rst, .half], ended: .clientGone, usage: .unknown) {
            scene in
            scene.script(.silence)
            try await scene.wire.send(scene.request())
            try await scene.arrived()
        },
        .leaves("between two attempts", upstream: .served, failures: 1, ended: .clientGone, usage: .unknown) {
            scene in
            scene.script(.status(500))
            let before = try await scene.daemon.key("a")["counters"]?["failures"]?.integer
            try await scene.wire.send(scene.request())
            try await eventually("the first attempt has failed", every: .milliseconds(5)) {
                try await scene.daemon.key("a")["counters"]?["failures"]?.integer != before
            }
        },
        .leaves("while the answer is held", by: [.fin, .rst, .half], ended: .clientGone, usage: .unknown) {
            scene in
            let gate = Gate()
            scene.script(
                .stream(chunks: 3) { shape in
                    shape.comments = 2
                    shape.gates = [0: gate]
                })
            try await scene.wire.send(scene.request(stream: true))
            try await gate.reached()
        },
        .leaves("after the first event", by: [.fin, .rst, .half], ended: .clientGone, usage: .unknown) {
            scene in
            scene.script(.numbered(events: 18, gates: [1: Gate()]))
            try await scene.stream(through: 1)
        },
        .leaves("while a large answer flows", ended: .clientGone, usage: .unknown) { scene in
            scene.script(.bulk(64 << 20))
            try await scene.wire.send(scene.request())
            try await scene.wire.take { $0.count > 100_000 }
            try await scene.wire.stopReading()
        },
        .leaves("while a large body flows", ended: .clientGone, usage: .unknown) { scene in
            try await scene.wire.send(scene.head(length: 1 << 20))
            let start = #"{"model":"\#(scene.model)","messages":[{"role":"user","content":""#
            // More than is read before a body that cannot be kept is sent on.
            try await scene.wire.send(Array(start.utf8) + Array(repeating: 0x78, count: 300 << 10))
            try await scene.daemon.mock.first(.head, from: scene.mark)
        },
        .leaves(
            "after the usage, before the end", by: [.fin, .rst, .half], ended: .clientGone, usage: .exact
        ) { scene in
            scene.script(.numbered(events: 3, gates: [5: Gate()]))
            try await scene.stream(through: 5)
        },
        .leaves("with a second request waiting", ended: .clientGone, usage: .unknown) { scene in
            scene.script(.numbered(events: 18, gates: [1: Gate()]))
            try await scene.wire.send(scene.request(stream: true))
            try await scene.stream(through: 1)
        },
        CallerFault(
            name: "after the answer", ways: [.fin, .rst], hears: "200", upstream: .served, end: .complete,
            usage: .exact
        ) { scene in
            try await scene.wire.send(scene.request())
            let reply = try await scene.wire.reply()
            try await scene.leave()
            return [reply]
        },
        .leaves("after n events, n = 0 … 19", by: [.fin], turns: 0..<20, ended: .clientGone, usage: .unknown)
        { scene in
            let gate = Gate()
            scene.script(.numbered(events: 18, gates: [scene.turn: gate]))
            if scene.turn > 0 {
                try await scene.stream(through: scene.turn)
            } else {
                try await scene.wire.send(scene.request(stream: true))
                try await gate.reached()
            }
        },
        .leaves("after 20 events, usage the last", by: [.fin], ended: .clientGone, usage: .exact) { scene in
            scene.script(.numbered(events: 18, gates: [20: Gate()]))
            try await scene.stream(through: 20)
        },
    ]

    /// Nothing whole is heard, and what the upstream was doing is cancelled.
    private static func leaves(
        _ name: String, by ways: [Way] = [.fin, .rst], turns: Range<Int> = 0..<1,
        upstream: Upstream = .cancelled, failures: Int64 = 0, ended end: RequestEnd?,
        usage: UsageQuality = .none,
        _ before: @escaping @Sendable (CallerScene) async throws -> Void
    ) -> CallerFault {
        CallerFault(
            name: name, ways: ways, turns: turns, hears: "–", upstream: upstream, end: end, usage: usage,
            failures: failures
        ) { scene in
            try await before(scene)
            let left = try await scene.leave()
            if upstream == .cancelled {
                let event = try await scene.daemon.mock.awaitCancelled(from: scene.mark)
                scene.cancelled(after: event.at - left)
            }
            return []
        }
    }
}
