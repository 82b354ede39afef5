import Testing

@testable import ORKit

/// No byte may trap a machine: random and mutated input, whole and in pieces.
@Suite("Random bytes")
struct RandomBytesTests {
    private static let seeds: [[UInt8]] = [
        head(
            "POST /v1/chat/completions?a=b HTTP/1.1", "Host: a", "Content-Length: 5", "Connection: close, x-a"
        ),
        head("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked"),
        [UInt8]("5;a=b\r\nhello\r\n0\r\nX-A: b\r\n\r\n"),
        [UInt8](#"{"model":"a\u0041","stream":true,"max_tokens":5,"a":[1,{"b":null}],"models":["x"]}"#),
        [UInt8](AnswerSample.chatJSON), [UInt8](AnswerSample.chatStream),
        [UInt8](AnswerSample.responsesStream),
        [UInt8](AnswerSample.messagesStream),
        [UInt8]("--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--x--\r\n"),
        [UInt8]("/api/v1/models/%41/..%2f"),
    ]

    private func mutated(_ dice: inout Dice) -> [UInt8] {
        var bytes = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &dice)]
        for _ in 0..<Int.random(in: 0...6, using: &dice) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0..<5, using: &dice) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert([13, 10, 0x22, 0x5C, 0x7B, 0x7D, 0x3A, 0x2C][at % 8], at: at)
            case 3: bytes.removeSubrange(at...)
            default: bytes.insert(contentsOf: bytes[..<at].suffix(20), at: at)
            }
        }
        return bytes
    }

    private func pieces(_ bytes: [UInt8], _ dice: inout Dice) -> [[UInt8]] {
        let split = Int.random(in: 0...bytes.count, using: &dice)
        return [Array(bytes[..<split]), Array(bytes[split...])]
    }

    @Test("no machine traps, and pieces tell the same as the whole")
    func survives() {
        var dice = Dice(seed: 51)
        for _ in 0..<4000 {
            let bytes = mutated(&dice)
            let parts = pieces(bytes, &dice)
            heads(bytes, parts)
            chunks(bytes, parts)
            bytes.withUnsafeBytes { whole in
                _ = TargetPath.decide(method: .get, path: whole)
                _ = RequestFields.scan(whole, complete: true)
                _ = RequestFields.scan(whole, complete: false)
                _ = MultipartForm.model(whole, boundary: [0x78])
                _ = MultipartForm.boundary(contentType: whole)
                _ = AllowedModels([BytePattern("a*"), BytePattern("x")].compactMap { $0 }).refusal(in: whole)
                _ = ReferrerDomain("a.example")?.covers(whole)
                _ = AddressRange(String(decoding: whole, as: UTF8.self))
                _ = CallerAddress.find(
                    peer: NetAddress(v4: 1), forwarded: [String(decoding: whole, as: UTF8.self)],
                    trusted: [AddressRange("0.0.0.0/0")].compactMap { $0 })
                _ = RequestRecord.unpack(whole)
                for skin in [Skin.chat, .messages, .responses, .other] {
                    _ = FirstEvent.inspect(whole, skin: skin)
                }
            }
            answers(bytes, parts)
        }
    }

    private func heads(_ bytes: [UInt8], _ parts: [[UInt8]]) {
        var whole = HeadParser()
        var split = HeadParser()
        let one = bytes.withUnsafeBytes { whole.parse($0) }
        if case .incomplete = parts[0].withUnsafeBytes({ split.parse($0) }) {
            #expect("\(bytes.withUnsafeBytes { split.parse($0) })" == "\(one)")
        }
        var answer = ResponseHeadParser()
        _ = bytes.withUnsafeBytes { answer.parse($0, answering: .get) }
    }

    private func chunks(_ bytes: [UInt8], _ parts: [[UInt8]]) {
        func payload(_ pieces: [[UInt8]]) -> ([UInt8], Bool) {
            var reader = ChunkedReader()
            var result: [UInt8] = []
            for piece in pieces {
                var offset = 0
                loop: while true {
                    switch piece.withUnsafeBytes({ reader.next($0, at: &offset) }) {
                    case .data(let range): result += piece[range]
                    case .needMore: break loop
                    case .end, .refused: return (result, reader.isOver)
                    }
                }
            }
            return (result, reader.isOver)
        }
        #expect(payload([bytes]) == payload(parts))
    }

    private func answers(_ bytes: [UInt8], _ parts: [[UInt8]]) {
        for skin in [Skin.chat, .messages, .responses, .other] {
            for format in [AnswerFormat.json, .sse] {
                let whole = AnswerScanner.reading([bytes], format, skin)
                let split = AnswerScanner.reading(parts, format, skin)
                #expect(whole.usage == split.usage)
                #expect(whole.isTerminated == split.isTerminated)
                #expect(whole.inBandError == split.inBandError)
            }
        }
    }
}
