import Testing

@testable import ORKit

@Suite("Answer scanner")
struct AnswerScannerTests {
    @Test("usage of a JSON answer is read where it belongs and nowhere else")
    func chatJSON() {
        let scanner = AnswerScanner.reading(AnswerSample.chatJSON, .json, .chat)
        var wanted = Usage()
        wanted.prompt = 20
        wanted.completion = 2
        wanted.total = 22
        wanted.cached = 3
        wanted.cacheWrite = 4
        wanted.reasoning = 1
        wanted.cost = Money(pico: 4_000_000)
        #expect(scanner.usage == wanted)
        #expect(scanner.usageIsFinal)
        #expect(scanner.isTerminated)
        #expect(!scanner.inBandError)
        #expect(scanner.generation == "gen-1790000000-AbCdEfGhIjKlMnOpQrSt")
    }

    @Test("an id that is too long is none, in one piece and in two")
    func longID() {
        for (count, isID) in [(128, true), (129, false)] {
            let id = "gen-" + String(repeating: "a", count: count - 4)
            let bytes = [UInt8](#"{"id":"\#(id)","object":"chat.completion"}"#)
            let whole = AnswerScanner.reading([bytes], .json, .chat)
            let split = AnswerScanner.reading([Array(bytes[..<20]), Array(bytes[20...])], .json, .chat)
            #expect(whole.generation == (isID ? id : nil))
            #expect(split.generation == whole.generation)
        }
    }

    @Test("a chat stream gives usage, id, end and the comment")
    func chatStream() {
        let scanner = AnswerScanner.reading(AnswerSample.chatStream, .sse, .chat)
        #expect(scanner.usage?.prompt == 15)
        #expect(scanner.usage?.completion == 6)
        #expect(scanner.usage?.total == 21)
        #expect(scanner.usage?.cost == Money(pico: 5_800_000))
        #expect(scanner.usageIsFinal)
        #expect(scanner.isTerminated)
        #expect(scanner.sawUpstreamComment)
        #expect(scanner.generation == "gen-1-x")
    }

    @Test("a stream is over once it has said its end or its failure; a JSON document is never")
    func over() {
        let chunk = #"{"id":"gen-1","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}"#
        let ends = [
            "data: [DONE]\n\n", #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n",
            #"data: {"choices":[],"error":{"code":502,"message":"x"}}"# + "\n\n",
        ]
        for end in ends {
            var scanner = AnswerScanner(format: .sse, skin: .chat)
            _ = Array("data: \(chunk)\n\n".utf8).withUnsafeBytes { scanner.feed($0) }
            #expect(!scanner.streamIsOver)
            _ = Array(end.utf8).withUnsafeBytes { scanner.feed($0) }
            #expect(scanner.streamIsOver, "\(end)")
        }
        #expect(!AnswerScanner.reading(AnswerSample.chatJSON, .json, .chat).streamIsOver)
        #expect(!AnswerScanner(format: .opaque, skin: .chat).streamIsOver)
    }

    @Test(
        "the usage chunk is known in each of its three shapes",
        arguments: [
            #"[]"#, #"[{"index":0,"delta":{"content":""},"finish_reason":null}]"#,
            #"[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]"#,
        ])
    func usageShapes(choices: String) {
        let text =
            #"data: {"choices":[{"finish_reason":"stop"}]}"# + "\n\n" + #"data: {"choices":"# + choices
            + #","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#
            + "\n\ndata: [DONE]\n\n"
        var scanner = AnswerScanner(format: .sse, skin: .chat)
        let marks = [UInt8](text).withUnsafeBytes { scanner.feed($0) }
        #expect(scanner.usage?.total == 3)
        #expect(scanner.usageIsFinal)
        #expect(marks.tail == text.utf8.count - "data: [DONE]\n\n".utf8.count)
    }

    @Test("a running total in every chunk does not hold the stream back")
    func runningUsage() {
        let chunk =
            #"data: {"choices":[{"delta":{},"finish_reason":null}],"usage":{"total_tokens":1}}"# + "\n\n"
        var scanner = AnswerScanner(format: .sse, skin: .chat)
        #expect([UInt8](chunk).withUnsafeBytes { scanner.feed($0) }.tail == nil)
        #expect(!scanner.usageIsFinal)
        #expect(scanner.usage?.total == 1)
    }

    @Test("the Responses stream states usage in its last event only")
    func responses() {
        let scanner = AnswerScanner.reading(AnswerSample.responsesStream, .sse, .responses)
        #expect(scanner.usage?.prompt == 11)
        #expect(scanner.usage?.completion == 7)
        #expect(scanner.usage?.cached == 4)
        #expect(scanner.usage?.reasoning == 5)
        #expect(scanner.usage?.total == 18)
        #expect(scanner.isTerminated)
        #expect(scanner.generation == "gen-2-y")
    }

    @Test("the Messages stream corrects its first usage by its last")
    func messages() {
        let scanner = AnswerScanner.reading(AnswerSample.messagesStream, .sse, .messages)
        // Input beside the caches, so that cached tokens are a part of the prompt.
        #expect(scanner.usage?.prompt == 12)
        #expect(scanner.usage?.cached == 2)
        #expect(scanner.usage?.cacheWrite == 1)
        #expect(scanner.usage?.completion == 4)
        #expect(scanner.usage?.total == 16)
        #expect(scanner.usage?.cost == Money(pico: 500_000_000_000))
        #expect(scanner.usageIsFinal)
        #expect(scanner.isTerminated)
        #expect(scanner.generation == "gen-3-z")
    }

    @Test("a Messages stream that breaks off has only provisional usage")
    func provisional() {
        let start = AnswerSample.messagesStream.split(separator: "event: ping")[0]
        let scanner = AnswerScanner.reading(String(start), .sse, .messages)
        #expect(scanner.usage != nil)
        #expect(!scanner.usageIsFinal)
        #expect(!scanner.isTerminated)
    }

    @Test("embeddings and Messages as JSON state usage at the top")
    func otherJSON() {
        let embeddings = AnswerScanner.reading(
            #"{"object":"list","data":[{"embedding":[0.1,-2e-3]}],"usage":{"prompt_tokens":8,"total_tokens":8}}"#,
            .json,
            .embeddings)
        #expect(embeddings.usage?.prompt == 8)
        #expect(embeddings.usage?.completion == 0)
        let messages = AnswerScanner.reading(
            #"{"type":"message","message":{"usage":{"input_tokens":9}},"usage":{"input_tokens":3,"output_tokens":4}}"#,
            .json,
            .messages)
        #expect(messages.usage?.prompt == 3)
        #expect(messages.usage?.total == 7)
        #expect(
            AnswerScanner.reading(
                #"{"status":"completed","usage":{"input_tokens":2,"output_tokens":3,"total_tokens":5}}"#,
                .json, .responses
            ).usage?.total == 5)
    }

