import Glibc
import Logging
import ORKit
import Testing

@testable import orkd

@Suite("Log output")
struct LogOutputTests {
    /// A pipe whose reading end tells what was written.
    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            (reader, writer) = (ends[0], ends[1])
            _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        }

        func text() -> String {
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = read(reader, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }

        func closeBoth() {
            close(reader)
            close(writer)
        }
    }

    @Test("a line is one JSON object with time, level, message and fields")
    func line() {
        var line = LogLine(
            level: .warning, message: "a \"b\"\n\u{1}é",
            fields: [
                ("n", .integer(-5)), ("list", .list([.text("x"), .integer(1)])), ("level", .text("own")),
                ("o", .object([("k", .text("v"))])),
            ])
        line.time = WallTime(milliseconds: 0)
        let expected =
            #"{"time":"1970-01-01T00:00:00Z","level":"warning","message":"a \"b\"\n\u0001é","n":-5,"#
            + #""list":["x",1],"field_level":"own","o":{"k":"v"}}"#
        #expect(String(decoding: line.bytes(prefixed: false), as: UTF8.self) == expected + "\n")
        #expect(String(decoding: line.bytes(prefixed: true), as: UTF8.self) == "<4>" + expected + "\n")
    }

    @Test("what looks like a key is masked, masks and words are not")
    func redaction() {
        func masked(_ text: String) -> String {
            var bytes = Array(text.utf8)
            Redaction.mask(&bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(masked("key sk-or-v1-0123456789abcdef!") == "key sk-******************cdef!")
        #expect(masked("gw_live_ABCDEFGHIJKLMNOPQRST") == "gw_live_****************QRST")
        for harmless in ["sk-or-v1-…9c41", "task-force", "gw_live_", "sk-", "s", "ask-me-anything"] {
            #expect(masked(harmless) == harmless)
        }
    }

    @Test("a logger writes at its level, with metadata, in order")
    func logger() {
        let pipe = Pipe()
        let output = LogOutput(descriptor: pipe.writer, level: .info, prefixed: false)
        output.start()
        var logger = Logger(label: "test") { LogOutputHandler(label: $0, output: output) }
        logger[metadataKey: "a"] = "1"
        logger.debug("hidden")
        logger.info("one", metadata: ["b": .stringConvertible(2)])
        output.level = .debug
        logger.debug("two")
        #expect(output.flush(milliseconds: 5000))
        let lines = pipe.text().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first?.hasSuffix(#""level":"info","message":"one","logger":"test","a":"1","b":2}"#) == true)
        #expect(lines.last?.contains(#""message":"two""#) == true)
        output.close()
        pipe.closeBoth()
    }

    @Test("when stderr is stuck lines are dropped and counted, and logging goes on at once")
    func stuck() {
        let pipe = Pipe()
        let output = LogOutput(descriptor: pipe.writer, level: .info, prefixed: false, byteLimit: 10_000)
        let line = LogLine(level: .info, message: String(repeating: "x", count: 900))
        for _ in 0..<100 { output.add(line) }
        #expect(output.dropped > 80)
        output.start()
        #expect(output.flush(milliseconds: 5000))
        let text = pipe.text()
        #expect(text.contains(#""message":"log lines dropped","count":\#(output.dropped)}"#))
        output.close()
        pipe.closeBoth()
    }

    @Test("priorities are written only when stderr is journald's own stream")
    func journal() throws {
        let directory = TemporaryDirectory()
        directory.write("stream", "")
        let identity = try #require(directory.identity(of: "stream"))
        let stream = open(directory("stream"), O_WRONLY)
        let own = ["JOURNAL_STREAM": identity]
        #expect(JournalStream.isConnected(stream, environment: own))
        #expect(!JournalStream.isConnected(stream, environment: ["JOURNAL_STREAM": "1:2"]))
        #expect(!JournalStream.isConnected(stream, environment: [:]))
        close(stream)
    }
}
