import Testing

@testable import ORKit

@Suite("Request heads")
struct HeadParserTests {
    private func parse(_ bytes: [UInt8]) throws -> RequestHead {
        var parser = HeadParser()
        let progress = bytes.withUnsafeBytes { parser.parse($0) }
        guard case .complete(let length) = progress else {
            throw Unexpected(what: "\(progress)")
        }
        #expect(length == bytes.count)
        return parser.head
    }

    private struct Unexpected: Error { let what: String }

    @Test("a plain request is read into spans")
    func plain() throws {
        let bytes = head(
            "POST /v1/chat/completions?a=1&a=2 HTTP/1.1", "Host: localhost:8080", "X-Foo:  bar \t", "Empty:",
            "Content-Length: 17")
        let read = try parse(bytes)
        #expect(read.method == .post)
        #expect(bytes.text(read.target) == "/v1/chat/completions?a=1&a=2")
        #expect(bytes.text(read.path) == "/v1/chat/completions")
        #expect(bytes.text(read.query) == "a=1&a=2")
        #expect(bytes.text(read.host) == "localhost:8080")
        #expect(read.minorVersion == 1)
        #expect(read.framing == .length(17))
        #expect(read.keepAlive)
        #expect(read.fields.map { bytes.text($0.name) } == ["Host", "X-Foo", "Empty", "Content-Length"])
        #expect(read.fields.map { bytes.text($0.value) } == ["localhost:8080", "bar", "", "17"])
        #expect(read.first(.host)?.kind == .host)
        #expect(read.first(.cookie) == nil)
        #expect(read.count(of: .contentLength) == 1)
    }

    @Test("every method we accept is recognised", arguments: RequestMethod.allCases)
    func methods(method: RequestMethod) throws {
        #expect(try parse(head("\(method.name) / HTTP/1.1", "Host: a")).method == method)
    }

    @Test("an empty query differs from none")
    func queries() throws {
        #expect(try parse(head("GET /a? HTTP/1.1", "Host: a")).query != nil)
        #expect(try parse(head("GET /a HTTP/1.1", "Host: a")).query == nil)
    }

