import MockUpstream

/// Answers whose every byte is known beforehand.
enum AnswerBytes {
    static func event(_ word: String) -> [UInt8] {
        let chunk =
            #"{"id":"gen-1","choices":[{"index":0,"delta":{"content":"\#(word)"},"finish_reason":null}]}"#
        return Array("data: \(chunk)\n\n".utf8)
    }

    static let comment = Array(": OPENROUTER PROCESSING\n\n".utf8)
    static let finish = Array(
        (#"data: {"id":"gen-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"# + "\n\n").utf8)
    static let done = Array("data: [DONE]\n\n".utf8)
    /// A chat stream from its first comment to its end.
    static let chat = comment + event("Hel") + event("lo") + finish + done

    /// A Messages stream as Anthropic would end it.
    static let messages = Array(
        ("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3}}}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":2}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n").utf8)

    /// One event, and behind the gate another one and the end.
    static func gated(_ gate: Gate) -> Act {
        stream([.text(event("a")), .gate(gate), .text(event("b") + done)])
    }

    /// An event stream in these pieces: each is one chunk, gates and pauses
    /// stand between.
    static func stream(_ parts: [Answer.Part], ending: Answer.Ending = .finish) -> Act {
        .answer { _ in
            Answer(
                status: 200, headers: [("Content-Type", "text/event-stream")], body: parts, framing: .chunked,
                ending: ending)
        }
    }
}

extension Answer.Part {
    static func text(_ bytes: [UInt8]) -> Answer.Part { .bytes(bytes, cuts: []) }
}