    @Test("numbers that cannot be counts are not stated")
    func oddNumbers() {
        let scanner = AnswerScanner.reading(
            #"{"usage":{"prompt_tokens":-1,"completion_tokens":1.5,"total_tokens":99999999999999999999,"cost":"1"}}"#,
            .json, .chat)
        #expect(scanner.usage == nil)
        let partly = AnswerScanner.reading(
            #"{"usage":{"prompt_tokens":"7","completion_tokens":5,"total_tokens":null,"cost":-1}}"#, .json,
            .chat)
        #expect(partly.usage?.prompt == 0)
        #expect(partly.usage?.completion == 5)
        #expect(partly.usage?.total == 5)
        #expect(partly.usage?.cost == nil)
    }

    @Test(
        "usage that is null, a list or text is none",
        arguments: ["null", "[]", "\"usage\"", "5", "{}", "[{\"prompt_tokens\":1}]"])
    func noUsage(value: String) {
        #expect(AnswerScanner.reading("{\"usage\":\(value)}", .json, .chat).usage == nil)
    }

    @Test("an escaped member name is the same name")
    func escapedName() {
        let scanner = AnswerScanner.reading(#"{"us\u0061ge":{"prompt\u005ftokens":7}}"#, .json, .chat)
        #expect(scanner.usage?.prompt == 7)
    }

    @Test(
        "an error inside a 200 is seen",
        arguments: [
            (#"data: {"choices":[],"error":{"code":502,"message":"x"}}"#, Skin.chat),
            (#"data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#, .chat),
            (#"data: {"choices":[{"error":{"code":1}}]}"#, .chat),
            (#"data: {"error":"text"}"#, .chat), (#"data: {"error":true}"#, .chat),
            (#"data: {"error":502}"#, .chat),
            ("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}", .messages),
            ("event: error\ndata: not json", .messages),
            (#"data: {"type":"response.failed","response":{"status":"failed"}}"#, .responses),
            (#"data: {"type":"error","code":"server_error","message":"x"}"#, .responses),
        ])
    func inBandError(event: String, skin: Skin) {
        #expect(AnswerScanner.reading(event + "\n\n", .sse, skin).inBandError)
    }

    @Test(
        "no error is seen where there is none",
        arguments: [
            #"{"error":null,"choices":[{"error":null,"finish_reason":"stop"}]}"#, #"{"error":false}"#,
            #"{"error":0}"#,
            #"{"error":""}"#,
            #"{"choices":[{"message":{"content":"error","error":{"a":1}},"finish_reason":"stop"}]}"#,
            #"{"data":{"error":{"code":1}}}"#, #"{"text":"\"error\":{}"}"#,
        ])
    func noError(body: String) {
        #expect(!AnswerScanner.reading(body, .json, .chat).inBandError)
        #expect(!AnswerScanner.reading("data: \(body)\n\n", .sse, .chat).inBandError)
    }

    @Test("a stream without its end is not terminated")
    func truncated() {
        let cut = AnswerSample.chatStream.split(separator: "data: ")[0...1].joined(separator: "data: ")
        #expect(!AnswerScanner.reading(cut, .sse, .chat).isTerminated)
        #expect(!AnswerScanner.reading(": OPENROUTER PROCESSING\n\n", .sse, .chat).isTerminated)
        #expect(!AnswerScanner.reading("", .sse, .chat).isTerminated)
        #expect(!AnswerScanner.reading(#"{"usage":{"total_tokens":1}"#, .json, .chat).isTerminated)
        #expect(!AnswerScanner.reading("", .json, .chat).isTerminated)
    }

    @Test("[DONE] ends a stream, also without its empty line; inside text it does not")
    func done() {
        #expect(AnswerScanner.reading("data: [DONE]", .sse, .chat).isTerminated)
        #expect(AnswerScanner.reading("data:[DONE]\n\n", .sse, .completions).isTerminated)
        #expect(!AnswerScanner.reading("data: \"[DONE]\"\n\n", .sse, .chat).isTerminated)
        #expect(!AnswerScanner.reading("data: [DON]\n\n", .sse, .chat).isTerminated)
        #expect(!AnswerScanner.reading(": [DONE]\n\n", .sse, .chat).isTerminated)
        #expect(!AnswerScanner.reading("event: data\ndata: [DONE]\n\n", .sse, .messages).isTerminated)
    }

    @Test("an unknown path's stream is understood in every dialect")
    func otherSkin() {
        #expect(AnswerScanner.reading(AnswerSample.chatStream, .sse, .other).usage?.total == 21)
        #expect(AnswerScanner.reading(AnswerSample.responsesStream, .sse, .other).usage?.total == 18)
        #expect(AnswerScanner.reading(AnswerSample.messagesStream, .sse, .other).usage?.total == 16)
    }

    @Test("what is no JSON is passed over, and the next event is read")
    func garbage() {
        let text =
            "data: }{\n\ndata: {\"usage\"\n\ndata: <html>\n\n"
            + #"data: {"choices":[],"usage":{"total_tokens":4}}"# + "\n\n"
        #expect(AnswerScanner.reading(text, .sse, .chat).usage?.total == 4)
    }

    @Test("data on several lines is one document, other fields are ignored")
    func manyLines() {
        let text =
            "id: 7\nretry: 5\ndata: {\"choices\":[],\ndata:\"usage\":\ndata: {\"total_tokens\":4}}\nfoo\ndatax: 1\n\n"
        #expect(AnswerScanner.reading(text, .sse, .chat).usage?.total == 4)
    }

    @Test("a line of 3 MiB is passed and its structure followed")
    func longLine() {
        let text =
            "data: {\"x\":\"\(String(repeating: "y\\\"usage\\\":", count: 300_000))\",\"choices\":[],\"usage\":{\"total_tokens\":4}}\n\n"
        #expect(AnswerScanner.reading(text, .sse, .chat).usage?.total == 4)
    }

    @Test("opaque answers are not looked at")
    func opaque() {
        var scanner = AnswerScanner(format: .opaque, skin: .chat)
        #expect([UInt8](AnswerSample.chatJSON).withUnsafeBytes { scanner.feed($0) } == AnswerMarks())
        #expect(scanner.usage == nil)
        #expect(scanner.isTerminated)
        #expect(!scanner.atEventBoundary)
    }

    @Test("a heartbeat may stand only where an event has ended")
    func boundaries() {
        var scanner = AnswerScanner(format: .sse, skin: .chat)
        #expect(scanner.atEventBoundary)
        var last: [UInt8] = []
        for byte in [UInt8](": c\n\ndata: {}\n\nevent: x\ndata: y\n\n") {
            _ = [byte].withUnsafeBytes { scanner.feed($0) }
            last = last.suffix(1) + [byte]
            #expect(scanner.atEventBoundary == (last == [10, 10]))
        }
    }

    @Test("with CRLF the boundary lies behind the line feed, with CR behind the return")
    func boundaryLineEnds() {
        var crlf = AnswerScanner(format: .sse, skin: .chat)
        _ = [UInt8]("data: a\r\n\r").withUnsafeBytes { crlf.feed($0) }
        #expect(!crlf.atEventBoundary)
        _ = [UInt8]("\n").withUnsafeBytes { crlf.feed($0) }
        #expect(crlf.atEventBoundary)
        var cr = AnswerScanner(format: .sse, skin: .chat)
        _ = [UInt8]("data: a\r\r").withUnsafeBytes { cr.feed($0) }
        #expect(cr.atEventBoundary)
    }
}
