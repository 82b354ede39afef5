import ORKit

/// Makes streams that are nearly good ones: operators that two parsers could
/// read differently (line ends, blanks, framing fields, chunks, splices), and
/// plain changes of bytes.
public struct StreamMutator: Sendable {
    private let samples: [[UInt8]]
    private let isRequest: Bool

    /// What is smuggled, should anybody fail.
    public static let contraband = "GET /v1/contraband HTTP/1.1\r\nHost: x\r\n\r\n"

    public init(_ corpus: HeadCorpus, areRequests: Bool) {
        samples = corpus.samples.map(\.bytes)
        isRequest = areRequests
    }

    /// One stream; about one in ten is a good one.
    public func stream(using dice: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = samples[Int.random(in: 0..<samples.count, using: &dice)]
        if isRequest, Int.random(in: 0..<3, using: &dice) == 0 {
            bytes += samples[Int.random(in: 0..<samples.count, using: &dice)]
        }
        for _ in 0..<Self.changes[Int.random(in: 0..<Self.changes.count, using: &dice)] {
            change(&bytes, &dice)
        }
        return bytes
    }

    private static let changes = [0, 1, 1, 1, 1, 2, 2, 2, 3, 5]

    private func change(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        guard !bytes.isEmpty else { return }
        switch Int.random(in: 0..<16, using: &dice) {
        case 0: changeByte(&bytes, &dice)
        case 1: insertByte(&bytes, &dice)
        case 2: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &dice))
        case 3: repeatPart(&bytes, &dice)
        case 4: bytes.removeSubrange(Int.random(in: 0..<bytes.count, using: &dice)...)
        case 5: changeLineEnd(&bytes, &dice)
        case 6, 7, 8: insertLine(pick(Self.framing, &dice), &bytes, &dice)
        case 9: insertLine(pick(Self.others, &dice), &bytes, &dice)
        case 10: repeatLine(&bytes, &dice)
        case 11: replaceFraming(&bytes, &dice)
        case 12: changeStart(&bytes, &dice)
        case 13: changeBody(&bytes, &dice)
        case 14: blankAtColon(&bytes, &dice)
        default: bytes += Array(Self.contraband.utf8)
        }
    }

    // Bytes

    private static let odd: [UInt8] = [
        0, 1, 8, 9, 10, 11, 12, 13, 0x1B, 0x1F, 0x20, 0x22, 0x23, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x3A,
        0x3B,
        0x3D, 0x5F, 0x7F, 0x80, 0x85, 0xA0, 0xC0, 0xE2, 0xFF,
    ]

    private func oddByte(_ dice: inout some RandomNumberGenerator) -> UInt8 {
        Bool.random(using: &dice) ? pick(Self.odd, &dice) : UInt8.random(in: 0...255, using: &dice)
    }

    private func changeByte(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        bytes[place(in: bytes, &dice)] = oddByte(&dice)
    }

    private func insertByte(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        bytes.insert(oddByte(&dice), at: place(in: bytes, &dice))
    }

    private func repeatPart(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        let start = place(in: bytes, &dice)
        let end = min(bytes.count, start + Int.random(in: 1...40, using: &dice))
        bytes.insert(contentsOf: bytes[start..<end], at: place(in: bytes, &dice))
    }

    /// More often in the head than in the body.
    private func place(in bytes: [UInt8], _ dice: inout some RandomNumberGenerator) -> Int {
        let end = Bool.random(using: &dice) ? bytes.count : (headEnd(bytes) ?? bytes.count)
        return Int.random(in: 0..<max(1, min(end, bytes.count)), using: &dice)
    }

    // Lines

    private static let lineEnds = [
        "\n", "\r", "\r\r\n", "\n\r\n", "\r\n\r\n", "\r\n ", "\r\n\t", " \r\n", "\0\r\n", "\r\n\n", "",
    ]

    private func changeLineEnd(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        guard let end = pick(lineEnds(bytes), &dice) else { return }
        bytes.replaceSubrange(end..<end + 2, with: pick(Self.lineEnds, &dice).utf8)
    }

    private func insertLine(_ line: String, _ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator)
    {
        guard let end = pick(lineEnds(bytes), &dice) else { return }
        bytes.insert(contentsOf: Array((line + "\r\n").utf8), at: end + 2)
    }

    private func repeatLine(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        let ends = lineEnds(bytes)
        guard ends.count > 2 else { return }
        let which = Int.random(in: 1..<ends.count, using: &dice)
        let line = Array(bytes[(ends[which - 1] + 2)..<(ends[which] + 2)])
        guard line.count > 2, let end = pick(Array(ends.dropLast()), &dice) else { return }
        bytes.insert(contentsOf: line, at: end + 2)
    }

    private func blankAtColon(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        let colons = bytes.indices.filter { bytes[$0] == 0x3A }
        guard let colon = pick(colons, &dice) else { return }
        let blank: UInt8 = pick([0x20, 0x09, 0x0B, 0x0C, 0x00, 0x0D, 0xA0], &dice)
        bytes.insert(blank, at: colon + Int.random(in: 0...1, using: &dice))
    }

    /// Framing fields in all the ways in which one could be overlooked.
    public static let framing: [String] =
        [
            "Transfer-Encoding: chunked", "transfer-encoding: chunked", "Transfer-Encoding: Chunked",
            "Transfer-Encoding:chunked", "Transfer-Encoding: chunked ", "Transfer-Encoding:\tchunked",
            "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx", "Transfer-Encoding: chunke",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: 'chunked'",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: identity", "Transfer-Encoding: gzip", "Transfer-Encoding:",
            "Transfer-Encoding: ,chunked",
            "Transfer-Encoding: chunked,", "Transfer-Encoding: \u{0B}chunked", "Transfer-Encoding: chunked\0",
            "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: ch\r\n unked",
            "X: y\nTransfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked", "Transfer_Encoding: chunked", "Transfer Encoding: chunked",
            "Transfer-Encod\u{130}ng: chunked", "Transfer\u{2D}\u{2D}Encoding: chunked",
            "TransferEncoding: chunked",
            "Content-Length: 0", "Content-Length: 1", "Content-Length: 5", "Content-Length: 17",
            "Content-Length: 4096",
            "content-length: 5", "Content-Length:5", "Content-Length : 5", "Content-Length: +5",
            "Content-Length: -5",
            "Content-Length: -0", "Content-Length: 0x5", "Content-Length: 05", "Content-Length: 0005",
            "Content-Length: 5,5",
            "Content-Length: 5, 5", "Content-Length: 5 5", "Content-Length: 5;", "Content-Length: 5.0",
            "Content-Length: 5e0",
            "Content-Length: \u{0B}5", "Content-Length: 5\u{0B}", "Content-Length: five", "Content-Length:",
            "Content-Length: \"5\"",
            "Content-Length: 18446744073709551616", "Content-Length: 18446744073709551621",
            "Content-Length: 4294967301",
            "Content-Length: 99999999999999999999", "Content-Length: 9223372036854775807",
            "Content-Length:\r\n 5",
            "Content-Length: 1\r\n 7", "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content_Length: 5", "Content-Length\u{A0}: 5", "X: y\nContent-Length: 5",
            "X: y\rContent-Length: 5",
        ]

    private static let others: [String] = [
        "Connection: close", "Connection: keep-alive", "Connection: transfer-encoding",
        "Connection: content-length",
        "Connection: close, content-type", "Connection: x-trace, host", "Connection: , ,close",
        "Keep-Alive: timeout=5",
        "Upgrade: websocket", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__", "TE: trailers",
        "Trailer: X-A",
        "Expect: 100-continue", "Expect: 100-Continue", "Expect: nonsense", "Proxy-Connection: keep-alive",
        "Host: evil", "Host:", "Host: a b", "Host: a,b", "X-Empty:", "X-Blank:   ", "X-Tab:\ta\tb\t",
        "X-Colon: a:b:c",
        "X-Quote: \"a\\\"b\"", "X-Latin: caf\u{E9}", "X-Fold: a\r\n b", "X-Nul: a\0b", ": empty", "X Y: z",
        "X(Y): z", "NoColon",
        "Content-Encoding: gzip", "X-HTTP-Method-Override: DELETE", "Cookie: a=b; c=d",
        "!#$%&'*+.^`|~: token",
        "Sec-WebSocket-Key: AA==", "Date: now", "Content-Type: text/plain", "Content-Location: /", "Age: 1",
    ]

    /// Replaces the whole line of a framing field by another one.
    private func replaceFraming(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        let ends = lineEnds(bytes)
        for which in 1..<max(1, ends.count) {
            let start = ends[which - 1] + 2
            let line = Array(bytes[start..<ends[which]]).lowercased
            guard line.starts(with: "content-length".utf8) || line.starts(with: "transfer-encoding".utf8)
            else {
                continue
            }
            bytes.replaceSubrange(start..<ends[which], with: Array(pick(Self.framing, &dice).utf8))
            return
        }
    }

    // The first line

    private static let requestStarts = [
        "GET / HTTP/1.1", "get / HTTP/1.1", "POST /v1/chat/completions HTTP/1.0",
        "POST /v1/chat/completions HTTP/1.2",
        "POST /v1/chat/completions HTTP/0.9", "POST /v1/chat/completions",
        "POST /v1/chat/completions HTTP/2.0",
        "POST  /v1/chat/completions HTTP/1.1", "POST /v1/chat/completions  HTTP/1.1",
        " POST /v1/models HTTP/1.1",
        "POST\t/v1/models\tHTTP/1.1", "POST /v1/models http/1.1", "POST http://evil/v1/models HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT evil:443 HTTP/1.1", "TRACE /v1/models HTTP/1.1", "PRI * HTTP/2.0",
        "HEAD /v1/models HTTP/1.1",
        "PUT /v1/files/a HTTP/1.1", "PATCH /v1/files/a?b=c?d HTTP/1.1", "GET /v1/models?a=\"b\" HTTP/1.1",
        "GET /v1/models#x HTTP/1.1", "GET /v1/a%00b HTTP/1.1", "GET /v1/{a}|b\\c HTTP/1.1",
        "GET /v1/models HTTP/1.1 ",
        "GET /v1/models HTTP/11", "GET /v1/models HTTP/1.01", "GET /v1/models HTTP /1.1",
        "GET /v1/models HTTP/1.1\r\n",
        "QUERY /v1/models HTTP/1.1", "GET /v1/mod els HTTP/1.1", "GET /v1/\u{E9} HTTP/1.1", "GET",
    ]
    private static let responseStarts = [
        "HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1  200 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 20 OK", "HTTP/1.1 099 OK", "HTTP/1.1 600 OK", "HTTP/1.1 999 OK", "HTTP/1.1 +20 OK",
        "HTTP/1.1 200OK",
        "HTTP/2 200", "HTTP/2.0 200 OK", "HTTP/0.9 200 OK", "http/1.1 200 OK", "ICY 200 OK",
        "HTTP/1.1 200 caf\u{E9}", "HTTP/1.1 204 No Content",
        "HTTP/1.1 304 Not Modified", "HTTP/1.1 100 Continue", "HTTP/1.1 101 Switching Protocols",
        "HTTP/1.1 103 Early Hints",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 200 O\0K", "HTTP/1.1 200 O\rK", "HTTP/1.1\t200\tOK", " HTTP/1.1 200 OK", "HTTP/1.12 200 OK",
    ]

    private func changeStart(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        guard let end = lineEnds(bytes).first else { return }
        let start = pick(isRequest ? Self.requestStarts : Self.responseStarts, &dice)
        bytes.replaceSubrange(..<end, with: Array(start.utf8))
    }

    // The body

    private static let bodies = [
        "0\r\n\r\n", "0\r\n\r\n" + contraband, "5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\n" + contraband,
        "5;a=b\r\nhello\r\n0;last\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n",
        "05\r\nhello\r\n00\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n", "5\r\nhello0\r\n\r\n",
        "5\r\nhello\r\r\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "5\rXhello\r\n0\r\n\r\n",
        "5;\nhello\r\n0\r\n\r\n", "5;a=\"\r\nhello\r\n0\r\n\r\n",
        "10000000000000005\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\nhello",
        "100000005\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n", "5\r\nhello\r\n0\r\nX-A: b\r\n\r\n",
        "5\r\nhello\r\n0\r\nAuthorization: b\r\n\r\n",
        "5\r\nhello\r\n0\r\nX A: b\r\n\r\n", "5\r\nhello\r\n0\r\n X-A: b\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-A: b\n\r\n", "5\r\nhello\r\n0\r\n",
        "5\r\nhello\r\n\r\n0\r\n\r\n", "\r\n5\r\nhello\r\n0\r\n\r\n", "G\r\nhello\r\n0\r\n\r\n",
        "5\0\r\nhello\r\n0\r\n\r\n", "",
    ]

    private func changeBody(_ bytes: inout [UInt8], _ dice: inout some RandomNumberGenerator) {
        guard let end = headEnd(bytes) else { return }
        bytes.replaceSubrange(end..., with: Array(pick(Self.bodies, &dice).utf8))
        if Bool.random(using: &dice) { replaceFraming(&bytes, &dice) }
    }

    private func headEnd(_ bytes: [UInt8]) -> Int? { bytes.firstPlace(of: [13, 10, 13, 10]).map { $0 + 4 } }

    /// Where the lines of the first head end.
    private func lineEnds(_ bytes: [UInt8]) -> [Int] {
        let end = headEnd(bytes) ?? bytes.count
        var ends: [Int] = []
        var at = 0
        while let next = bytes.firstPlace(of: [13, 10], from: at), next < end - 2 {
            ends.append(next)
            at = next + 2
        }
        return ends
    }

    private func pick<Element>(_ list: [Element], _ dice: inout some RandomNumberGenerator) -> Element {
        list[Int.random(in: 0..<list.count, using: &dice)]
    }

    private func pick(_ list: [Int], _ dice: inout some RandomNumberGenerator) -> Int? {
        list.randomElement(using: &dice)
    }
}
