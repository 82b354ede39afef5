import Foundation
import Glibc
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 30 and 32: an upstream that never ends, and a
/// log that nobody reads.
@Suite("Attacks by what never ends", .serialized) struct EndlessStreamTests {
    private static let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    private static let event = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"

    /// Asks for a stream and counts what comes, until there is so much.
    private func count(_ daemon: DaemonFixture, upTo limit: Int) async throws -> (heard: Int, isOver: Bool) {
        let caller = daemon.caller
        let wire = try await caller.wire()
        let body = Array(Caller.chatBody(stream: true).encoded.utf8)
        try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        var heard = 0
        var tail: [UInt8] = []
        while heard < limit {
            let bytes = try await wire.take()
            heard += bytes.count
            tail = Array((tail + bytes.suffix(5)).suffix(5))
            // The end of the connection, or of the chunks.
            if bytes.isEmpty || tail == Array("0\r\n\r\n".utf8) { return (heard, true) }
        }
        await wire.close()
        return (heard, false)
    }

    @Test("a stream without end is relayed in constant memory, and ends with its caller", .proves("B4-30"))
    func withoutEnd() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            let before = daemon.peakMemory
            let block = Array(String(repeating: Self.event, count: 1000).utf8)
            daemon.mock.script(
                .everything, .raw([.send(Self.head), .repeating(block, times: nil, every: .zero)]))
            let (heard, isOver) = try await count(daemon, upTo: 16 << 20)
            #expect(heard >= 16 << 20 && !isOver)
            try await daemon.mock.awaitCancelled()
            #expect(daemon.peakMemory - before < 24 << 20, "\(daemon.peakMemory - before) bytes")
        }
    }

    @Test("one line of 100 MiB and a million events of one byte pass in constant memory", .proves("B4-30"))
    func extremes() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.chat().status == 200)
            let before = daemon.peakMemory
            let block = [UInt8](repeating: 0x78, count: 1 << 20)
            daemon.mock.script(
                .everything,
                .raw([
                    .send(Self.head + Self.event + "data: "), .repeating(block, times: 100, every: .zero),
                    .send("\n\ndata: [DONE]\n\n"), .close,
                ]))
            let (line, lineIsOver) = try await count(daemon, upTo: .max)
            #expect(line > 100 << 20 && lineIsOver)
            let events = Array(String(repeating: "data: x\n\n", count: 1000).utf8)
            daemon.mock.script(
                .everything,
                .raw([
                    .send(Self.head + Self.event), .repeating(events, times: 1000, every: .zero),
                    .send("data: [DONE]\n\n"), .close,
                ]))
            let (small, smallIsOver) = try await count(daemon, upTo: .max)
            #expect(small > 9_000_000 && smallIsOver)
            #expect(daemon.peakMemory - before < 24 << 20, "\(daemon.peakMemory - before) bytes")
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("6 upstreams that say next to nothing are given up, or leave with their caller", .proves("B4-30"))
    func silent() async throws {
        var options = DaemonOptions()
        options.set("proxy", "stream_idle = \"1s\"")
        options.set("proxy", "commit_hold = \"100ms\"")
        options.set("upstream", "head = \"1s\"")
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            // A head that never comes whole.
            for act in [
                Act.halfHead,
                .raw([
                    .send("HTTP/1.1 200 OK\r\n"),
                    .repeating(Array("X: y\r\n".utf8), times: 90, every: .milliseconds(100)),
                ]),
                .raw([
                    .repeating(
                        Array("HTTP/1.1 102 Processing\r\n\r\n".utf8), times: 8, every: .milliseconds(300)),
                    .stall,
                ]),
            ] {
                daemon.mock.script(.everything, act)
                let reply = try await daemon.caller.chat()
                #expect(reply.status == 504 && reply.errorCode == "upstream-slow", "\(reply.text)")
            }
            // A body that stops.
            daemon.mock.script(.everything, .raw([.send(Self.head + Self.event), .stall]))
            let stopped = try await daemon.caller.chat(stream: true)
            #expect(!stopped.complete && stopped.text.contains("upstream-slow"), "\(stopped.text)")
            daemon.mock.script(
                .everything,
                .raw([
                    .send(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{\"a\":1,"
                    ), .stall,
                ]))
            #expect(try await daemon.caller.chat().complete == false)
            // Comments for ever: alive, until the caller leaves.
            daemon.mock.script(
                .everything,
                .raw([
                    .send(Self.head),
                    .repeating(Array(": PROCESSING\n\n".utf8), times: nil, every: .milliseconds(20)),
                ]))
            let mark = daemon.mock.mark
            let (heard, isOver) = try await count(daemon, upTo: 1500)
            #expect(heard >= 1500 && !isOver)
            try await daemon.mock.awaitCancelled(from: mark)
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test(
        "with a log that nobody reads the daemon starts, serves and stops; the lines are whole when read",
        .proves("B4-32"))
    func blockedLog() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer {
            close(reading)
            close(writing)
        }
        // Full to the brim before the daemon writes its first line.
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        let filler = [UInt8](repeating: 0x0A, count: 4096)
        while write(writing, filler, filler.count) > 0 {}
        _ = fcntl(writing, F_SETFL, 0)
        var options = DaemonOptions(keys: ["a", "b"])
        options.logDescriptor = writing
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            // A loop that waited for the log would never answer: nobody reads before the end.
            for number in 0..<200 {
                if number % 10 == 0 {
                    daemon.mock.script(.everything, .stream(chunks: 5) { $0.fault = .cut(after: 3) })
                    #expect(try await daemon.caller.chat(stream: true).status == 200)
                }
                #expect(try await daemon.caller.chat().status == 200)
            }
            #expect(try await daemon.orkctl("status").status == 0)
            let lines = Task.detached { Self.lines(of: reading, through: "\"stopped\"") }
            #expect(try await daemon.terminate() == 0)
            let text = await lines.value
            #expect(text.contains { $0.contains("\"ready\"") })
            #expect(text.count { $0.contains("answer broke off") } == 20)
            for line in text where !line.isEmpty {
                #expect(JSON(parsing: line)?["time"]?.text != nil, "\(line)")
            }
        }
    }

    /// Reads until that word has come.
    private static func lines(of descriptor: Int32, through word: String) -> [String] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while !String(decoding: bytes.suffix(400), as: UTF8.self).contains(word) {
            let count = read(descriptor, &block, block.count)
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
