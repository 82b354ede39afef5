import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, line 29: bodies without measure, towards us and from
/// the upstream.
@Suite("Attacks with large bodies") struct LargeBodyTests {
    @Test("11 bodies without end or measure are 413 or 400, and cost no memory", .proves("B4-29", "SE-07"))
    func endless() async throws {
        var options = DaemonOptions()
        options.set("proxy", "body_limit = \"128KiB\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            let before = daemon.peakMemory
            var tally = Tally()
            for length in [
                "131073", "4294967296", "4294967297", "2147483648", "9007199254740993", "999999999999999999",
                "000000004294967296",
            ] {
                let wire = try await daemon.caller.wire()
                try await wire.send(
                    daemon.caller.head(
                        "POST", "/v1/chat/completions", headers: [("Content-Length", length)], length: nil))
                let reply = try await wire.reply()
                #expect(reply.status == 413 && reply.errorCode == "body-too-large", "\(length)")
                #expect(try await wire.takeAll().isEmpty)
                await wire.close()
                tally.add(reply)
            }
            for size in [1, 100, 65_536] {
                let reply = try await pour(chunks: size, to: daemon)
                #expect(reply.status == 413, "chunks of \(size): \(reply.text)")
                tally.add(reply)
            }
            let wire = try await daemon.caller.wire()
            try await wire.send(
                daemon.caller.head(
                    "POST", "/v1/chat/completions", headers: [("Transfer-Encoding", "chunked")], length: nil)
                    + Array("FFFFFFFFFFFFFFFE\r\n".utf8))
            let reply = try await wire.reply()
            #expect(reply.status == 400)
            tally.add(reply)
            await wire.close()
            #expect(daemon.relayed.count == 1)
            #expect(daemon.peakMemory - before < 16 << 20, "\(daemon.peakMemory - before) bytes")
            tally.print("29")
        }
    }

    /// Sends chunks of that size until there is an answer.
    private func pour(chunks size: Int, to daemon: DaemonFixture) async throws -> Reply {
        let wire = try await daemon.caller.wire()
        try await wire.send(
            daemon.caller.head(
                "POST", "/v1/chat/completions", headers: [("Transfer-Encoding", "chunked")], length: nil))
        let chunk = Array(
            (String(size, radix: 16) + "\r\n" + String(repeating: " ", count: size) + "\r\n").utf8)
        let block = Array(repeatElement(chunk, count: max(1, 65_536 / size)).joined())
        let pouring = Task {
            // Ends with the connection; far more than any limit here.
            for _ in 0..<2000 { try await wire.send(block) }
        }
        let reply = try await wire.reply()
        pouring.cancel()
        await wire.close()
        return reply
    }

    @Test("a packed answer that would be 256 MiB is passed on as it is, and never unpacked", .proves("B4-29"))
    func bomb() async throws {
        let pack = Program("/bin/sh", environment: ["PATH": "/usr/bin:/bin"])
        let packed = try await pack.run(["-c", "head -c 268435456 /dev/zero | gzip -9"]).out
        #expect(packed.count > 100_000 && packed.count < 1 << 20)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            let before = daemon.peakMemory
            for type in ["application/json", "text/event-stream", "text/html"] {
                daemon.mock.script(
                    .everything,
                    .answer { _ in
                        Answer(
                            status: 200, headers: [("Content-Type", type), ("Content-Encoding", "gzip")],
                            body: [.bytes(Array(packed))])
                    })
                let reply = try await daemon.caller.chat()
                #expect(reply.status == 200 && reply.complete && reply.body == Array(packed), "\(type)")
                #expect(reply.value("content-encoding") == "gzip")
            }
            #expect(daemon.relayed.allSatisfy { $0.value("accept-encoding") == "identity" })
            #expect(daemon.peakMemory - before < 16 << 20, "\(daemon.peakMemory - before) bytes")
        }
    }

    @Test(
        "17 abused forms arrive byte for byte or are 400; two models in one are always 400", .proves("B4-29"))
    func forms() async throws {
        func part(_ name: String, _ value: String, _ boundary: String = "b") -> String {
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let long = String(repeating: "b", count: 3000)
        let two = part("model", "a") + part("model", "b") + "--b--\r\n"
        let forms: [(type: String, body: String, mustBeRefused: Bool)] = [
            ("b", two, true),
            ("b", part("model", "a") + part("file", "x") + part("model", "a") + "--b--\r\n", true),
            ("b", "preamble\r\n" + two, true), ("\"b\"", two, true), ("b; charset=x", two, true),
            ("", two, false), ("\"\"", two, false), (long, part("model", "a", long), false), ("b", "", false),
            ("b", "--b", false), ("b", "--b--\r\n", false), ("b", part("model", "a"), false),
            ("b", String(repeating: part("x", "y"), count: 10_000) + "--b--\r\n", false),
            ("b", String(repeating: "--b\r\n", count: 50_000), false),
            ("b", "--b\r\n" + String(repeating: "X: y\r\n", count: 50_000), false),
            ("b", String(repeating: "\r\n--", count: 100_000), false),
            ("b\u{22}c", part("model", "a"), false),
        ]
        #expect(forms.count == 17)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for (type, body, mustBeRefused) in forms {
                let bytes = Array(body.utf8)
                let before = daemon.relayed.count
                let reply = try await daemon.caller.send(
                    "POST", "/v1/audio/transcriptions",
                    headers: [("Content-Type", "multipart/form-data; boundary=\(type)")], body: bytes)
                let name = "\(type.prefix(20)) \(body.prefix(30).debugDescription)"
                if reply.status == 400, daemon.relayed.count == before {
                    #expect(reply.errorCode == "bad-body", "\(name)")
                } else {
                    #expect(!mustBeRefused, "\(name)")
                    #expect(
                        daemon.relayed.count == before + 1 && daemon.relayed.last?.body == bytes, "\(name)")
                }
                tally.add(reply)
            }
            tally.print("29 forms")
        }
    }
}
