import MockUpstream
import ORKit

/// On the way, and before and in the head of an answer.
extension UpstreamFault {
    static let way: [UpstreamFault] = [
        UpstreamFault(
            name: "nobody listens", scene: .refusing, one: .no(502, .upstreamUnreachable, 2),
            three: .no(502, .upstreamUnreachable, 3), mark: .failure),
        UpstreamFault(
            name: "connecting takes too long", scene: .silentPort, one: .no(502, .upstreamUnreachable, 2),
            three: .no(502, .upstreamUnreachable, 3), mark: .failure, deadline: .connect),
        UpstreamFault(
            name: "the name does not resolve", scene: .unknownName, one: .no(502, .upstreamUnreachable, 2),
            three: .no(502, .upstreamUnreachable, 3), mark: .failure),
        UpstreamFault(
            name: "RST as soon as connected", scene: .dropping,
            one: .no(502, .upstreamUnreachable, 2, usage: .unknown), three: .ok(2), mark: .failure),
    ]

    static let head: [UpstreamFault] = [
        .retried("FIN instead of a head", 502, .upstreamUnreachable, usage: .unknown) { _, _ in .closeAtOnce
        },
        .retried("RST instead of a head", 502, .upstreamUnreachable, usage: .unknown) { _, _ in .resetAtOnce
        },
        UpstreamFault(
            name: "FIN on a connection used before", scene: .used, play: .list { _ in [.closeAtOnce] },
            one: .ok(1), three: .ok(1), mark: .nothing),
        UpstreamFault(
            name: "RST on a connection used before", scene: .used, play: .list { _ in [.resetAtOnce] },
            one: .ok(1), three: .ok(1), mark: .nothing),
        .retried("silence", 504, .upstreamSlow, .head) { _, _ in .silence },
        .retried("half a head, then FIN", 502, .upstreamUnreachable, usage: .unknown) { _, _ in
            .halfHeadThenClose
        },
        .retried("half a head, then RST", 502, .upstreamUnreachable, usage: .unknown) { _, _ in
            .raw([.send("HTTP/1.1 200 OK\r\nContent-Ty"), .reset])
        },
        .retried("half a head, then silence", 504, .upstreamSlow, .head) { _, _ in .halfHead },
        .retried("another protocol", 502, .upstreamProtocol) { _, _ in .notHTTP },
        .retried("a field of 64 KiB", 502, .upstreamProtocol) { _, _ in
            .raw([.send("HTTP/1.1 200 OK\r\nX-Long: \(String(repeating: "x", count: 64 << 10))"), .stall])
        },
        .retried("fields of 2 MiB", 502, .upstreamProtocol) { _, _ in
            let line = "X-Many: \(String(repeating: "x", count: 1014))\r\n"
            return .raw([.send("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 2048)), .stall])
        },
        .retried("a length and chunks at once", 502, .upstreamProtocol) { _, _ in
            .raw([
                .send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), .stall,
            ])
        },
        .retried("101 that nobody asked for", 502, .upstreamProtocol) { _, _ in
            .raw([
                .send(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
                .stall,
            ])
        },
        .retried("100 nine times", 502, .upstreamProtocol) { _, _ in .informational(100, times: 9) },
        .final("103 three times, then well", .ok(1), .nothing) { _, _ in .informational(103, times: 3) },
    ]
}