    @Test("the connection lives by version and options")
    func keepAlive() throws {
        #expect(try parse(head("GET / HTTP/1.1", "Host: a", "Connection: close")).keepAlive == false)
        #expect(
            try parse(head("GET / HTTP/1.1", "Host: a", "Connection: Keep-Alive, Close")).keepAlive == false)
        #expect(try parse(head("GET / HTTP/1.0")).keepAlive == false)
        #expect(try parse(head("GET / HTTP/1.0", "Connection: keep-alive")).keepAlive)
    }

    @Test("fields that Connection names are known")
    func connectionNamed() throws {
        let bytes = head(
            "GET / HTTP/1.1", "Host: a", "Connection: keep-alive, X-One ,, te", "Connection: x-two")
        #expect(try parse(bytes).connectionNamed.map { bytes.text($0) } == ["X-One", "te", "x-two"])
    }

    @Test("a body may come with any method", arguments: ["GET", "HEAD", "DELETE", "OPTIONS", "POST"])
    func bodies(method: String) throws {
        #expect(try parse(head("\(method) / HTTP/1.1", "Host: a", "Content-Length: 3")).framing == .length(3))
        #expect(
            try parse(head("\(method) / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")).framing
                == .chunked)
        #expect(try parse(head("\(method) / HTTP/1.1", "Host: a")).framing == .none)
    }

    @Test("the longest length has 18 digits")
    func longestLength() throws {
        let read = try parse(head("GET / HTTP/1.1", "Host: a", "Content-Length: 999999999999999999"))
        #expect(read.framing == .length(999_999_999_999_999_999))
    }

    @Test("100-continue is expected only by 1.1 and only with a body")
    func expectations() throws {
        let body = "Content-Length: 3"
        #expect(try parse(head("POST / HTTP/1.1", "Host: a", "Expect: 100-Continue", body)).expectsContinue)
        #expect(try parse(head("POST / HTTP/1.0", "Expect: 100-continue", body)).expectsContinue == false)
        #expect(
            try parse(head("POST / HTTP/1.1", "Host: a", "Expect: 100-continue")).expectsContinue == false)
    }

    @Test(
        "hosts with ports and addresses pass",
        arguments: ["a", "a.b-c:1", "[::1]:8080", "127.0.0.1", "under_score"])
    func hosts(host: String) throws {
        let bytes = head("GET / HTTP/1.1", "Host: \(host)")
        #expect(bytes.text(try parse(bytes).host) == host)
    }

    @Test("a tab may stand inside a value")
    func tabs() throws {
        let bytes = head("GET / HTTP/1.1", "Host: a", "X-A: b\tc")
        #expect(bytes.text(try parse(bytes).fields[1].value) == "b\tc")
    }

    @Test("bytes after the head are left alone")
    func leavesRest() {
        var parser = HeadParser()
        let one = head("GET /1 HTTP/1.1", "Host: a")
        let progress = (one + one).withUnsafeBytes { parser.parse($0) }
        guard case .complete(let length) = progress else {
            Issue.record("not complete")
            return
        }
        #expect(length == one.count)
    }

    @Test("every split position reads the same head, and no prefix is complete")
    func splits() throws {
        let bytes = head(
            "POST /v1/x?q HTTP/1.1", "Host: localhost", "Content-Length: 5", "Connection: keep-alive, x-a",
            "X-A: b")
        let whole = try parse(bytes)
        for split in 0..<bytes.count {
            var parser = HeadParser()
            guard case .incomplete = Array(bytes[..<split]).withUnsafeBytes({ parser.parse($0) }) else {
                Issue.record("complete or refused at \(split)")
                continue
            }
            guard case .complete = bytes.withUnsafeBytes({ parser.parse($0) }) else {
                Issue.record("not complete after \(split)")
                continue
            }
            expectSame(parser.head, whole)
        }
    }

    @Test("byte by byte reads the same head, also in a parser that is used again")
    func byteByByte() throws {
        let bytes = head("GET /a HTTP/1.1", "Host: localhost", "Connection: x-b", "X-B: c")
        let whole = try parse(bytes)
        var parser = HeadParser()
        for _ in 0..<3 {
            for count in 1..<bytes.count {
                guard case .incomplete = Array(bytes[..<count]).withUnsafeBytes({ parser.parse($0) }) else {
                    Issue.record("complete or refused at \(count)")
                    return
                }
            }
            guard case .complete = bytes.withUnsafeBytes({ parser.parse($0) }) else {
                Issue.record("not complete")
                return
            }
            expectSame(parser.head, whole)
            parser.reset()
            #expect(parser.head.fields.isEmpty)
            #expect(parser.head.first(.host) == nil)
        }
    }

    @Test("nothing of the message before is left in the next one")
    func noResidue() {
        var parser = HeadParser()
        let first = head("POST /a?b HTTP/1.1", "Host: h", "Expect: 100-continue", "Content-Length: 4")
        let second = head("GET /c HTTP/1.0")
        _ = first.withUnsafeBytes { parser.parse($0) }
        parser.reset()
        _ = second.withUnsafeBytes { parser.parse($0) }
        #expect(parser.head.query == nil)
        #expect(parser.head.host == nil)
        #expect(parser.head.framing == .none)
        #expect(!parser.head.expectsContinue)
        #expect(parser.head.fields.isEmpty)
        #expect(!parser.head.has(.host))
    }

    private func expectSame(_ a: RequestHead, _ b: RequestHead) {
        #expect(a.method == b.method)
        #expect(a.target == b.target)
        #expect(a.path == b.path)
        #expect(a.query == b.query)
        #expect(a.host == b.host)
        #expect(a.framing == b.framing)
        #expect(a.keepAlive == b.keepAlive)
        #expect(a.connectionNamed == b.connectionNamed)
        #expect(a.fields.map(\.name) == b.fields.map(\.name))
        #expect(a.fields.map(\.value) == b.fields.map(\.value))
        #expect(a.fields.map(\.kind) == b.fields.map(\.kind))
    }
}
