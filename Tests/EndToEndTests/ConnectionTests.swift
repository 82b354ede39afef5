// EndToEndTests: the built programs, driven over real sockets as their users drive them.
// Here: one suite per thing a user relies on; what a test proves stands in its `.proves`.
// Not here: tests of parts. May import MockUpstream and ORKTestSupport, and ORKit for its values; never orkd.

import MockUpstream
import ORKTestSupport
import Testing

@Suite("Connections of the proxy") struct ConnectionTests {
    @Test("a caller that leaves cancels the upstream within 100 ms, at no cost for the key", .proves("PX-18"))
    func cancels() async throws {
        try await withDaemon(alone: true) { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .stream(chunks: 9) { $0.gates = [3: Gate()] })
            let caller = daemon.caller
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            _ = try await wire.reply { $0.events.count == 3 }
            let left = ContinuousClock.now
            await wire.close()
            let event = try await daemon.mock.awaitCancelled()
            #expect(event.at - left < .milliseconds(100))
            #expect(try await daemon.caller.chat().status == 200)
            let key = try await daemon.key("a")
            #expect(key["state"]?.text == "usable")
            #expect(key["counters"]?["failures"]?.integer == 0)
        }
    }

    @Test("a caller that leaves before the head cancels as well", .proves("PX-18"))
    func cancelsEarly() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .silence)
            let caller = daemon.caller
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody().encoded.utf8)
            try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
            try await daemon.mock.first(.received)
            await wire.reset()
            try await daemon.mock.awaitCancelled()
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("100 requests one after the other need one connection upstream", .proves("PX-17"))
    func reuse() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let wire = try await daemon.caller.wire()
            for _ in 0..<100 { #expect(try await daemon.caller.chat(on: wire).status == 200) }
            #expect(daemon.mock.connections <= 2)
            await wire.close()
        }
    }

    @Test("an upstream that closed an idle connection costs no request", .proves("PX-17"))
    func staleConnection() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for _ in 0..<5 {
                #expect(try await daemon.caller.chat().status == 200)
                let mark = daemon.mock.mark
                daemon.mock.closeConnections()
                try await daemon.mock.first(.disconnected, from: mark)
            }
        }
    }

    @Test("beyond proxy.max_connections callers get 503, and operators are served as before")
    func tooMany() async throws {
        var options = DaemonOptions()
        options.set("proxy", "max_connections = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let wire = try await daemon.caller.wire()
            #expect(try await daemon.caller.chat(on: wire).status == 200)
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 503 && reply.errorCode == "overloaded")
            #expect(reply.value("retry-after") == "1")
            for _ in 0..<3 { #expect(try await daemon.control("GET", "/v1/status").status == 200) }
            #expect(try await daemon.caller.chat(on: wire).status == 200)
            await wire.close()
        }
    }

    @Test("a silent upstream is given up with 504", .proves("PX-17"))
    func silence() async throws {
        var options = DaemonOptions()
        options.set("upstream", "head = \"1s\"")
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .silence)
            let reply = try await daemon.caller.chat()
            #expect(reply.status == 504)
            #expect(reply.errorCode == "upstream-slow")
        }
    }

    @Test("Expect: 100-continue is answered by us and never sent on")
    func expectContinue() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody().encoded.utf8)
            try await wire.send(
                caller.head(
                    "POST", "/v1/chat/completions", headers: [("Expect", "100-continue")], length: body.count)
            )
            let interim = try await wire.take(through: "\r\n\r\n")
            #expect(interim.hasPrefix("HTTP/1.1 100"))
            try await wire.send(body)
            #expect(try await wire.reply().status == 200)
            #expect(daemon.relayed.last?.values("expect").isEmpty == true)
            await wire.close()
        }
    }
}
