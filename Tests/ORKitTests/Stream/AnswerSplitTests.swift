import Testing

@testable import ORKit

@Suite("Answers in pieces")
struct AnswerSplitTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        let format: AnswerFormat
        let skin: Skin
        var testDescription: String { name }
    }

    static let samples: [Sample] = ["\n", "\r\n", "\r"].flatMap { end in
        [
            Sample(
                name: "chat \(end.debugDescription)", text: AnswerSample.chatStream, format: .sse, skin: .chat
            ),
            Sample(
                name: "responses \(end.debugDescription)", text: AnswerSample.responsesStream, format: .sse,
                skin: .responses),
            Sample(
                name: "messages \(end.debugDescription)", text: AnswerSample.messagesStream, format: .sse,
                skin: .messages),
            Sample(
                name: "JSON \(end.debugDescription)", text: AnswerSample.chatJSON, format: .json, skin: .chat),
        ].map { sample in
            Sample(
                name: sample.name,
                text: String(
                    sample.text.split(separator: "\n", omittingEmptySubsequences: false).joined(
                        separator: end)),
                format: sample.format, skin: sample.skin)
        }
    }

    /// Everything that is known after a feed, as one comparable value.
    private func facts(_ scanner: AnswerScanner) -> String {
        "\(String(describing: scanner.usage)) \(scanner.usageIsFinal) \(scanner.isTerminated) \(scanner.inBandError) "
            + "\(scanner.atEventBoundary) \(scanner.sawUpstreamComment) \(scanner.generation ?? "")"
    }

    /// Feeds pieces and tells where in the whole text the marks lie.
    private func feed(_ pieces: [[UInt8]], _ sample: Sample) -> (facts: String, tail: Int?, cut: Int?) {
        var scanner = AnswerScanner(format: sample.format, skin: sample.skin)
        var (tail, cut): (Int?, Int?)
        var offset = 0
        for piece in pieces {
            let marks = piece.withUnsafeBytes { scanner.feed($0) }
            if tail == nil { tail = marks.tail.map { $0 + offset } }
            if cut == nil { cut = marks.cut.map { $0 + offset } }
            offset += piece.count
        }
        scanner.finish()
        return (facts(scanner), tail, cut)
    }

    @Test("two pieces tell the same as one, wherever they are split", arguments: samples)
    func splits(sample: Sample) throws {
        let bytes = [UInt8](sample.text)
        let whole = feed([bytes], sample)
        let tail = try #require(whole.tail)
        for split in 0...bytes.count {
            let parts = feed([Array(bytes[..<split]), Array(bytes[split...])], sample)
            #expect(parts.facts == whole.facts, "split at \(split)")
            // The place may have begun in the first piece, then the second is held whole; a line feed that
            // comes late is held too.
            let late = split == tail - 1 && bytes[split] == 0x0A ? split : tail
            #expect([tail, max(tail, split), late].contains(parts.tail), "tail split at \(split)")
            #expect(
                parts.cut == whole.cut || parts.cut.map { abs($0 - (whole.cut ?? 0)) <= 1 } == true,
                "cut split at \(split)")
        }
    }

    @Test("byte by byte tells the same as in one piece", arguments: samples)
    func byteByByte(sample: Sample) {
        let bytes = [UInt8](sample.text)
        let whole = feed([bytes], sample)
        #expect(feed(bytes.map { [$0] }, sample).facts == whole.facts)
    }

    @Test("pieces of random sizes tell the same as one", arguments: samples)
    func randomPieces(sample: Sample) {
        var dice = Dice(seed: 82)
        let bytes = [UInt8](sample.text)
        let whole = feed([bytes], sample).facts
        for _ in 0..<200 {
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                pieces.append(Array(rest.prefix(Int.random(in: 0...40, using: &dice))))
                rest = rest.dropFirst(pieces[pieces.count - 1].count)
            }
            #expect(feed(pieces, sample).facts == whole)
        }
    }

    @Test("what is held back is the end and nothing more")
    func tails() throws {
        func held(_ text: String, _ format: AnswerFormat, _ skin: Skin) throws -> String {
            let sample = Sample(name: "", text: text, format: format, skin: skin)
            let tail = try #require(feed([[UInt8](text)], sample).tail)
            return String(decoding: [UInt8](text)[tail...], as: UTF8.self)
        }
        #expect(try held(AnswerSample.chatStream, .sse, .chat) == "data: [DONE]\n\n")
        #expect(try held(AnswerSample.responsesStream, .sse, .responses) == "\ndata: [DONE]\n\n")
        #expect(
            try held(AnswerSample.messagesStream, .sse, .messages).hasPrefix("event: message_stop\ndata: {"))
        #expect(try held(AnswerSample.chatJSON + "\n", .json, .chat) == "}\n")
        // Without usage the end itself is held.
        #expect(try held("data: {\"choices\":[]}\n\ndata: [DONE]\n\n", .sse, .chat) == "data: [DONE]\n\n")
        #expect(
            try held("data: {\"type\":\"message_stop\"}\n\n", .sse, .messages)
                == "data: {\"type\":\"message_stop\"}\n\n")
    }

    @Test("the Messages trailer is cut off, in every later piece too")
    func cut() throws {
        var scanner = AnswerScanner(format: .sse, skin: .messages)
        let bytes = [UInt8](AnswerSample.messagesStream)
        let marks = bytes.withUnsafeBytes { scanner.feed($0) }
        let cut = try #require(marks.cut)
        #expect(Array(bytes[cut...]).text == "event: data\ndata: [DONE]\n\n")
        #expect([UInt8]("event: data\n").withUnsafeBytes { scanner.feed($0) }.cut == 0)
        #expect([UInt8](": more").withUnsafeBytes { scanner.feed($0) }.cut == 0)
    }

    @Test("nothing is cut off in other dialects")
    func noCut() {
        for sample in Self.samples where sample.skin != .messages {
            #expect(feed([[UInt8](sample.text)], sample).cut == nil)
        }
    }
}

