import MockUpstream
import ORKTestSupport
import ORKit

/// A caller stays, and is slow, hasty or wrong.
extension CallerFault {
    static let staying: [CallerFault] = [
        .stays("a head that stops half-way", "408 request-timeout", .nothing, nil, urgent: true) { scene in
            try await scene.wire.send(scene.request().prefix(30))
            return [try await scene.wire.reply()]
        },
        .stays("a body that stops half-way", "408 request-timeout", .nothing, .refused, urgent: true) {
            scene in
            try await scene.wire.send(scene.request().dropLast(20))
            return [try await scene.wire.reply()]
        },
        .stays(
            "Expect: 100-continue, then no body", "100, 408 request-timeout", .nothing, .refused,
            urgent: true
        ) { scene in
            try await scene.wire.send(scene.head(length: 100, [("Expect", "100-continue")]))
            return [try await scene.wire.reply()]
        },
        .stays("reads nothing of a large answer", "200, cut", .cancelled, .stalled, .unknown, urgent: true) {
            scene in
            scene.script(.bulk(64 << 20))
            try await scene.wire.stopReading()
            try await scene.wire.send(scene.request())
            try await scene.daemon.mock.awaitCancelled(from: scene.mark)
            try await scene.wire.startReading()
            return [try await scene.wire.reply()]
        },
        .stays("a request byte by byte", "200", .served, .complete, .exact) { scene in
            for byte in scene.request() { try await scene.wire.send([byte]) }
            return [try await scene.wire.reply()]
        },
        .stays("100 requests at once", "200, 100 times", .served, .complete) { scene in
            let path = "/models"
            scene.daemon.mock.script(.path(path), (0..<100).map { .json(["n": JSON($0)]) })
            let head = scene.daemon.caller.head("GET", "/v1" + path, length: nil)
            try await scene.wire.send(Array(repeatElement(head, count: 100).joined()))
            var replies: [Reply] = []
            for number in 0..<100 {
                let reply = try await scene.wire.reply()
                // Out of order is as bad as missing.
                if reply.json?["n"]?.integer == Int64(number) { replies.append(reply) }
            }
            return replies
        },
        .stays("Expect: 100-continue", "100, 200", .served, .complete, .exact) { scene in
            let body = scene.body()
            try await scene.wire.send(scene.head(length: body.count, [("Expect", "100-continue")]))
            try await scene.wire.send(body)
            return [try await scene.wire.reply()]
        },
        .stays("another expectation", "417 expectation-failed", .nothing, nil) { scene in
            try await scene.wire.send(scene.head(length: 100, [("Expect", "a-miracle")]))
            return [try await scene.wire.reply()]
        },
        .stays("a body longer than announced", "200; 400 bad-request", .served, .complete, .exact) { scene in
            try await scene.wire.send(scene.request() + Array("surplus\r\n\r\n".utf8))
            return [try await scene.wire.reply(), try await scene.wire.reply()]
        },
        .stays("a bad chunk size", "400 bad-body", .nothing, .refused) { scene in
            try await scene.wire.send(
                scene.head(length: nil, [("Transfer-Encoding", "chunked")]) + Array("zz\r\n".utf8))
            return [try await scene.wire.reply()]
        },
        .stays("a body announced above the limit", "413 body-too-large", .nothing, nil) { scene in
            try await scene.wire.send(scene.head(length: 64 << 20))
            return [try await scene.wire.reply()]
        },
        .stays("chunks above the limit", "413 body-too-large", .cancelled, .refused, .unknown) { scene in
            try await scene.wire.send(scene.head(length: nil, [("Transfer-Encoding", "chunked")]))
            let chunk = Array("100000\r\n".utf8) + Array(repeating: 0x20, count: 1 << 20) + Array("\r\n".utf8)
            // The daemon stops reading at the bound: what is still under way is not waited for.
            let sending = Task { for _ in 0..<10 { try await scene.wire.send(chunk) } }
            let reply = try await scene.wire.reply()
            sending.cancel()
            try await scene.daemon.mock.awaitCancelled(from: scene.mark)
            return [reply]
        },
    ]

    static let all: [CallerFault] = leaving + staying

    private static func stays(
        _ name: String, _ hears: String, _ upstream: Upstream, _ end: RequestEnd?,
        _ usage: UsageQuality = .none, urgent: Bool = false,
        _ play: @escaping @Sendable (CallerScene) async throws -> [Reply]
    ) -> CallerFault {
        CallerFault(
            name: name, ways: [.stays], hears: hears, upstream: upstream, end: end, usage: usage,
            isUrgent: urgent, play: play)
    }
}
