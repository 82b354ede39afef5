import MockUpstream
import ORKit

// What the upstream does in the tables, where `Act` has no word for it.

extension Act {
    /// A good beginning and then that ending: before anything of it may go
    /// out, or, with a gate, after the answer has begun and when the gate is
    /// open.
    static func broken(_ form: Form, _ ending: Answer.Ending, after gate: Gate? = nil) -> Act {
        let started: Act
        switch form {
        case .stream:
            started = .stream(chunks: 3) { shape in
                shape.comments = gate == nil ? 2 : 0
                shape.fault = .end(after: gate == nil ? 0 : 3)
            }
        case .plain:
            let length = gate == nil ? 100 : 8192
            started = .answer { _ in
                let whole = Array(longAnswer([]).encoded.utf8)
                return Answer(
                    status: 200, headers: [("Content-Type", "application/json")],
                    body: [.bytes(Array(whole.prefix(length)))], framing: framing(for: ending))
            }
        }
        return started.with { answer in
            if let gate { answer.body.append(.gate(gate)) }
            answer.ending = ending
            answer.bill = nil
        }
    }

    /// Chunks where the ending is one of chunks or of their absence.
    private static func framing(for ending: Answer.Ending) -> Answer.Framing {
        switch ending {
        case .finish: .length
        case .truncatedChunk, .badChunk: .chunked
        default: .wrongLength(by: 1000)
        }
    }

    /// More than is read at once, and so more than a verdict can be on.
    private static func longAnswer(_ more: [JSON.Member]) -> JSON {
        let text = String(repeating: "lorem ipsum ", count: 4000)
        return .object(
            [
                .init("id", "gen-long"), .init("object", "chat.completion"),
                .init(
                    "choices", [["index": 0, "message": ["role": "assistant", "content": .string(text)]]]),
            ] + more)
    }

    /// A JSON answer that says only at its end that it failed.
    static let errorAtTheEnd = Act.json(
        longAnswer([.init("error", ["code": 502, "message": "upstream went away"])]))

    /// 200 of the right type and nothing in it.
    static func empty(_ form: Form) -> Act {
        let type = form == .plain ? "application/json" : "text/event-stream"
        return .answer { _ in Answer(status: 200, headers: [("Content-Type", type)]) }
    }

    /// A good answer that says it is of the other form.
    static func mislabelled(_ form: Form) -> Act {
        let type = form == .plain ? "text/event-stream" : "application/json"
        return Act.usual.with { answer in
            answer.headers.removeAll { $0.name.lowercased() == "content-type" }
            answer.headers.append(("Content-Type", type))
        }
    }

    /// An error under a 200: the whole body, or the first event.
    static func inBand(_ form: Form, _ code: Int, _ message: String) -> Act {
        let error: JSON = ["error": ["code": JSON(code), "message": .string(message)]]
        guard form == .stream else { return .json(error) }
        return .answer { _ in
            Answer(
                status: 200, headers: [("Content-Type", "text/event-stream")],
                body: [.bytes(Array("data: \(error.encoded)\n\n".utf8))], framing: .chunked)
        }
    }

    /// A good answer in six pieces, with pauses shorter than any deadline.
    static let dripping = Act.usual.with { answer in
        let payload = answer.payload
        let size = payload.count / 6 + 1
        answer.body = stride(from: 0, to: payload.count, by: size).flatMap { start -> [Answer.Part] in
            [.bytes(Array(payload[start..<min(start + size, payload.count)])), .wait(.milliseconds(100))]
        }
    }

    /// 429 until a date so many seconds from now.
    static func datedLimit(seconds: Int64) -> Act {
        .answer { exchange in
            var answer = exchange.refuse(Trouble(429, "slow down", namesAccount: false))
            let end = WallTime(milliseconds: MockOpenRouter.Options.wallClock() + seconds * 1000)
            answer.headers.append(("Retry-After", end.httpDate))
            return answer
        }
    }

    static func freeTierLimit(seconds: Int64) -> Act {
        .answer { exchange in
            let end = MockOpenRouter.Options.wallClock() + seconds * 1000
            return exchange.refuse(.freeTier(perDay: false, limit: 20, reset: end))
        }
    }
}

extension Trouble {
    /// No balance would be enough for what this request might cost.
    static let tooDear = Trouble(
        402, "This request is larger than your balance allows at once", type: "payment_required",
        metadata: [.init("limit_source", "openrouter_credits"), .init("reason", "weight_exceeds_budget")])
}