@Suite("First event")
struct FirstEventTests {
    private func inspect(_ text: String, _ skin: Skin = .chat) -> FirstEventVerdict {
        Array(text.utf8).withUnsafeBytes { FirstEvent.inspect($0, skin: skin) }
    }

    /// What the scanner says after a JSON body that came in these pieces.
    private func beginning(_ pieces: String...) -> FirstEventVerdict {
        var scanner = AnswerScanner(format: .json, skin: .chat)
        for piece in pieces { _ = Array(piece.utf8).withUnsafeBytes { scanner.feed($0) } }
        return scanner.beginning
    }

    @Test(
        "comments alone decide nothing",
        arguments: [
            "", ": OPENROUTER PROCESSING\n\n", ": a\n\n: b\n\n", "data: {\"choices\"", "data: {}\n", "\n\n",
            "event: message_start\n", "id: 1\n\n",
        ])
    func undecided(text: String) {
        #expect(inspect(text) == .undecided)
    }

    @Test(
        "the first event with data commits",
        arguments: [
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
            ": c\n\ndata: {}\n\ndata: {\"error\":{\"code\":1}}\n\n",
            "data: [DONE]\n\n", "data: not json\n\n",
        ])
    func commits(text: String) {
        #expect(inspect(text) == .commit)
    }

    @Test(
        "an error in the first event is found with its text",
        arguments: [
            (": c\n\n", #"{"choices":[],"error":{"code":502,"message":"x"}}"#, Skin.chat),
            ("", #"{"choices":[{"finish_reason":"error","error":{"code":429}}]}"#, .chat),
            ("event: error\n", #"{"type":"error","error":{"type":"overloaded_error"}}"#, .messages),
            ("event: error\n", "broken", .messages),
            ("", #"{"type":"response.failed","response":{"error":{"code":"server_error"}}}"#, .responses),
        ])
    func errors(before: String, json: String, skin: Skin) {
        let text = before + "data: " + json + "\n\n"
        let start = (before + "data: ").utf8.count
        #expect(inspect(text, skin) == .error(start..<start + json.utf8.count))
        for count in 0..<text.utf8.count - 1 {
            let held = Array(text.utf8)[..<count]
            #expect(held.withUnsafeBytes { FirstEvent.inspect($0, skin: skin) } == .undecided)
        }
    }

    @Test("a Messages ping decides nothing")
    func ping() {
        let ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n"
        #expect(inspect(ping, .messages) == .undecided)
        #expect(
            inspect(ping + "event: message_start\ndata: {\"type\":\"message_start\"}\n\n", .messages)
                == .commit)
    }

    @Test("a JSON body commits when it is whole or long, and errors are found")
    func json() {
        #expect(beginning("") == .undecided)
        #expect(beginning("{\"id\":1") == .undecided)
        #expect(beginning("{\"id\":1}") == .commit)
        #expect(beginning("<html>") == .commit)
        let error = #"{"error":{"code":429}}"#
        #expect(beginning(error + "\n") == .error(0..<error.utf8.count))
        #expect(beginning(#"{"error":{"code":"#) == .undecided)
        #expect(beginning(#"{"error":{"co"#, #"de":429}}"#) == .error(0..<error.utf8.count))
        let choice =
            #"{"choices":[{"finish_reason":"error","error":{"code":1},"message":{"content":"part"}}]}"#
        #expect(beginning(choice) == .error(0..<choice.utf8.count))
        let long = String(repeating: "x", count: 5000)
        #expect(beginning("{\"a\":\"" + long) == .commit)
        #expect(beginning("{\"a\":\"" + long, "\",\"error\":{\"code\":1}}") == .commit)
        #expect(beginning("{\"error\":{\"message\":\"" + long) == .error(0..<4096))
    }
}
