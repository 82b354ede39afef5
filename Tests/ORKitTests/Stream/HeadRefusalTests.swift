import Testing

@testable import ORKit

/// One message that must be refused, and why.
struct Refused: CustomTestStringConvertible, Sendable {
    let rule: String
    let status: Int
    let bytes: [UInt8]

    init(_ rule: String, _ text: String, status: Int = 400) {
        self.rule = rule
        self.status = status
        bytes = Array(text.utf8)
    }

    /// Field lines under a good request line and host.
    init(_ rule: String, fields: String, status: Int = 400) {
        self.init(rule, "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n", status: status)
    }

    var testDescription: String { "\(rule): \(String(decoding: bytes, as: UTF8.self).debugDescription)" }
}

@Suite("Refused request heads")
struct HeadRefusalTests {
    @Test(
        "an ambiguous request line is refused",
        arguments: [
            Refused("empty-line-before-request", "\r\nGET / HTTP/1.1\r\n"),
            Refused("bare-lf", "GET / HTTP/1.1\nHost: a\n\n"),
            Refused("bare-lf", "\nGET / HTTP/1.1\r\n"),
            Refused("bad-method", " GET / HTTP/1.1\r\n"),
            Refused("bad-method", "\u{16}\u{3}\u{1}"),
            Refused("bad-method", "G\u{0}T / HTTP/1.1\r\n"),
            Refused("bad-method", "GET\r\n"),
            Refused("bad-method", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            Refused("lower-case-method", "get / HTTP/1.1\r\n"),
            Refused("lower-case-method", "Get / HTTP/1.1\r\n"),
            Refused("unknown-method", "TRACE / HTTP/1.1\r\n", status: 405),
            Refused("unknown-method", "CONNECT a:1 HTTP/1.1\r\n", status: 405),
            Refused("unknown-method", "PROPFIND / HTTP/1.1\r\n", status: 405),
            Refused("unknown-method", "M-SEARCH / HTTP/1.1\r\n", status: 405),
            Refused("unsupported-version", "PRI * HTTP/2.0\r\n", status: 505),
            Refused("no-version", "GET /\r\n"),
            Refused("bad-version", "GET / \r\n"),
            Refused("bad-version", "GET / HTTP/1.1 \r\n"),
            Refused("bad-version", "GET / http/1.1\r\n"),
            Refused("bad-version", "GET / HTTP/1.10\r\n"),
            Refused("bad-version", "GET / HTTP/1\r\n"),
            Refused("bad-version", "GET / RTSP/1.0\r\n"),
            Refused("bad-version", "GET /a b HTTP/1.1\r\n"),
            Refused("unsupported-version", "GET / HTTP/1.2\r\n", status: 505),
            Refused("unsupported-version", "GET / HTTP/0.9\r\n", status: 505),
            Refused("unsupported-version", "GET / HTTP/2.0\r\n", status: 505),
            Refused("target-not-origin-form", "GET x HTTP/1.1\r\n"),
            Refused("bad-version", "GET  / HTTP/1.1\r\n"),
            Refused("target-not-origin-form", "GET http://evil/ HTTP/1.1\r\n"),
            Refused("target-not-origin-form", "OPTIONS * HTTP/1.1\r\n"),
            Refused("fragment-in-target", "GET /a#b HTTP/1.1\r\n"),
            Refused("non-ascii-target", "GET /ä HTTP/1.1\r\n"),
            Refused("control-byte-in-target", "GET /a\tb HTTP/1.1\r\n"),
            Refused("control-byte-in-target", "GET /a\u{0}b HTTP/1.1\r\n"),
            Refused("control-byte-in-target", "GET /a\rb HTTP/1.1\r\n"),
            Refused("control-byte-in-target", "GET /a\u{7F}b HTTP/1.1\r\n"),
        ])
    func requestLine(sample: Refused) {
        expectRefused(sample)
    }

    @Test(
        "an ambiguous field line is refused",
        arguments: [
            Refused("folded-line", fields: "X-A: b\r\n c"),
            Refused("folded-line", fields: "\tX-A: b"),
            Refused("folded-line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
            Refused("space-before-colon", fields: "X-A : b"),
            Refused("space-before-colon", fields: "Content-Length\t: 5"),
            Refused("empty-field-name", fields: ": b"),
            Refused("field-without-colon", fields: "X-A"),
            Refused("underscore-in-field-name", fields: "Content_Length: 5"),
            Refused("bad-field-name", fields: "X(A: b"),
            Refused("bad-field-name", fields: "X\u{0}A: b"),
            Refused("bad-field-name", fields: "Xä: b"),
            Refused("bare-cr", fields: "X\rA: b"),
            Refused("bare-cr", fields: "X-A: b\rc"),
            Refused("bare-cr", fields: "X-A: b\r\r"),
            Refused("nul-byte", fields: "X-A: b\u{0}c"),
            Refused("control-byte", fields: "X-A: b\u{1B}c"),
            Refused("control-byte", fields: "X-A: b\u{7F}c"),
            Refused("non-ascii-byte", fields: "X-A: bäc"),
            Refused("bare-lf", fields: "X-A: b\nX-C: d"),
        ])
    func fieldLine(sample: Refused) {
        expectRefused(sample)
    }

    @Test(
        "ambiguous framing is refused",
        arguments: [
            Refused(
                "length-and-transfer-encoding", fields: "Content-Length: 5\r\nTransfer-Encoding: chunked"),
            Refused(
                "length-and-transfer-encoding", fields: "Transfer-Encoding: chunked\r\nContent-Length: 0"),
            Refused("two-content-lengths", fields: "Content-Length: 5\r\nContent-Length: 5"),
            Refused("two-content-lengths", fields: "Content-Length: 5\r\nContent-Length: 6"),
            Refused(
                "two-transfer-encodings", fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
            Refused("bad-content-length", fields: "Content-Length: +5"),
            Refused("bad-content-length", fields: "Content-Length: -0"),
            Refused("bad-content-length", fields: "Content-Length: 0x5"),
            Refused("bad-content-length", fields: "Content-Length: 5,5"),
            Refused("bad-content-length", fields: "Content-Length: 5 5"),
            Refused("bad-content-length", fields: "Content-Length:"),
            Refused("bad-content-length", fields: "Content-Length: 5\t"),
            Refused("bad-content-length", fields: "Content-Length: 5 \t "),
            Refused("bad-content-length", fields: "Content-Length: 1234567890123456789"),
            Refused("bad-content-length", fields: "Content-Length: 99999999999999999999"),
            Refused("unknown-transfer-encoding", fields: "Transfer-Encoding: gzip, chunked"),
            Refused("unknown-transfer-encoding", fields: "Transfer-Encoding: identity"),
            Refused("unknown-transfer-encoding", fields: "Transfer-Encoding: xchunked"),
            Refused("unknown-transfer-encoding", fields: "Transfer-Encoding: chunked;q=1"),
            Refused("unknown-transfer-encoding", fields: "Transfer-Encoding:"),
            Refused("unknown-transfer-encoding", fields: "Transfer-Encoding: chunked\t"),
            Refused("transfer-encoding-in-1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ])
    func framing(sample: Refused) {
        expectRefused(sample)
    }

    @Test(
        "hosts, upgrades, expectations and hop-by-hop tricks are refused",
        arguments: [
            Refused("no-host", "GET / HTTP/1.1\r\n\r\n"),
            Refused("two-hosts", fields: "Host: a"),
            Refused("two-hosts", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
            Refused("empty-host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
            Refused("bad-host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
            Refused("bad-host", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"),
            Refused("bad-host", "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"),
            Refused("bad-host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
            Refused("upgrade", fields: "Upgrade: websocket"),
            Refused("upgrade", fields: "Upgrade: h2c"),
            Refused("upgrade", fields: "HTTP2-Settings: AAMAAABkAAQAAP__"),
            Refused("upgrade", fields: "Connection: keep-alive, Upgrade"),
            Refused("unknown-expectation", fields: "Expect: 200-ok", status: 417),
            Refused("unknown-expectation", fields: "Expect: 100-continue, x", status: 417),
            Refused(
                "unknown-expectation", fields: "Expect: 100-continue\r\nExpect: 100-continue", status: 417),
            Refused("connection-names-protected-field", fields: "Connection: authorization"),
            Refused("connection-names-protected-field", fields: "Connection: Transfer-Encoding"),
            Refused("connection-names-protected-field", fields: "Connection: close, content-length"),
            Refused("connection-names-protected-field", fields: "Connection: host"),
            Refused("connection-names-protected-field", fields: "Connection: X-Api-Key"),
            Refused("connection-names-protected-field", fields: "Connection: x-client-api-key"),
            Refused("connection-names-protected-field", fields: "Connection: cookie"),
            Refused("bad-connection-option", fields: "Connection: a b"),
        ])
    func others(sample: Refused) {
        expectRefused(sample)
    }

    @Test("a refusal is the same at every split position and stays")
    func splits() {
        let bytes = [UInt8]("POST / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n")
        for split in 1..<bytes.count {
            var parser = HeadParser()
            _ = Array(bytes[..<split]).withUnsafeBytes { parser.parse($0) }
            for _ in 0..<2 {
                guard case .refused(let refusal) = bytes.withUnsafeBytes({ parser.parse($0) }) else {
                    Issue.record("not refused at \(split)")
                    return
                }
                #expect(refusal.rule.description == "folded-line")
            }
        }
    }

    @Test("a line, a head and a number of fields have their limits")
    func limits() {
        let limits = HeadLimits(line: 100, block: 300, fields: 3)
        let long = String(repeating: "a", count: 101)
        expectRefused(Refused("line-too-long", "GET /\(long) HTTP/1.1\r\n", status: 431), limits)
        expectRefused(Refused("line-too-long", "GET /\(long)", status: 431), limits)
        expectRefused(Refused("line-too-long", fields: "X-A: \(long)", status: 431), limits)
        let line = "X-A: \(String(repeating: "b", count: 80))\r\n"
        expectRefused(
            Refused("head-too-long", "GET / HTTP/1.1\r\n\(line)\(line)\(line)\(line)", status: 431), limits)
        expectRefused(Refused("too-many-fields", fields: "A: b\r\nC: d\r\nE: f", status: 431), limits)
        #expect(
            refusal(of: [UInt8]("GET / HTTP/1.1\r\nHost: a\r\nB: c\r\nD: e\r\n\r\n"), limits: limits) == nil)
    }

    @Test("a line of exactly the limit passes")
    func exactLimit() {
        let limits = HeadLimits(line: 64, block: 300, fields: 3)
        let target = String(repeating: "a", count: 64 - "GET / HTTP/1.1".count)
        #expect(refusal(of: head("GET /\(target) HTTP/1.1", "Host: a"), limits: limits) == nil)
        #expect(refusal(of: head("GET /\(target)a HTTP/1.1", "Host: a"), limits: limits) != nil)
    }

    private func expectRefused(_ sample: Refused, _ limits: HeadLimits = HeadLimits()) {
        let refusal = refusal(of: sample.bytes, limits: limits)
        #expect(refusal?.rule.description == sample.rule)
        #expect(refusal?.status == sample.status)
    }
}
