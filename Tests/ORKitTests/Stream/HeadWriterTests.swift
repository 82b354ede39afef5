import Testing

@testable import ORKit

@Suite("Head writer")
struct HeadWriterTests {
    private let secret = Secret("sk-or-v1-0000".utf8)

    private func request(
        _ bytes: [UInt8], framing: BodyFraming? = nil, attribution: Attribution = .none, room: Int? = nil
    ) -> String {
        var parser = HeadParser()
        guard case .complete = bytes.withUnsafeBytes({ parser.parse($0) }) else { return "not complete" }
        let path = [UInt8]("/api/v1/x")
        let host = [UInt8]("openrouter.ai")
        let bound = HeadWriter.requestBound(source: bytes.count, path: path.count, secret: secret.count)
        var out = [UInt8](repeating: 0x23, count: room ?? bound)
        let read = parser.head
        let count = out.withUnsafeMutableBytes { out in
            bytes.withUnsafeBytes { source in
                HeadWriter.writeRequest(
                    read, source: source, path: path, query: read.query.map { source.part($0) },
                    host: host, secret: secret, framing: framing ?? read.framing,
                    attribution: attribution, into: out)
            }
        }
        return Array(out[..<count]).text
    }

    private func response(
        _ bytes: [UInt8], framing: BodyFraming, minor: UInt8 = 1, extra: String = "", keepAlive: Bool = true,
        method: RequestMethod = .post
    ) -> String {
        var parser = ResponseHeadParser()
        guard case .complete = bytes.withUnsafeBytes({ parser.parse($0, answering: method) }) else {
            return "not complete"
        }
        let extra = [UInt8](extra)
        var out = [UInt8](
            repeating: 0x23, count: HeadWriter.responseBound(source: bytes.count, ours: extra.count))
        let read = parser.head
        let count = out.withUnsafeMutableBytes { out in
            bytes.withUnsafeBytes { source in
                HeadWriter.writeResponse(
                    read, source: source, framing: framing, minorVersion: minor,
                    requestID: RequestID(raw: 31), keepAlive: keepAlive, into: out
                ) { $0.put(extra) }
            }
        }
        return Array(out[..<count]).text
    }

