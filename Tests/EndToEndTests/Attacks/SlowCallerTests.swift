import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, line 28: callers that are slow on purpose, or many.
/// Each is ended by a deadline, and nobody else notices.
@Suite("Attacks by slow and many callers") struct SlowCallerTests {
    private func options(_ lines: String...) -> DaemonOptions {
        var options = DaemonOptions()
        for line in lines { options.set("proxy", line) }
        return options
    }

    @Test(
        "90 callers that never finish a head or a body are 408 within 3 s; others are served",
        .proves("B4-28"))
    func unfinished() async throws {
        try await withDaemon(options("request_head = \"1s\"", "body_idle = \"1s\"")) {
            (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            let head = caller.head("POST", "/v1/chat/completions", length: 100)
            let part = Array("{\"model\":".utf8)
            let files = daemon.openFiles
            let chunked = caller.head(
                "POST", "/v1/chat/completions", headers: [("Transfer-Encoding", "chunked")], length: nil)
            let beginnings = [
                Array(head.prefix(1)), Array(head.prefix(9)), Array(head.dropLast(2)), head, head + part,
                chunked + Array("40\r\n".utf8) + part,
            ]
            try await withThrowingTaskGroup(of: Void.self) {
                (group: inout ThrowingTaskGroup<Void, any Error>) async throws in
                for beginning in beginnings + [[]] {
                    for _ in 0..<10 {
                        group.addTask { () async throws in
                            let wire = try await caller.wire()
                            let began = ContinuousClock.now
                            try await wire.send(beginning)
                            if beginning.isEmpty {
                                // Who has said nothing is told nothing.
                                #expect(try await wire.takeAll().isEmpty)
                            } else {
                                let reply = try await wire.reply()
                                #expect(
                                    reply.status == 408 && reply.errorCode == "request-timeout",
                                    "\(reply.text)")
                                #expect(try await wire.takeAll().isEmpty)
                            }
                            #expect(ContinuousClock.now - began < .seconds(3))
                            await wire.close()
                        }
                    }
                }
                for _ in 0..<20 { group.addTask { try await Self.drip(caller) } }
                for _ in 0..<20 { #expect(try await caller.chat().status == 200) }
                try await group.waitForAll()
            }
            #expect(daemon.relayed.count == 20)
            try await eventually("all connections are gone") { daemon.openFiles <= files + 2 }
            print("B4-28: 90 unfinished messages")
        }
    }

    /// A head whose bytes come one by one, each in good time: what counts is
    /// when the head began.
    private static func drip(_ caller: Caller) async throws {
        let wire = try await caller.wire()
        let began = ContinuousClock.now
        let sending = Task {
            for byte in caller.head(
                "GET", "/v1/models", headers: [("X", String(repeating: "x", count: 400))], length: nil)
            {
                try await wire.send([byte])
                // The pace is the attack; nothing is waited for.
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        let reply = try await wire.reply()
        #expect(reply.status == 408)
        #expect(ContinuousClock.now - began < .seconds(3))
        sending.cancel()
        await wire.close()
    }

    @Test(
        "30 callers that take nothing of their answers are cut, recorded, and the upstream let go",
        .proves("B4-28"))
    func unread() async throws {
        try await withDaemon(options("write_idle = \"1s\"")) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, (0..<30).map { _ in .bulk(8 << 20) })
            let caller = daemon.caller
            let body = Array(Caller.chatBody().encoded.utf8)
            let request = caller.head("POST", "/v1/chat/completions", length: body.count) + body
            let before = daemon.peakMemory
            let lazy = try (0..<30).map { _ in try Lazy(daemon.port, request) }
            try await daemon.mock.awaitCancelled()
            try await eventually("all 30 are recorded as stalled") {
                let list = try await daemon.orkctl("requests", "list", "--limit", "100", "-o", "json")
                return list.items.count { $0["end"]?.text == "stalled" } == 30
            }
            #expect(daemon.peakMemory - before < 30 << 20, "\(daemon.peakMemory - before) bytes")
            #expect(try await caller.chat().status == 200)
            print("B4-28: 30 unread answers of 8 MiB, \((daemon.peakMemory - before) >> 10) KiB in all")
            withExtendedLifetime(lazy) {}
        }
    }

    /// A caller that asks and never reads.
    private final class Lazy: Sendable {
        private let socket: PlainSocket

        init(_ port: Int, _ request: [UInt8]) throws {
            socket = try PlainSocket(port: port, receiveBuffer: 4096)
            socket.send(request)
        }
    }

    @Test(
        "5,000 connections: 2,000 idle ones cost at most 16 KiB each, 3,000 that come and go leave nothing",
        .proves("B4-28"))
    func many() async throws {
        try OpenFiles.allow(4500)
        try await withDaemon(options("request_head = \"60s\"", "metrics = \"open\""), alone: true) {
            (daemon: DaemonFixture) async throws in
            let watcher = daemon.caller(key: nil)
            #expect(try await daemon.caller.chat().status == 200)
            let (files, memory) = (daemon.openFiles, daemon.peakMemory)
            var idle = try (0..<2000).map { _ in try Lazy(daemon.port, []) }
            // And the one that asks; files say less, for those of who came before close at any time.
            try await eventually("2,000 are connected") {
                try await watcher.metric("ork_connections") ?? 0 >= 2001
            }
            for _ in 0..<20 { #expect(try await daemon.caller.chat().status == 200) }
            let each = (daemon.peakMemory - memory) / 2000
            #expect(each <= 16 << 10, "\(each) bytes")
            idle.removeAll()
            try await eventually("they are gone") { daemon.openFiles <= files + 2 }
            for number in 0..<3000 {
                let socket = try PlainSocket(port: daemon.port)
                switch number % 3 {
                case 0: break
                case 1: socket.reset()
                default:
                    socket.send(Array("GET /v1/mod".utf8))
                    socket.reset()
                }
            }
            #expect(try await daemon.caller.chat().status == 200)
            try await eventually("the storm is over") { daemon.openFiles <= files + 2 }
            print("B4-28: 2,000 idle connections at \(each) bytes each, 3,000 in a storm")
        }
    }
}
