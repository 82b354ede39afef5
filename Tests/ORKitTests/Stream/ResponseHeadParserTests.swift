import Testing

@testable import ORKit

@Suite("Response heads")
struct ResponseHeadParserTests {
    private func progress(_ bytes: [UInt8], _ method: RequestMethod = .post) -> (
        ResponseProgress, ResponseHead
    ) {
        var parser = ResponseHeadParser()
        let progress = bytes.withUnsafeBytes { parser.parse($0, answering: method) }
        return (progress, parser.head)
    }

    private func complete(_ bytes: [UInt8], _ method: RequestMethod = .post) -> ResponseHead? {
        let (progress, head) = progress(bytes, method)
        guard case .complete(let length) = progress else { return nil }
        #expect(length == bytes.count)
        return head
    }

    @Test("a plain answer is read into spans")
    func plain() throws {
        let bytes = head(
            "HTTP/1.1 200 OK", "Content-Type: text/event-stream; charset=utf-8", "Transfer-Encoding: chunked")
        let read = try #require(complete(bytes))
        #expect(read.status == 200)
        #expect(read.framing == .chunked)
        #expect(read.keepAlive)
        #expect(read.format == .sse)
        #expect(bytes.text(read.fields[0].value) == "text/event-stream; charset=utf-8")
    }

    @Test("whether a body follows depends on status and method")
    func framing() {
        let length = "Content-Length: 5"
        #expect(complete(head("HTTP/1.1 200 OK", length))?.framing == .length(5))
        #expect(complete(head("HTTP/1.1 200 OK", length), .head)?.framing == BodyFraming.none)
        #expect(complete(head("HTTP/1.1 200 OK", length), .head)?.statedLength == 5)
        #expect(complete(head("HTTP/1.1 304 Not Modified", length))?.framing == BodyFraming.none)
        #expect(complete(head("HTTP/1.1 204 No Content"))?.framing == BodyFraming.none)
        #expect(complete(head("HTTP/1.1 204 No Content", length))?.keepAlive == false)
        #expect(complete(head("HTTP/1.1 200 OK"))?.framing == .untilClose)
        #expect(complete(head("HTTP/1.1 200 OK"))?.keepAlive == false)
    }

    @Test("the connection lives by version and options")
    func keepAlive() {
        let length = "Content-Length: 5"
        #expect(complete(head("HTTP/1.0 200 OK", length))?.keepAlive == false)
        #expect(complete(head("HTTP/1.0 200 OK", length, "Connection: keep-alive"))?.keepAlive == true)
        #expect(complete(head("HTTP/1.1 200 OK", length, "Connection: close"))?.keepAlive == false)
    }

    @Test("interim answers are told apart, a 101 is refused")
    func informational() {
        let early = head("HTTP/1.1 103 Early Hints", "Link: </a>")
        guard case .informational(let length) = progress(early).0 else {
            Issue.record("not informational")
            return
        }
        #expect(length == early.count)
        #expect(
            rule(head("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: h2c"))
                == "unasked-101")
        #expect(rule(head("HTTP/1.1 100 Continue", "Connection: close")) == "close-in-1xx")
        #expect(rule(head("HTTP/1.0 100 Continue")) == "close-in-1xx")
    }

    @Test(
        "what the body is follows from two fields",
        arguments: [
            (["Content-Type: application/json"], AnswerFormat.json),
            (["Content-Type: application/json; charset=utf-8"], .json),
            (["content-type: APPLICATION/JSON"], .json),
            (["Content-Type: application/problem+json"], .json),
            (["Content-Type: text/event-stream"], .sse),
            (["Content-Type: text/event-stream", "Content-Encoding: identity"], .sse),
            (["Content-Type: application/json", "Content-Encoding: gzip"], .opaque),
            (["Content-Type: text/html"], .opaque),
            (["Content-Type: application/jsonp"], .opaque),
            ([], .opaque),
        ] as [([String], AnswerFormat)])
    func formats(fields: [String], format: AnswerFormat) {
        let text = (["HTTP/1.1 200 OK", "Content-Length: 1"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        #expect(complete([UInt8](text))?.format == format)
    }

    @Test("bytes beyond ASCII may stand in a value")
    func opaqueBytes() {
        #expect(
            complete(head("HTTP/1.1 200 Ok\u{e4}", "X-Title: caf\u{e9}", "Content-Length: 0"))?.status == 200)
    }

    @Test(
        "a bad status line or framing is refused",
        arguments: [
            ("bad-status-line", "HTTP/1.1 200\r\n\r\n"),
            ("bad-status-line", "HTTP/1.1  200 OK\r\n\r\n"),
            ("bad-status-line", "HTTP/1.1 20 OK\r\n\r\n"),
            ("bad-status-line", "HTTP/1.1 2000 OK\r\n\r\n"),
            ("bad-status-line", "HTTP/1.2 200 OK\r\n\r\n"),
            ("bad-status-line", "HTTP/1.1 2x0 OK\r\n\r\n"),
            ("not-http", "HTTP/2 200 OK"),
            ("not-http", "<html>"),
            ("not-http", "ICY 200 OK"),
            ("bad-status", "HTTP/1.1 099 OK\r\n\r\n"),
            ("bad-status", "HTTP/1.1 600 OK\r\n\r\n"),
            ("bare-cr", "HTTP/1.1 200 O\rK\r\n\r\n"),
            ("bare-lf", "HTTP/1.1 200 OK\n\n"),
            ("bare-lf", "HTTP/1.1 200 OK\r\nA: b\n\r\n"),
            ("nul-byte", "HTTP/1.1 200 OK\r\nA: b\u{0}\r\n\r\n"),
            ("folded-line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"),
            ("space-before-colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n"),
            (
                "length-and-transfer-encoding",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
            ),
            ("two-content-lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"),
            ("bad-content-length", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n"),
            ("unknown-transfer-encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"),
            ("transfer-encoding-in-1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ])
    func refused(rule expected: String, text: String) {
        #expect(rule([UInt8](text)) == expected)
    }

    @Test("every split position reads the same head, in one parser used again")
    func splits() throws {
        let bytes = head(
            "HTTP/1.1 502 Bad Gateway", "Retry-After: 7", "Content-Length: 12", "Connection: x-a")
        var parser = ResponseHeadParser()
        for split in 0..<bytes.count {
            parser.reset()
            guard
                case .incomplete = Array(bytes[..<split]).withUnsafeBytes({
                    parser.parse($0, answering: .get)
                }),
                case .complete(let length) = bytes.withUnsafeBytes({ parser.parse($0, answering: .get) })
            else {
                Issue.record("split \(split)")
                continue
            }
            #expect(length == bytes.count)
            #expect(parser.head.status == 502)
            #expect(parser.head.framing == .length(12))
            #expect(parser.head.connectionNamed.map { bytes.text($0) } == ["x-a"])
            #expect(parser.head.first(.retryAfter).map { bytes.text($0.value) } == "7")
        }
    }

    private func rule(_ bytes: [UInt8]) -> String? {
        guard case .refused(let refusal) = progress(bytes).0 else { return nil }
        #expect(refusal.code == .upstreamProtocol)
        return refusal.rule.description
    }
}