    @Test("a request is written anew with the pool's key and without the caller's [PX-10]")
    func request() {
        let bytes = head(
            "POST /v1/x?a=1 HTTP/1.1", "Host: evil", "Authorization: Bearer gw_live_1",
            "x-api-key: gw_live_1",
            "X-Client-API-Key: gw_live_1", "Cookie: s=1", "Accept-Encoding: gzip", "X-Forwarded-For: 1.2.3.4",
            "OpenAI-Beta:  assistants=v2 ", "Content-Length: 3", "Expect: 100-continue")
        #expect(
            request(bytes)
                == """
                POST /api/v1/x?a=1 HTTP/1.1\r
                Host: openrouter.ai\r
                Authorization: Bearer sk-or-v1-0000\r
                Accept-Encoding: identity\r
                OpenAI-Beta: assistants=v2\r
                Content-Length: 3\r
                \r

                """)
    }

    @Test("what it writes, it reads back without complaint")
    func readsBack() {
        let bytes = head("PUT /v1/x HTTP/1.1", "Host: a", "X-A: b", "Transfer-Encoding: chunked")
        #expect(refusal(of: [UInt8](request(bytes))) == nil)
    }

    @Test("each line that goes on is written once and in its place, whatever its neighbours are")
    func neighbours() {
        // As it would be written, with other blanks, and one that stays behind.
        let forms: [(sent: (Int) -> String, written: (Int) -> String)] = [
            ({ "X-\($0): v\($0)\r\n" }, { "X-\($0): v\($0)\r\n" }),
            ({ "X-\($0):   v\($0) \r\n" }, { "X-\($0): v\($0)\r\n" }),
            ({ "Cookie: c\($0)\r\n" }, { _ in "" }),
        ]
        for course in 0..<243 {
            let chosen = (0..<5).map { place in forms[course / [1, 3, 9, 27, 81][place] % 3] }
            let sent = chosen.enumerated().map { $1.sent($0) }.joined()
            let wanted = chosen.enumerated().map { $1.written($0) }.joined()
            let written = request([UInt8]("GET /v1/x HTTP/1.1\r\nHost: a\r\n\(sent)\r\n"))
            #expect(written.hasSuffix("Accept-Encoding: identity\r\n\(wanted)\r\n"), "\(sent)")
        }
    }

    @Test("framing follows the body that will be sent")
    func requestFraming() {
        let post = head("POST /v1/x HTTP/1.1", "Host: a")
        #expect(request(post).contains("Content-Length: 0\r\n"))
        #expect(request(post, framing: .chunked).contains("Transfer-Encoding: chunked\r\n"))
        #expect(request(post, framing: .length(42)).contains("Content-Length: 42\r\n"))
        #expect(!request(head("GET /v1/x HTTP/1.1", "Host: a")).contains("Content-Length"))
    }

    @Test("fields that Connection names stay behind")
    func connectionNamed() {
        let written = request(
            head("GET /v1/x HTTP/1.1", "Host: a", "Connection: x-secret", "X-Secret: 1", "X-Open: 2"))
        #expect(!written.contains("X-Secret"))
        #expect(!written.contains("Connection"))
        #expect(written.contains("X-Open: 2\r\n"))
    }

    @Test("attribution is added only where the caller sent none")
    func attribution() throws {
        let ours = try #require(Attribution(referer: "https://ork", title: "ork"))
        let none = request(head("GET /v1/x HTTP/1.1", "Host: a"), attribution: ours)
        #expect(none.contains("HTTP-Referer: https://ork\r\nX-Title: ork\r\n"))
        let own = request(
            head("GET /v1/x HTTP/1.1", "Host: a", "X-OpenRouter-Title: mine"), attribution: ours)
        #expect(own.contains("HTTP-Referer: https://ork\r\n"))
        #expect(!own.contains("X-Title: ork"))
        let referer = request(head("GET /v1/x HTTP/1.1", "Host: a", "http-referer: me"), attribution: ours)
        #expect(referer.contains("http-referer: me\r\n"))
        #expect(!referer.contains("https://ork"))
        #expect(referer.contains("X-Title: ork\r\n"))
    }

    @Test("attribution cannot smuggle a line")
    func soundAttribution() {
        #expect(Attribution(referer: "a\r\nX: y", title: nil) == nil)
        #expect(Attribution(referer: nil, title: "caf\u{e9}") == nil)
        #expect(Attribution(referer: String(repeating: "a", count: 481), title: nil) == nil)
    }

    @Test("the bound holds for the worst head, and too little room writes nothing")
    func bounds() {
        let lines = (0..<98).map { _ in "a:" }.joined(separator: "\r\n")
        let bytes = [UInt8]("POST /v1/x HTTP/1.1\r\nHost:a\r\n\(lines)\r\n\r\n")
        let attribution = Attribution(
            referer: String(repeating: "r", count: 480), title: String(repeating: "t", count: 480))
        #expect(
            request(bytes, framing: .length(.max), attribution: attribution ?? .none).hasSuffix("\r\n\r\n"))
        #expect(request(bytes, room: 40) == "")
        #expect(request(bytes, room: 0) == "")
    }

    @Test("an answer keeps its end-to-end fields and loses the deny list")
    func answer() {
        let bytes = head(
            "HTTP/1.1 429 Whatever They Say", "Date: x", "Server: cloudflare", "Set-Cookie: a=b", "CF-Ray: 1",
            "X-RateLimit-Reset: 1", "Content-Type: application/json", "Content-Length: 9",
            "Connection: keep-alive, x-hop",
            "X-Hop: 1", "Retry-After: 7", "Strict-Transport-Security: max-age=1", "X-Request-Id: up")
        #expect(
            response(bytes, framing: .length(9), extra: "X-Frame-Options: DENY\r\n")
                == """
                HTTP/1.1 429 Too Many Requests\r
                Date: x\r
                Content-Type: application/json\r
                Retry-After: 7\r
                Content-Length: 9\r
                Ork-Request: 000000000000z\r
                X-Frame-Options: DENY\r
                \r

                """)
    }

    @Test("an event stream is never buffered or cached")
    func stream() {
        let bytes = head(
            "HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Cache-Control: public",
            "X-Accel-Buffering: yes",
            "Transfer-Encoding: chunked")
        let written = response(bytes, framing: .chunked)
        #expect(written.contains("Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n"))
        #expect(!written.contains("public"))
        #expect(!written.contains("yes"))
        #expect(written.contains("Transfer-Encoding: chunked\r\n"))
    }

    @Test("the caller is told whether its connection lives")
    func connection() {
        let bytes = head("HTTP/1.1 200 OK", "Content-Length: 1")
        #expect(!response(bytes, framing: .length(1)).contains("Connection"))
        #expect(response(bytes, framing: .length(1), keepAlive: false).contains("Connection: close\r\n"))
        #expect(response(bytes, framing: .length(1), minor: 0).contains("Connection: keep-alive\r\n"))
        #expect(response(bytes, framing: .untilClose, minor: 0).contains("Connection: close\r\n"))
    }

    @Test("HEAD keeps the length of what it does not send")
    func headLength() {
        let bytes = head("HTTP/1.1 200 OK", "Content-Length: 99")
        #expect(response(bytes, framing: .none, method: .head).contains("Content-Length: 99\r\n"))
        #expect(!response(head("HTTP/1.1 204 x"), framing: .none).contains("Content-Length"))
    }

    @Test("every status has a phrase of ours")
    func phrases() {
        for status in UInt16(100)...599 { #expect(ReasonPhrase.of(status).utf8CodeUnitCount > 0) }
    }
}
