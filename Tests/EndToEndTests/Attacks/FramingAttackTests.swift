import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 2 and 9: messages that two parsers could read
/// differently. Each is refused, the connection ends, and what was behind it
/// is never read as a request.
@Suite("Attacks on framing") struct FramingAttackTests {
    private static let length = "Content-Length"
    private static let coding = "Transfer-Encoding"

    @Test("85 ambiguous lengths and codings are refused, and nothing goes upstream", .proves("B4-9", "SE-05"))
    func framing() async throws {
        var attacks: [Attack] = []
        for (a, b) in [
            ("\(Self.length): 5", "\(Self.coding): chunked"),
            ("\(Self.coding): chunked", "\(Self.length): 5"),
            ("\(Self.length): 0", "\(Self.coding): chunked"), ("\(Self.length): 5", "\(Self.length): 5"),
            ("\(Self.length): 5", "\(Self.length): 6"), ("\(Self.length): 0", "\(Self.length): 44"),
            ("\(Self.coding): chunked", "\(Self.coding): chunked"),
            ("\(Self.coding): chunked", "\(Self.coding): identity"),
            ("\(Self.coding): identity", "\(Self.coding): chunked"),
            ("content-length: 5", "CONTENT-LENGTH: 5"), ("content-length: 5", "tRANSFER-eNCODING: chunked"),
        ] {
            attacks.append(Attack("\(a) + \(b)", fields: a + "\r\n" + b, body: "0\r\n\r\n"))
        }
        for value in [
            "+5", "-5", "-0", "0x5", "5,5", "5, 5", "5 5", "5.0", "5e0", "5;", "0b1", "'5'", "\"5\"", "five",
            "",
            "5\u{B}", "18446744073709551616", "99999999999999999999", "9223372036854775808", "1_000", "²",
            "٥", "5\u{0}", "5\r", "NaN",
        ] {
            attacks.append(
                Attack("length \(value.debugDescription)", fields: "\(Self.length): \(value)", body: "hello"))
        }
        for value in [
            "chunked, chunked", "chunked, identity", "identity, chunked", "identity", "gzip, chunked",
            "chunked, gzip", "gzip", "deflate", "xchunked", "chunkedx", "chunke", "chunked;q=1", "chunked;",
            ",chunked", "chunked,", "\"chunked\"", "'chunked'", "chunked\u{B}", "\u{B}chunked", "chun ked",
            "chunked\u{0}", "ch\u{75}nked\r", "trailers", "", "cow", "chunked\u{2003}", "сhunked", "0", "*",
        ] {
            attacks.append(
                Attack(
                    "coding \(value.debugDescription)", fields: "\(Self.coding): \(value)",
                    body: "0\r\n\r\n"))
        }
        for line in [
            "\(Self.length) : 5", "\(Self.length)\t: 5", "\(Self.coding) : chunked",
            "\(Self.coding)\u{B}: chunked",
            " \(Self.length): 5", "\t\(Self.coding): chunked", "X: a\r\n \(Self.coding): chunked",
            "X: a\r\n\t\(Self.length): 5", "Content_Length: 5", "transfer_encoding: chunked",
            "\(Self.length)\u{0}: 5", "\(Self.coding)\u{7F}: chunked", "\(Self.coding): chunked\nX: y",
            "X: y\n\(Self.coding): chunked", "X: y\r\(Self.coding): chunked", "\(Self.length): 5\nX: y",
            "\(Self.coding)", ": 5", "\u{FEFF}\(Self.length): 5", "X: y\u{0}\(Self.length): 5",
        ] {
            attacks.append(Attack("line \(line.debugDescription)", fields: line, body: "hello"))
        }
        #expect(attacks.count == 85)
        let all = attacks
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.refuses(all).print("9 lengths and codings")
        }
    }

    @Test("33 broken chunks and trailers are refused, and nothing goes upstream", .proves("B4-9"))
    func chunks() async throws {
        let sizes = [
            "10000000000000005", "FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFF", "00000000000000005", "-2", "+2",
            "0x2",
            " 2", "2 ", "2\t", "g", "", "2.0", "２", ";a=b", "\"2\"", "2,2",
        ]
        var attacks = sizes.map { Attack("size \($0.debugDescription)", chunks: "\($0)\r\n{}\r\n0\r\n\r\n") }
        attacks += [
            "2\n{}\r\n0\r\n\r\n", "2\r{}\r\n0\r\n\r\n", "2\r\n{}0\r\n\r\n", "2\r\n{}\n0\r\n\r\n",
            "2\r\n{}\rX0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "2;a\nb\r\n{}\r\n0\r\n\r\n",
            "2;a\u{0}\r\n{}\r\n0\r\n\r\n", "2\r\n{}\r\n0\r\n\n", "2\r\n{}\r\n0\r\n\rX",
            "2;" + String(repeating: "x", count: 1 << 20) + "\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n", "2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n",
            "2\r\n{}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\n{}\r\n0\r\nHost: evil\r\n\r\n",
            "2\r\n{}\r\n0\r\nx_y: z\r\n\r\n",
        ].map { Attack("chunk \($0.prefix(40).debugDescription)", chunks: $0) }
        #expect(attacks.count == 33)
        let all = attacks
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.refuses(all).print("9 chunks")
        }
    }

    @Test(
        "48 broken heads are refused with their status, and nothing goes upstream", .proves("B4-9", "SE-05"))
    func heads() async throws {
        func line(_ text: String, _ status: Int = 400, _ code: String = "bad-request") -> Attack {
            Attack(text.debugDescription, text + "\r\nHost: x\r\n\r\n", status, code)
        }
        let kilobyte = String(repeating: "a", count: 1024)
        var attacks = [
            line("GET /v1/models"), line("GET  /v1/models HTTP/1.1"), line("GET /v1/models  HTTP/1.1"),
            line("GET /v1/models HTTP/1.1 "), line("GET\t/v1/models HTTP/1.1"),
            line(" GET /v1/models HTTP/1.1"),
            line("GET /v1/models RTSP/1.0"), line("GET /v1/models ICY/1.1"), line("GET /v1/models http/1.1"),
            line("GET /v1/models HTTP/1,1"), line("GET /v1/models HTTP/11"), line("GET /v1/models HTTP/1.10"),
            line("GET /v1/models HTTP/0.9", 505, "version-not-supported"),
            line("GET /v1/models HTTP/1.2", 505, "version-not-supported"),
            line("GET /v1/models HTTP/2.0", 505, "version-not-supported"),
            line("GET /v1/models HTTP/3.0", 505, "version-not-supported"), line("get /v1/models HTTP/1.1"),
            line("Get /v1/models HTTP/1.1"), line("G\u{0}T /v1/models HTTP/1.1"),
            line("GÉT /v1/models HTTP/1.1"),
            line("GET:/v1/models HTTP/1.1"), line("GET /v1/mod\u{7F}els HTTP/1.1"),
            line("GET /v1/mod\rels HTTP/1.1"), line("GET /v1/mod\tels HTTP/1.1"),
            line("\r\nGET /v1/models HTTP/1.1"),
            line("GET /v1/models?a\u{0}b HTTP/1.1"), line("GET /v1/models?é HTTP/1.1"),
            line("GET /v1/models#a HTTP/1.1"), line("GET v1/models HTTP/1.1"), line("GET ?a=b HTTP/1.1"),
            Attack(
                "a request line of 1 MiB", "GET /" + String(repeating: kilobyte, count: 1024), 431,
                "head-too-large"),
            Attack("a greeting of TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00], 400, "bad-request"),
            Attack("line feeds only", "GET /v1/models HTTP/1.1\nHost: x\n\n", 400, "bad-request"),
        ]
        for host in [
            "Host: x\r\nHost: y", "Host: a b", "Host: u@x", "Host: x/y", "Host:", "Host: x,y", "Hos: x",
        ] {
            attacks.append(Attack(host, "GET /v1/models HTTP/1.1\r\n\(host)\r\n\r\n", 400, "bad-request"))
        }
        attacks += [
            Attack(
                "bytes that are not UTF-8",
                Array("GET /v1/models HTTP/1.1\r\nHost: x\r\nX: ".utf8) + [0xFF, 0xFE]
                    + Array("\r\n\r\n".utf8), 400, "bad-request"),
            Attack(
                "an overlong NUL",
                Array("GET /v1/models HTTP/1.1\r\nHost: x\r\nX: ".utf8) + [0xC0, 0x80]
                    + Array("\r\n\r\n".utf8), 400, "bad-request"),
            Attack("letters beyond ASCII", fields: "X: é"), Attack("a name with a blank", fields: "X Y: z"),
            Attack("a name with a line", fields: "x_client_api_key: y"),
            Attack("a bell", fields: "X: a\u{7}b"),
            Attack(
                "101 fields", fields: (0..<101).map { "X-\($0): y" }.joined(separator: "\r\n"), 431,
                "head-too-large"),
            Attack(
                "a head of 40 KiB",
                fields: (0..<20).map { "X-\($0): \(kilobyte)\(kilobyte)" }.joined(separator: "\r\n"),
                431, "head-too-large"),
        ]
        #expect(attacks.count == 48)
        let all = attacks
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.refuses(all).print("9 heads")
        }
    }

    @Test("101 requests sent at once are 101 requests, answered in their order", .proves("B4-9"))
    func pipelined() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.path("/models"), (0..<101).map { .json(["n": JSON($0)]) })
            let caller = daemon.caller
            let wire = try await caller.wire()
            let head = caller.head("GET", "/v1/models", length: nil)
            try await wire.send(Array(repeatElement(head, count: 101).joined()))
            for n in 0..<101 { #expect(try await wire.reply().json?["n"]?.integer == Int64(n)) }
            await wire.close()
            #expect(daemon.relayed.count == 101)
        }
    }

    @Test(
        "24 tunnels, upgrades and protocols are refused, closed, and nothing goes upstream", .proves("B4-2"))
    func upgrades() async throws {
        let rest = " HTTP/1.1\r\nHost: x\r\n\r\n"
        var attacks = [
            "CONNECT api.openai.com:443", "CONNECT /v1/models", "TRACE /v1/models", "TRACK /v1/models",
            "DEBUG /",
            "PROPFIND /v1/models", "MOVE /v1/models", "LOCK /v1/models", "QUERY /v1/models",
            "PURGE /v1/models",
            "M-SEARCH *",
        ].map { Attack($0, $0 + rest, 405, "method-not-allowed") }
        attacks += [
            "Upgrade: h2c", "Upgrade: websocket", "Connection: Upgrade\r\nUpgrade: websocket",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Connection: Upgrade", "Connection: close, upgrade",
            "Upgrade: TLS/1.2", "Upgrade: foo",
        ].map { Attack($0, fields: $0 + "\r\nContent-Length: 0") }
        attacks += [
            Attack("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version-not-supported"),
            Attack(
                "an unknown expectation", fields: "Expect: 200-ok\r\nContent-Length: 2", body: "{}", 417,
                "expectation-failed"),
            Attack(
                "two expectations",
                fields: "Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 2",
                body: "{}", 417, "expectation-failed"),
            Attack("the whole server", "OPTIONS *" + rest, 400, "bad-request"),
        ]
        #expect(attacks.count == 24)
        let all = attacks
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.refuses(all).print("2")
        }
    }
}
