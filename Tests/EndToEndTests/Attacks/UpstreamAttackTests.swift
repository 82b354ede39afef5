import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, line 12: a malicious or broken upstream, or somebody
/// between us and it. The connection is discarded, and no byte of it reaches
/// another caller.
@Suite("Attacks by the upstream") struct UpstreamAttackTests {
    private struct Trick {
        let name: String
        let method: String
        let bytes: String
        /// What the caller is told; nil where the answer before the trick is
        /// a good one and is relayed.
        let code: String?

        init(_ name: String, _ bytes: String, method: String = "GET", relayed: Bool = false) {
            (self.name, self.bytes, self.method) = (name, bytes, method)
            code = relayed ? nil : "upstream-protocol"
        }
    }

    private static let good = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    private static let forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

    private static let tricks: [Trick] = {
        let ok = good + "Content-Length: 2\r\n\r\n{}"
        var tricks = [
            Trick("nine times 100", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 9) + ok),
            Trick(
                "a storm of 103",
                String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", count: 500) + ok),
            Trick(
                "101 unasked",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + forged),
            Trick(
                "204 with a body", "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\nforged", relayed: true
            ),
            Trick(
                "204 with chunks",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nforged\r\n0\r\n\r\n",
                relayed: true),
            Trick("204 and an answer", "HTTP/1.1 204 No Content\r\n\r\n" + forged, relayed: true),
            Trick(
                "304 with a body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\nforged",
                relayed: true),
            Trick(
                "HEAD with a body", good + "Content-Length: 6\r\n\r\nforged", method: "HEAD", relayed: true),
            Trick(
                "HEAD with chunks", good + "Transfer-Encoding: chunked\r\n\r\n6\r\nforged\r\n0\r\n\r\n",
                method: "HEAD", relayed: true),
            Trick("two answers", ok + forged, relayed: true),
            Trick("ten answers", ok + String(repeating: forged, count: 10), relayed: true),
            Trick("a line end too much", ok + "\r\n" + forged, relayed: true),
            Trick("one byte too much", ok + "H", relayed: true),
            Trick(
                "an answer behind the last chunk",
                good + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + forged, relayed: true),
            Trick(
                "chunks and a length",
                good + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}" + forged),
            Trick("two lengths", good + "Content-Length: 2\r\nContent-Length: 8\r\n\r\n{}forged"),
            Trick("two equal lengths", good + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + forged),
            Trick("two codings", good + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + forged),
        ]
        for line in [
            "HTTP/1.1 200 OK\n", "HTTP/1.1 200\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/2.0 200 OK\r\n",
            "HTTP/1.2 200 OK\r\n",
            "HTTP/1.1 099 OK\r\n", "HTTP/1.1 600 OK\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 0200 OK\r\n",
            "HTTP/1.1 -20 OK\r\n", "http/1.1 200 OK\r\n", "ICY 200 OK\r\n", "HTTP/1.1 200 O\u{0}K\r\n",
            "HTTP/1.1 200 O\rK\r\n", "\r\nHTTP/1.1 200 OK\r\n", "<html>\r\n",
        ] {
            tricks.append(Trick(line.debugDescription, line + "Content-Length: 2\r\n\r\n{}" + forged))
        }
        for line in [
            "Content-Length: +2", "Content-Length: 0x2", "Content-Length: 2,2", "Content-Length: 2 2",
            "Content-Length: -2", "Content-Length: 99999999999999999999", "Content-Length : 2",
            "X: a\r\n Content-Length: 2", "Transfer-Encoding: identity", "Transfer-Encoding: xchunked",
            "Transfer-Encoding:\u{B}chunked", "X\u{0}: y", "X: y\u{0}", "X: y\rZ: a", "X: y\nZ: a",
            "no colon", ": y",
            "Connection: content-length", "Connection: transfer-encoding",
            (0..<101).map { "X-\($0): y" }.joined(separator: "\r\n"),
            "X: " + String(repeating: "x", count: 40_000),
        ] {
            tricks.append(
                Trick(String(line.prefix(40)).debugDescription, good + line + "\r\n\r\n{}" + forged))
        }
        return tricks
    }()

    @Test("55 tricks of an upstream: the connection goes, and its bytes with it", .proves("B4-12"))
    func tricks() async throws {
        #expect(Self.tricks.count == 55)
        var options = DaemonOptions()
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for trick in Self.tricks {
                let before = daemon.relayed.count
                daemon.mock.script(.everything, .raw([.send(trick.bytes), .stall]))
                let reply = try await daemon.caller.send(trick.method, "/v1/models")
                if let code = trick.code {
                    #expect(reply.status == 502 && reply.errorCode == code, "\(trick.name): \(reply.text)")
                } else {
                    #expect(
                        reply.status < 400 && ["", "{}"].contains(reply.text), "\(trick.name): \(reply.text)")
                }
                tally.add(reply)
                let tricked = try #require(daemon.relayed.last)
                #expect(daemon.relayed.count == before + 1, "\(trick.name) was tried again")
                // Whoever comes next, comes on another connection and gets its own answer.
                let next = try await daemon.caller.chat()
                #expect(next.status == 200 && !next.text.contains("forged"), "\(trick.name): \(next.text)")
                #expect(daemon.relayed.last?.connection != tricked.connection, "\(trick.name): used again")
            }
            tally.print("12")
        }
    }

    @Test("an answer that comes before the request is whole ends that connection", .proves("B4-12"))
    func early() async throws {
        var options = DaemonOptions()
        options.set("proxy", "replay_limit = \"1KiB\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, Act.json(["early": true]).beforeBody)
            let caller = daemon.caller
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody(String(repeating: "x", count: 600_000)).encoded.utf8)
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count))
            try await wire.send(body[..<400_000])
            let early = try await wire.reply()
            #expect(early.json?["early"]?.isTrue == true)
            let used = try #require(daemon.relayed.last)
            await wire.close()
            let next = try await caller.chat()
            #expect(next.status == 200 && next.json?["early"] == nil)
            #expect(daemon.relayed.last?.connection != used.connection)
        }
    }
}
