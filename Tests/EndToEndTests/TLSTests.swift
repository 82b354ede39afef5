import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("TLS on the data port") struct TLSTests {
    private func withTLS(
        _ change: (inout DaemonOptions) -> Void = { _ in },
        _ body: (DaemonFixture, Certificates) async throws -> Void
    ) async throws {
        let certificates = try await Certificates()
        defer { certificates.remove() }
        try certificates.install("first")
        var options = DaemonOptions()
        options.secure(with: certificates)
        change(&options)
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await body(daemon, certificates)
        }
    }

    private func condition(of daemon: DaemonFixture) async throws -> JSON? {
        let conditions = try await daemon.control("GET", "/v1/status").json?["item"]?["conditions"]
        return conditions?.elements?.first { $0["code"]?.text == "certificate-invalid" }
    }

    @Test("answers of every kind come over it, on one connection")
    func answers() async throws {
        try await withTLS { (daemon: DaemonFixture, certificates: Certificates) async throws in
            let caller = daemon.caller(trusting: certificates)
            let wire = try await caller.wire()
            let secured = try #require(try await wire.secured())
            #expect(secured.certificate == (try certificates.der("first")))
            #expect(secured.alpn == "http/1.1" && secured.version == "tlsv13")
            #expect(try await caller.chat(on: wire).status == 200)
            let streamed = try await caller.chat(stream: true, on: wire)
            #expect(streamed.complete && streamed.events.last == "[DONE]")
            #expect(try await caller.send("GET", "/health", on: wire).status == 200)
            #expect(try await caller.send("GET", "/nosuch", on: wire).status == 404)
            let body = Array(Caller.chatBody(String(repeating: "x", count: 4 << 20)).encoded.utf8)
            #expect(try await caller.send("POST", "/v1/chat/completions", body: body, on: wire).status == 200)
            #expect(daemon.relayed.last?.bodyDigest == SHA256.hex(body))
            await wire.close()
            // Plain HTTP is not understood there.
            let plain = try await daemon.caller.wire()
            try await plain.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(!String(decoding: try await plain.takeAll(), as: UTF8.self).contains("HTTP/1.1"))
        }
    }

    @Test("a slow reader slows the upstream down and gets everything; one that stalls is cut and recorded")
    func pressure() async throws {
        let shorten: (inout DaemonOptions) -> Void = { $0.set("proxy", "write_idle = \"300ms\"") }
        try await withTLS(shorten) {
            (daemon: DaemonFixture, certificates: Certificates) async throws in
            daemon.mock.always(.everything, .bulk(32 << 20, chunk: 1 << 20))
            let caller = daemon.caller(trusting: certificates)
            let endpoint = caller.endpoint
            let stalled = try await Wire.connect(endpoint, receiveBuffer: 8 << 10)
            _ = try await stalled.secured()
            try await stalled.stopReading()
            try await stalled.send(caller.head("GET", "/v1/models", length: nil))
            try await daemon.mock.awaitCancelled()
            await stalled.close()
            let slow = try await Wire.connect(endpoint, receiveBuffer: 8 << 10)
            try await slow.send(caller.head("GET", "/v1/models", length: nil))
            let reply = try await slow.reply()
            #expect(reply.complete && reply.body.count == 32 << 20)
            await slow.close()
            let ran = try await daemon.orkctl("requests", "list", "-o", "json")
            #expect(Set(ran.items.compactMap { $0["end"]?.text }) == ["stalled", "complete"])
        }
    }

    @Test("an answer that breaks off does not end as a whole one does")
    func brokenOff() async throws {
        try await withTLS { (daemon: DaemonFixture, certificates: Certificates) async throws in
            daemon.mock.always(.everything, .stream(chunks: 5) { $0.fault = .cut(after: 3) })
            let caller = daemon.caller(trusting: certificates)
            let wire = try await caller.wire()
            let body = Array(Caller.chatBody(stream: true).encoded.utf8)
            // For HTTP/1.0 the end of the connection is the end of the body: TLS must not call it an end.
            try await wire.send(
                "POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer \(daemon.clientSecret)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n")
            try await wire.send(body)
            #expect(try await wire.ended() == .reset)
            await wire.close()
        }
    }

    @Test("SIGHUP takes a renewed certificate over, and no connection notices")
    func renewal() async throws {
        try await withTLS { (daemon: DaemonFixture, certificates: Certificates) async throws in
            let caller = daemon.caller(trusting: certificates)
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 3) { $0.gates = [1: gate] })
            let old = try await caller.wire()
            let running = Task { try await caller.chat(stream: true, on: old) }
            try await gate.reached()
            let asking = Task {
                var failed = 0
                while !Task.isCancelled {
                    guard let reply = try? await caller.get("/liveness"), reply.status == 200 else {
                        failed += 1
                        continue
                    }
                }
                return failed
            }
            for round in 0..<4 {
                try certificates.install(round % 2 == 0 ? "second" : "first")
                try await daemon.reload()
                let wire = try await caller.wire()
                let shown = try await wire.secured()?.certificate
                #expect(shown == (try certificates.der(round % 2 == 0 ? "second" : "first")))
                await wire.close()
            }
            asking.cancel()
            #expect(await asking.value == 0)
            gate.open()
            #expect(try await running.value.complete)
            #expect(try await caller.chat(on: old).status == 200)
            await old.close()
        }
    }

    @Test("one that cannot be used changes nothing and is a condition until it is repaired")
    func badRenewal() async throws {
        try await withTLS { (daemon: DaemonFixture, certificates: Certificates) async throws in
            let caller = daemon.caller(trusting: certificates)
            let bad: [(String, (Certificates) throws -> Void)] = [
                ("holds no certificate", { try $0.write(Data("nothing".utf8), to: "live.pem") }),
                ("is not that of", { try $0.install("first", key: "second") }),
                ("expired on", { try $0.install("expired") }),
            ]
            for (words, spoil) in bad {
                try spoil(certificates)
                try await daemon.reload()
                let shown = try await condition(of: daemon)
                #expect(shown?["severity"]?.text == "warning")
                #expect(shown?["text"]?.text?.contains(words) == true, "\(words)")
                #expect(try await caller.chat().status == 200)
                try await daemon.logged { $0.contains("the old one stays") && $0.contains(words) }
            }
            try certificates.install("first")
            try await daemon.reload()
            #expect(try await condition(of: daemon) == nil)
        }
    }

    @Test("at start a certificate or key that cannot be used is named: 78")
    func badStart() async throws {
        let certificates = try await Certificates()
        defer { certificates.remove() }
        try certificates.install("first")
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            func start(_ certificate: String?, _ key: String?) async throws -> Program.Ran {
                var arguments: [String] = []
                if let certificate { arguments += ["--set", "proxy.tls_certificate=\(certificate)"] }
                if let key { arguments += ["--set", "proxy.tls_key=\(key)"] }
                return try await daemon.startExpectingExit(arguments: arguments)
            }
            let absent = certificates.path("absent.pem")
            try certificates.write(Data("nothing".utf8), to: "nothing.pem")
            let nothing = certificates.path("nothing.pem")
            let open = certificates.path("second.key")
            chmod(open, 0o644)
            let bad: [(String?, String?, String, String)] = [
                (certificates.certificate, nil, "config-invalid", "proxy.tls_key is not"),
                (nil, certificates.key, "config-invalid", "proxy.tls_certificate is not"),
                (absent, certificates.key, "certificate-invalid", "cannot read \(absent): No such file"),
                (nothing, certificates.key, "certificate-invalid", "\(nothing) holds no certificate"),
                (certificates.certificate, absent, "certificate-invalid", "cannot read \(absent)"),
                (certificates.certificate, nothing, "certificate-invalid", "\(nothing) holds no private key"),
                (certificates.certificate, open, "file-unsafe", "chmod 640 \(open)"),
                (
                    certificates.certificate, certificates.path("ca.key"), "certificate-invalid",
                    "is not that of"
                ),
            ]
            for (certificate, key, code, words) in bad {
                let ran = try await start(certificate, key)
                #expect(ran.status == 78 && ran.stderr.contains("[\(code)]"), "\(ran.stderr)")
                #expect(ran.stderr.contains(words), "\(words) in \(ran.stderr)")
                #expect(!FileManager.default.fileExists(atPath: daemon.socket))
            }
        }
    }

    @Test("an expired one serves on after a start, and status says so")
    func expired() async throws {
        let certificates = try await Certificates()
        defer { certificates.remove() }
        try certificates.install("expired")
        var options = DaemonOptions()
        options.secure(with: certificates)
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let shown = try await condition(of: daemon)
            #expect(shown?["severity"]?.text == "error")
            #expect(shown?["text"]?.text?.contains("expired on") == true)
            // Nobody who looks at certificates speaks to it.
            await #expect(throws: (any Error).self) {
                try await daemon.caller(trusting: certificates).chat()
            }
        }
    }

    @Test("whoever does not finish the handshake is cut at the deadline for the head")
    func handshakeDeadline() async throws {
        let shorten: (inout DaemonOptions) -> Void = { $0.set("proxy", "request_head = \"300ms\"") }
        try await withTLS(shorten) {
            (daemon: DaemonFixture, certificates: Certificates) async throws in
            for beginning in [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00] as [UInt8]] {
                let wire = try await daemon.caller.wire()
                let began = ContinuousClock.now
                if !beginning.isEmpty { try await wire.send(beginning) }
                _ = try await wire.ended()
                #expect(ContinuousClock.now - began < .seconds(5))
            }
            #expect(try await daemon.caller(trusting: certificates).chat().status == 200)
        }
    }

    @Test("an idle connection costs at most 60 KiB")
    func idle() async throws {
        let certificates = try await Certificates()
        defer { certificates.remove() }
        try certificates.install("first")
        var options = DaemonOptions()
        options.secure(with: certificates)
        try await withDaemon(options, alone: true) { (daemon: DaemonFixture) async throws in
            let caller = daemon.caller(trusting: certificates)
            var wires: [Wire] = []
            /// Memory with so many connections that have each been used.
            func memory(with count: Int) async throws -> Int64 {
                while wires.count < count {
                    let wire = try await caller.wire()
                    #expect(try await caller.chat(on: wire).status == 200)
                    wires.append(wire)
                }
                let status = try await daemon.control("GET", "/v1/status")
                return status.json?["item"]?["memory_bytes"]?.integer ?? 0
            }
            // The first ones pay for what is there once.
            let few = try await memory(with: 20)
            let each = (try await memory(with: 220) - few) / 200
            #expect(each <= 60 << 10, "\(each / 1024) KiB")
            for wire in wires { await wire.close() }
        }
    }
}
