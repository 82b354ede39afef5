/// Anthropic Messages (openrouter-api 4.5): named events, provisional usage at
/// the start, the final one in `message_delta`.
extension Exchange {
    func message(_ speech: Speech) -> JSON {
        let block: JSON
        if let tool = speech.tool {
            block = [
                "type": "tool_use", "id": "toolu_mock_1", "name": .string(tool.name),
                "input": JSON(parsing: tool.arguments) ?? [:],
            ]
        } else {
            block = ["type": "text", "text": .string(speech.text)]
        }
        return [
            "id": .string(generation), "type": "message", "role": "assistant", "model": .string(model),
            "provider": .string(provider), "content": [block],
            "stop_reason": speech.tool == nil ? "end_turn" : "tool_use", "stop_sequence": nil,
            "usage": inputOutputUsage(speech),
        ]
    }

    func messageStream(_ speech: Speech, _ shape: StreamShape) -> SkinStream {
        func event(_ type: String, _ members: JSON) -> SSE {
            guard case .object(let more) = members else { return SSE(members) }
            return SSE(.object([.init("type", .string(type))] + more), name: type)
        }
        var start = message(speech)
        start["content"] = []
        start["stop_reason"] = .null
        start["usage"] = ["input_tokens": 0, "output_tokens": 0]
        let block: JSON
        let deltas: [JSON]
        if let tool = speech.tool {
            block = ["type": "tool_use", "id": "toolu_mock_1", "name": .string(tool.name), "input": [:]]
            deltas = [["type": "input_json_delta", "partial_json": .string(tool.arguments)]]
        } else {
            block = ["type": "text", "text": ""]
            deltas = speech.words.map { ["type": "text_delta", "text": .string($0)] }
        }
        var stream = SkinStream()
        stream.opening = [
            event("message_start", ["message": start]),
            event("content_block_start", ["index": 0, "content_block": block]), event("ping", [:]),
        ]
        stream.pieces = deltas.map { event("content_block_delta", ["index": 0, "delta": $0]) }
        var final: JSON = [
            "delta": ["stop_reason": speech.tool == nil ? "end_turn" : "tool_use", "stop_sequence": nil],
            "usage": inputOutputUsage(speech),
        ]
        if case .absent = shape.usage { final["usage"] = ["output_tokens": 0] }
        stream.closing = [
            event("content_block_stop", ["index": 0]), event("message_delta", final),
            event("message_stop", [:]),
        ]
        stream.done = [SSE(text: "[DONE]", name: "data")]
        return stream
    }
}
