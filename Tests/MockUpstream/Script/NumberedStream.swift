/// A chat stream in which every byte follows from the model asked for and the
/// number of events: a caller can compare digests, and a byte that belongs to
/// somebody else's stream is seen.
public struct NumberedStream: Sendable {
    public var model: String
    /// Events with text; two follow them, and `[DONE]`.
    public var events: Int

    public init(model: String, events: Int) {
        self.model = model
        self.events = events
    }

    /// What the event of that number says.
    public func text(_ number: Int) -> String { "\(model) \(number) " }

    public var digest: String { SHA256.hex((0..<events + 3).flatMap { bytes($0) }) }

    func bytes(_ number: Int) -> [UInt8] {
        switch number {
        case ..<events: event(delta: ["content": .string(text(number))], finish: nil)
        case events: event(delta: [:], finish: "stop")
        case events + 1: event(delta: nil, finish: nil)
        default: Array("data: [DONE]\n\n".utf8)
        }
    }

    /// Without a delta it is the event that states the usage.
    private func event(delta: JSON?, finish: JSON?) -> [UInt8] {
        var chunk: JSON = [
            "id": "gen-numbered", "object": "chat.completion.chunk", "created": 1, "model": .string(model),
        ]
        if let delta {
            chunk["choices"] = [["index": 0, "delta": delta, "finish_reason": finish ?? .null]]
        } else {
            chunk["choices"] = []
            chunk["usage"] = [
                "prompt_tokens": 1, "completion_tokens": JSON(events), "total_tokens": JSON(events + 1),
            ]
        }
        return Array("data: \(chunk.encoded)\n\n".utf8)
    }
}

extension Act {
    /// The numbered stream of the model asked for.
    ///
    /// - Parameters:
    ///   - gates: waits before the event of that number.
    ///   - comment: written in front of every event, if set.
    ///   - cuts: where the event of that number is cut into several writes.
    public static func numbered(
        events: Int, gap: Duration = .zero, gates: [Int: Gate] = [:], comment: String? = nil,
        cuts: @escaping @Sendable (Int) -> [Int] = { _ in [] }
    ) -> Act {
        answer { exchange in
            let stream = NumberedStream(model: exchange.model, events: events)
            var answer = Answer(
                status: 200, headers: [("Content-Type", "text/event-stream")], framing: .chunked)
            for number in 0..<events + 3 {
                if let gate = gates[number] { answer.body.append(.gate(gate)) }
                if let comment { answer.body.append(.bytes(Array(": \(comment)\n\n".utf8))) }
                answer.body.append(.bytes(stream.bytes(number), cuts: cuts(number)))
                if gap > .zero, number + 1 < events { answer.body.append(.wait(gap)) }
            }
            return answer
        }
    }
}
