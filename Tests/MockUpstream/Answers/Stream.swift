/// One event of a stream as it goes over the wire.
struct SSE: Sendable {
    var name: String?
    var data: String

    init(_ data: JSON, name: String? = nil) {
        self.name = name
        self.data = data.encoded
    }

    init(text: String, name: String? = nil) {
        self.name = name
        data = text
    }

    func bytes(end: String) -> [UInt8] {
        Array(((name.map { "event: \($0)" + end } ?? "") + "data: " + data + end + end).utf8)
    }
}

/// A stream of one dialect before switches and faults.
struct SkinStream: Sendable {
    /// Before the first piece of text.
    var opening: [SSE] = []
    /// One per piece of text.
    var pieces: [SSE] = []
    /// After the last: finish reason, usage.
    var closing: [SSE] = []
    /// `[DONE]` or the trailer, if switched on.
    var done: [SSE] = []
}

extension Exchange {
    func stream(_ speech: Speech, _ shape: StreamShape) -> Answer {
        var answer = Answer(
            status: 200,
            headers: [
                ("Content-Type", "text/event-stream"), ("Cache-Control", "no-cache"),
                ("X-Generation-Id", generation),
            ], framing: .chunked)
        answer.bill = bill(speech)
        var events = StreamWriter(shape: shape)
        events.comments(shape.comments)
        play(skinStream(speech, shape), shape, into: &events, answer: &answer)
        answer.body = events.parts
        if shape.merged { answer.body = [.bytes(answer.payload)] }
        if !shape.cuts.isEmpty { answer.split(at: shape.cuts) }
        return answer
    }

    private func play(
        _ stream: SkinStream, _ shape: StreamShape, into events: inout StreamWriter, answer: inout Answer
    ) {
        if case .errorFirst(let code)? = shape.fault {
            events.write(errorEvent(code, midStream: false))
            answer.bill = nil
            return
        }
        if shape.fault?.after != 0 {
            for piece in stream.opening { events.write(piece) }
        }
        for (index, piece) in stream.pieces.enumerated() {
            if broke(shape.fault, at: index, into: &events, answer: &answer) { return }
            if index > 0, shape.gap > .zero { events.parts.append(.wait(shape.gap)) }
            events.write(piece)
        }
        if broke(shape.fault, at: stream.pieces.count, into: &events, answer: &answer) { return }
        for piece in stream.closing { events.write(piece) }
        if shape.done {
            for piece in stream.done { events.write(piece) }
        }
    }

    private func broke(
        _ fault: StreamShape.Fault?, at index: Int, into events: inout StreamWriter, answer: inout Answer
    )
        -> Bool
    {
        guard let fault, fault.after == index else { return false }
        answer.bill = nil
        switch fault {
        case .errorFirst: break
        case .error(let code, _): events.write(errorEvent(code, midStream: true))
        case .end: answer.ending = .close
        case .cut: answer.ending = .cut
        case .reset: answer.ending = .reset
        case .stall: answer.ending = .stall
        case .truncatedChunk: answer.ending = .truncatedChunk
        case .badChunk: answer.ending = .badChunk
        }
        return true
    }

    private func skinStream(_ speech: Speech, _ shape: StreamShape) -> SkinStream {
        switch skin {
        case .chat, .other, .embeddings: chatStream(speech, shape)
        case .completions: textStream(speech, shape)
        case .responses: responseStream(speech, shape)
        case .messages: messageStream(speech, shape)
        }
    }

    private func errorEvent(_ code: Int, midStream: Bool) -> SSE {
        let trouble = Trouble.providerDown(code, provider: provider)
        let type = trouble.type ?? "server"
        switch skin {
        case .messages:
            return SSE(
                [
                    "type": "error",
                    "error": [
                        "type": .string(trouble.anthropicType), "message": "upstream went away",
                        "error_type": .string(type),
                    ],
                ], name: "error")
        case .responses:
            return SSE([
                "type": "error", "code": "server_error", "message": "upstream went away", "param": nil,
                "sequence_number": 0,
            ])
        case .chat, .completions, .embeddings, .other:
            var chunk = chatChunk(delta: ["content": "", "role": "assistant"], finish: "error")
            if !midStream { chunk["choices"] = [] }
            chunk["error"] = [
                "code": JSON(code), "message": "upstream went away",
                "metadata": ["error_type": .string(type)],
            ]
            return SSE(chunk)
        }
    }
}

/// Puts events, comments and gates in order.
private struct StreamWriter {
    let shape: StreamShape
    var parts: [Answer.Part] = []
    private var written = 0

    init(shape: StreamShape) { self.shape = shape }
    private var lineEnd: String { shape.crlf ? "\r\n" : "\n" }

    mutating func comments(_ count: Int) {
        for _ in 0..<count {
            parts.append(.bytes(Array((": OPENROUTER PROCESSING" + lineEnd + lineEnd).utf8)))
        }
    }

    mutating func write(_ event: SSE) {
        if let gate = shape.gates[written] { parts.append(.gate(gate)) }
        parts.append(.bytes(event.bytes(end: lineEnd)))
        written += 1
        if let every = shape.commentEvery, written % every == 0 { comments(1) }
    }
}

extension StreamShape.Fault {
    /// How many pieces of text come before it.
    var after: Int {
        switch self {
        case .errorFirst: 0
        case .error(_, let after), .end(let after), .cut(let after), .reset(let after), .stall(let after),
            .truncatedChunk(let after), .badChunk(let after):
            after
        }
    }
}
