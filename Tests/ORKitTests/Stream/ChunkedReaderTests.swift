import Testing

@testable import ORKit

@Suite("Chunked bodies")
struct ChunkedReaderTests {
    /// What comes out of pieces: payload, how many bytes were used, and the
    /// rule that ended it.
    private func read(_ pieces: [[UInt8]]) -> (payload: [UInt8], used: Int, isOver: Bool, rule: String?) {
        var reader = ChunkedReader()
        var payload: [UInt8] = []
        var used = 0
        for piece in pieces {
            var offset = 0
            loop: while true {
                switch piece.withUnsafeBytes({ reader.next($0, at: &offset) }) {
                case .data(let range): payload += piece[range]
                case .needMore: break loop
                case .end: return (payload, used + offset, reader.isOver, nil)
                case .refused(let rule): return (payload, used + offset, false, rule.description)
                }
            }
            used += offset
        }
        return (payload, used, reader.isOver, nil)
    }

    private let sample = [UInt8]("5\r\nhello\r\n00A;name=\"v\"\r\n, world!!!\r\n0\r\nX-Sum: 1\r\n\r\n")

    @Test("payload comes out, extensions and trailers do not")
    func plain() {
        let result = read([sample + [UInt8]("next")])
        #expect(result.payload.text == "hello, world!!!")
        #expect(result.used == sample.count)
        #expect(result.isOver)
    }

    @Test(
        "well-formed extensions are read and dropped",
        arguments: ["a", "a=b", "a=\"b\"", "a=\"\"", "a;b;c=d", "a=\"b c\\\"\t;=\";d", "!#$%&'*+-.^_`|~=~"])
    func extensions(text: String) {
        for pieces in [
            [[UInt8]("5;\(text)\r\nhello\r\n0;z\r\n\r\n")],
            [UInt8]("5;\(text)\r\nhello\r\n0\r\n\r\n").map { [$0] },
        ] {
            let result = read(pieces)
            #expect(result.payload.text == "hello" && result.isOver)
        }
    }

    @Test("every split position gives the same payload")
    func splits() {
        for split in 0...sample.count {
            let result = read([Array(sample[..<split]), Array(sample[split...])])
            #expect(result.payload.text == "hello, world!!!")
            #expect(result.isOver)
        }
    }

    @Test("byte by byte gives the same payload")
    func byteByByte() {
        let result = read(sample.map { [$0] })
        #expect(result.payload.text == "hello, world!!!")
        #expect(result.isOver)
        #expect(result.used == sample.count)
    }

    @Test("a body is over only with its last line end")
    func cut() {
        for count in 0..<sample.count {
            #expect(!read([Array(sample[..<count])]).isOver)
        }
    }

    @Test("after the end nothing more is taken")
    func staysOver() {
        var reader = ChunkedReader()
        var offset = 0
        let bytes = [UInt8]("0\r\n\r\n5\r\n")
        #expect(bytes.withUnsafeBytes { reader.next($0, at: &offset) } == .end)
        #expect(offset == 5)
        #expect(bytes.withUnsafeBytes { reader.next($0, at: &offset) } == .end)
        #expect(offset == 5)
    }

    @Test(
        "ambiguous chunks are refused",
        arguments: [
            ("bad-chunk-size", "\r\n"),
            ("bad-chunk-size", "x\r\n"),
            ("bad-chunk-size", "+5\r\nhello"),
            ("bad-chunk-size", " 5\r\nhello"),
            ("bad-chunk-size", "5 \r\nhello"),
            ("bad-chunk-size", "0x5\r\nhello"),
            ("bad-chunk-size", ";a\r\n"),
            ("chunk-size-too-long", "00000000000000005\r\n"),
            ("chunk-too-large", "FFFFFFFFFFFFFFFF\r\n"),
            ("chunk-too-large", "20000000000001\r\n"),
            ("bare-lf", "5\nhello"),
            ("bare-lf", "5;a\nhello"),
            ("bare-cr", "5\rhello"),
            ("bad-chunk-extension", "5;\u{1}\r\nhello"),
            ("bad-chunk-extension", "5;\r\nhello"),
            ("bad-chunk-extension", "5;;a\r\nhello"),
            ("bad-chunk-extension", "5; a\r\nhello"),
            ("bad-chunk-extension", "5;a \r\nhello"),
            ("bad-chunk-extension", "5;a=\r\nhello"),
            ("bad-chunk-extension", "5;=b\r\nhello"),
            ("bad-chunk-extension", "5;=\"\r\nhello"),
            ("bad-chunk-extension", "5;a=b=c\r\nhello"),
            ("bad-chunk-extension", "5;a=\"b\"c\r\nhello"),
            ("bad-chunk-extension", "5;a=\"\u{1}\"\r\nhello"),
            ("bad-chunk-extension", "5;a=\"ä\"\r\nhello"),
            ("bare-cr", "5;a=\"\r\nhello"),
            ("bare-lf", "5;a=\"\nhello"),
            ("bare-lf", "5;a=\nhello"),
            ("bare-cr", "5;a\rhello"),
            ("chunk-not-ended", "5\r\nhellox\r\n"),
            ("chunk-not-ended", "5\r\nhello\n"),
            ("bare-cr", "5\r\nhello\rx"),
            ("bare-cr", "0\r\n\rx"),
            ("bare-lf", "0\r\n\n"),
            ("bare-lf", "0\r\nA: b\n\r\n"),
            ("bare-cr", "0\r\nA: b\rc\r\n\r\n"),
            ("bad-trailer-name", "0\r\n A: b\r\n\r\n"),
            ("bad-trailer-name", "0\r\n: b\r\n\r\n"),
            ("bad-trailer-name", "0\r\nA_B: b\r\n\r\n"),
            ("bad-trailer-name", "0\r\nA\r\n\r\n"),
            ("protected-field-in-trailer", "0\r\nContent-Length: 5\r\n\r\n"),
            ("protected-field-in-trailer", "0\r\ntransfer-encoding: chunked\r\n\r\n"),
            ("protected-field-in-trailer", "0\r\nHost: a\r\n\r\n"),
            ("protected-field-in-trailer", "0\r\nAuthorization: x\r\n\r\n"),
            ("protected-field-in-trailer", "0\r\nX-API-Key: x\r\n\r\n"),
            ("protected-field-in-trailer", "0\r\nConnection: close\r\n\r\n"),
        ])
    func refused(rule: String, text: String) {
        #expect(read([[UInt8](text)]).rule == rule)
        #expect(read([UInt8](text).map { [$0] }).rule == rule)
    }

    @Test("extensions end at 256 bytes, trailers at 8 KiB")
    func bounds() {
        let long = String(repeating: "e", count: 257)
        #expect(read([[UInt8]("1;\(long.dropLast())\r\nx\r\n0\r\n\r\n")]).isOver)
        #expect(read([[UInt8]("1;\(long)\r\nx\r\n0\r\n\r\n")]).rule == "chunk-extension-too-long")
        let trailer = "A: \(String(repeating: "b", count: 1000))\r\n"
        #expect(read([[UInt8]("0\r\n" + String(repeating: trailer, count: 8) + "\r\n")]).isOver)
        #expect(
            read([[UInt8]("0\r\n" + String(repeating: trailer, count: 9) + "\r\n")]).rule
                == "trailers-too-long")
    }

    @Test("the largest chunk is 2^53 bytes")
    func largest() {
        let result = read([[UInt8]("20000000000000\r\nabc")])
        #expect(result.rule == nil)
        #expect(result.payload.text == "abc")
    }
}
