import Testing

@testable import ORKit

/// A parser takes over lines that the head before had. Nobody may notice.
@Suite("Heads one after the other")
struct RecentHeadTests {
    private static let requests = [
        head(
            "POST /v1/chat/completions?a=b HTTP/1.1", "Host: a", "User-Agent: OpenAI/Python 1.109.1",
            "Authorization: Bearer gw_test_0123456789", "Content-Length: 517", "Connection: x-one, keep-alive"
        ),
        head("GET /v1/models HTTP/1.0", "Connection: keep-alive", "Accept: */*"),
        head("POST /v1/embeddings HTTP/1.1", "Host: b", "Transfer-Encoding: chunked", "X-One: 1", "X-One: 1"),
    ]

    private static let responses = [
        head(
            "HTTP/1.1 200 OK", "Date: Sun, 22 Nov 2026 03:19:28 GMT", "Content-Type: application/json",
            "Content-Length: 1204", "Connection: keep-alive", "X-Generation-Id: gen-1700000000-abc"),
        head("HTTP/1.1 429 Too Many Requests", "Retry-After: 2", "Transfer-Encoding: chunked"),
        head("HTTP/1.1 100 Continue"),
    ]

    /// The same head, or one with a little change: what the next message of a
    /// connection looks like, and what it must not look like.
    private static func changed(_ head: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var lines = String(decoding: head, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        ).map { Array($0.utf8) }
        for _ in 0..<Int.random(in: 0...2, using: &dice) {
            // Neither of the two empty ones at the end.
            let at = Int.random(in: 0..<max(1, lines.count - 2), using: &dice)
            switch Int.random(in: 0..<7, using: &dice) {
            case 0: lines.remove(at: at)
            case 1: lines.insert(lines[at], at: at)
            case 2: lines.insert(Array("X-New: \(at)".utf8), at: at)
            case 3 where !lines[at].isEmpty:
                lines[at][Int.random(in: 0..<lines[at].count, using: &dice)] = UInt8.random(
                    in: 0...255, using: &dice)
            case 4: lines[at] += Array("7".utf8)
            case 5 where !lines[at].isEmpty: lines[at].removeLast()
            default: lines.swapAt(at, 0)
            }
        }
        var bytes = Array(lines.joined(separator: Array("\r\n".utf8)))
        if Int.random(in: 0..<8, using: &dice) == 0 {
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &dice))
        }
        return bytes
    }

    @Test("a request says the same after another one as on a connection of its own, in pieces too")
    func requestsAfterOthers() {
        var dice = Dice(seed: 4099)
        var taken = 0
        for _ in 0..<1000 {
            var used = HeadParser()
            var bytes = Self.requests[Int.random(in: 0..<3, using: &dice)]
            for _ in 0..<4 {
                used.reset()
                var fresh = HeadParser()
                let expected = bytes.withUnsafeBytes { fresh.parse($0) }
                let cut = Int.random(in: 0...bytes.count, using: &dice)
                if case .incomplete = bytes[..<cut].withUnsafeBytes({ used.parse($0) }) {
                    #expect("\(bytes.withUnsafeBytes { used.parse($0) })" == "\(expected)")
                }
                guard case .complete = expected else { break }
                #expect(used.head == fresh.head)
                taken += 1
                bytes = Self.changed(bytes, &dice)
            }
        }
        #expect(taken > 1500)
    }

    @Test("an answer says the same after another one as on a connection of its own, in pieces too")
    func answersAfterOthers() {
        var dice = Dice(seed: 4111)
        var taken = 0
        for _ in 0..<1000 {
            var used = ResponseHeadParser()
            var bytes = Self.responses[Int.random(in: 0..<3, using: &dice)]
            for _ in 0..<4 {
                used.reset()
                let method: RequestMethod = Bool.random(using: &dice) ? .get : .head
                var fresh = ResponseHeadParser()
                let expected = bytes.withUnsafeBytes { fresh.parse($0, answering: method) }
                let cut = Int.random(in: 0...bytes.count, using: &dice)
                if case .incomplete = bytes[..<cut].withUnsafeBytes({ used.parse($0, answering: method) }) {
                    #expect("\(bytes.withUnsafeBytes { used.parse($0, answering: method) })" == "\(expected)")
                }
                switch expected {
                case .complete, .informational: break
                case .incomplete, .refused: continue
                }
                #expect(used.head == fresh.head)
                taken += 1
                bytes = Self.changed(bytes, &dice)
            }
        }
        #expect(taken > 1500)
    }

    @Test("a message that was given up half-way leaves nothing behind")
    func unfinished() {
        let first = head("POST /v1/chat/completions HTTP/1.1", "Host: a", "Content-Length: 3")
        let half = Array("GET /v1/models?x HTTP/1.1\r\nHost: ".utf8)
        var parser = HeadParser()
        _ = first.withUnsafeBytes { parser.parse($0) }
        parser.reset()
        _ = half.withUnsafeBytes { parser.parse($0) }
        parser.reset()
        _ = first.withUnsafeBytes { parser.parse($0) }
        #expect(parser.head.method == .post)
        #expect(parser.head.query == nil)
        #expect(first.text(parser.head.path) == "/v1/chat/completions")
    }

    @Test("a head larger than what is kept is read anew each time")
    func large() {
        let long = head(
            "GET /v1/models HTTP/1.1", "Host: a", "X-Long: " + String(repeating: "x", count: RecentHead.most))
        var parser = HeadParser()
        for _ in 0..<3 {
            _ = long.withUnsafeBytes { parser.parse($0) }
            #expect(parser.head.fields.map { long.text($0.name) } == ["Host", "X-Long"])
            parser.reset()
        }
    }
}
