import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 1 and 6 to 8: where pool keys travel is decided
/// by the configuration alone. Whoever else listens must see no connection.
@Suite("Attacks on the destination") struct DestinationAttackTests {
    /// A daemon, and somebody who would like its keys.
    private func withThief(
        _ options: DaemonOptions = DaemonOptions(),
        _ body: (DaemonFixture, MockOpenRouter) async throws -> Void
    ) async throws {
        try await MockOpenRouter.run { (thief: MockOpenRouter) async throws in
            thief.accept(prefix: "sk-")
            var options = options
            options.environment = options.environment.mapValues { $0.replacing("THIEF", with: thief.origin) }
            try await withDaemon(options) { (daemon: DaemonFixture) async throws in
                try await body(daemon, thief)
            }
            #expect(thief.connections == 0)
        }
    }

    @Test("32 fields of body and head that name a host leave the destination as it is", .proves("B4-1"))
    func named() async throws {
        try await withThief { (daemon: DaemonFixture, thief: MockOpenRouter) async throws in
            let host = "127.0.0.1:\(thief.port)"
            var variants = 0
            for name in [
                "api_base", "base_url", "api_host", "custom_host", "endpoint", "proxy", "url", "target",
                "api_url", "host",
            ] {
                let members: [JSON.Member] = [
                    .init("model", "v/m"), .init("messages", []), .init(name, .string(thief.origin)),
                ]
                #expect(
                    try await daemon.caller.post("/v1/chat/completions", .object(members)).status == 200,
                    "\(name)")
                variants += 1
            }
            for (name, value) in [
                ("x-portkey-custom-host", thief.origin),
                ("x-portkey-config", #"{"custom_host":"\#(thief.origin)"}"#),
                ("Helicone-Target-URL", thief.origin), ("Helicone-OpenAI-API-Base", thief.origin),
                ("X-Forwarded-Host", host), ("X-Forwarded-Server", host), ("X-Forwarded-Proto", "gopher"),
                ("X-Forwarded-Port", "\(thief.port)"), ("Forwarded", "host=\(host)"), ("X-Host", host),
                ("X-Original-Host", host), ("X-Original-URL", "/api/v1/keys"),
                ("X-Rewrite-URL", "/api/v1/keys"),
                ("X-HTTP-Method-Override", "DELETE"), ("X-Upstream", host), ("X-Base-URL", thief.origin),
                ("Host", host),
                ("Host", "evil.example"), ("Destination", thief.origin), ("Location", thief.origin),
            ] {
                let reply = try await daemon.caller.post(
                    "/v1/chat/completions", Caller.chatBody(), headers: [(name, value)])
                #expect(reply.status == 200, "\(name)")
                variants += 1
            }
            for request in daemon.relayed {
                #expect(request.value("host") == "127.0.0.1:\(daemon.mock.port)")
                #expect(request.method == "POST" && request.path == "/api/v1/chat/completions")
            }
            #expect(daemon.relayed.count == 30)
            // A target that names a host is not even read.
            let absolute = [thief.origin + "/v1/models", "//\(host)/v1/models"]
            for target in absolute {
                let reply = try await daemon.caller.get(target)
                #expect([400, 404].contains(reply.status), "\(target): \(reply.text)")
                variants += 1
            }
            #expect(daemon.relayed.count == 30 && variants == 32)
            print("B4-1: \(variants) variants")
        }
    }

    @Test("40 redirects: 502, once, and nobody goes there", .proves("B4-6"))
    func redirects() async throws {
        var options = DaemonOptions()
        options.set("pool", "attempts = 1")
        try await withThief(options) { (daemon: DaemonFixture, thief: MockOpenRouter) async throws in
            var tally = Tally()
            for status in [301, 302, 303, 307, 308] {
                for place in [
                    thief.origin + "/api/v1/chat/completions", "http://localhost:\(thief.port)/",
                    "https://127.0.0.1:\(thief.port)/", "//127.0.0.1:\(thief.port)/x", "file:///etc/passwd",
                    "gopher://127.0.0.1:\(thief.port)/", daemon.mock.origin + "/api/v1/keys", "/api/v1/keys",
                ] {
                    daemon.mock.script(.everything, .redirect(to: place, status: status))
                    let reply = try await daemon.caller.chat()
                    #expect(
                        reply.status == 502 && reply.errorCode == "upstream-redirect", "\(status) \(place)")
                    #expect(reply.value("location") == nil && !reply.text.contains(":\(thief.port)"))
                    tally.add(reply)
                    // After ten failures in a row nobody would be asked at all.
                    #expect(try await daemon.caller.chat().status == 200)
                }
            }
            #expect(tally.total == 40)
            #expect(
                daemon.mock.requests.map(\.path) == Array(repeating: "/api/v1/chat/completions", count: 80))
            tally.print("6")
        }
    }

    @Test("8 names that lead into the own machine are connected to and told nothing", .proves("B4-7"))
    func rebinding() async throws {
        var options = DaemonOptions()
        options.mock.keepRaw = true
        options.set("pool", "attempts = 1")
        try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            let names = [
                "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0x7f.1", "017700000001", "127.0.1",
            ]
            for name in names {
                var other = options
                other.set("upstream", "base_url = \"http://\(name):\(daemon.mock.port)/api/v1\"")
                try daemon.writeConfiguration(other)
                try await daemon.restart()
                if tally.total == 0 { try await daemon.provision() }
                let reply = try await daemon.caller.chat()
                #expect(
                    reply.status == 502 && reply.errorCode == "upstream-address-refused",
                    "\(name): \(reply.text)")
                tally.add(reply)
            }
            #expect(daemon.mock.requests.isEmpty)
            for number in 0...daemon.mock.connections {
                #expect(daemon.mock.rawBytes(connection: number).isEmpty, "a byte was sent")
            }
            tally.print("7")
        }
    }

    @Test("12 proxy variables of the environment reroute nothing", .proves("B4-8"))
    func environment() async throws {
        var options = DaemonOptions()
        let names = [
            "http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
            "FTP_PROXY",
            "socks_proxy", "SOCKS_PROXY", "CGI_HTTP_PROXY", "OPENROUTER_PROXY",
        ]
        for name in names { options.environment[name] = "THIEF" }
        try await withThief(options) { (daemon: DaemonFixture, _: MockOpenRouter) async throws in
            for _ in 0..<5 { #expect(try await daemon.caller.chat().status == 200) }
            #expect(try await daemon.orkctl("status").status == 0)
            #expect(daemon.relayed.count == 5)
            print("B4-8: \(names.count) variants")
        }
    }
}
