/// Chat and text completions (openrouter-api 3.1 and 4.1).
extension Exchange {
    func chatCompletion(_ speech: Speech) -> JSON {
        var message: JSON = [
            "role": "assistant", "content": speech.tool == nil ? .string(speech.text) : nil, "refusal": nil,
            "reasoning": nil,
        ]
        if let tool = speech.tool {
            message["tool_calls"] = [
                [
                    "index": 0, "id": "call_mock_1", "type": "function",
                    "function": ["name": .string(tool.name), "arguments": .string(tool.arguments)],
                ]
            ]
        }
        let finish: JSON = speech.tool == nil ? "stop" : "tool_calls"
        return [
            "id": .string(generation), "object": "chat.completion", "created": JSON(created),
            "model": .string(model),
            "provider": .string(provider), "system_fingerprint": nil, "service_tier": nil,
            "choices": [
                [
                    "index": 0, "logprobs": nil, "finish_reason": finish, "native_finish_reason": finish,
                    "message": message,
                ]
            ],
            "usage": usage(speech),
        ]
    }

    func textCompletion(_ speech: Speech) -> JSON {
        [
            "id": .string(generation), "object": "text_completion", "created": JSON(created),
            "model": .string(model),
            "provider": .string(provider),
            "choices": [
                ["index": 0, "logprobs": nil, "finish_reason": "stop", "text": .string(speech.text)]
            ],
            "usage": usage(speech),
        ]
    }

    func chatChunk(delta: JSON, finish: String?) -> JSON {
        [
            "id": .string(generation), "object": "chat.completion.chunk", "created": JSON(created),
            "model": .string(model), "provider": .string(provider),
            "choices": [
                [
                    "index": 0, "delta": delta, "finish_reason": JSON(finish),
                    "native_finish_reason": JSON(finish),
                ]
            ],
        ]
    }

    private func textChunk(_ text: String, finish: String?) -> JSON {
        [
            "id": .string(generation), "object": "text_completion", "created": JSON(created),
            "model": .string(model),
            "provider": .string(provider),
            "choices": [["index": 0, "text": .string(text), "finish_reason": JSON(finish), "logprobs": nil]],
        ]
    }

    func chatStream(_ speech: Speech, _ shape: StreamShape) -> SkinStream {
        var stream = SkinStream()
        stream.pieces = speech.words.map {
            chatChunk(delta: ["content": .string($0), "role": "assistant"], finish: nil)
        }
        .map { SSE($0) }
        if let tool = speech.tool { stream.pieces = toolPieces(tool) }
        let empty: JSON = ["content": "", "role": "assistant"]
        let finish = speech.tool == nil ? "stop" : "tool_calls"
        stream.closing = closing(
            speech, shape, last: chatChunk(delta: empty, finish: finish),
            empty: chatChunk(delta: empty, finish: nil))
        stream.done = [SSE(text: "[DONE]")]
        return stream
    }

    func textStream(_ speech: Speech, _ shape: StreamShape) -> SkinStream {
        var stream = SkinStream()
        stream.pieces = speech.words.map { SSE(textChunk($0, finish: nil)) }
        stream.closing = closing(
            speech, shape, last: textChunk("", finish: "stop"), empty: textChunk("", finish: nil))
        stream.done = [SSE(text: "[DONE]")]
        return stream
    }

    /// The call in three deltas, its arguments cut in the middle as providers
    /// do.
    private func toolPieces(_ tool: (name: String, arguments: String)) -> [SSE] {
        let half = tool.arguments.index(tool.arguments.startIndex, offsetBy: tool.arguments.count / 2)
        let starts: JSON = [
            "index": 0, "id": "call_mock_1", "type": "function",
            "function": ["name": .string(tool.name), "arguments": ""],
        ]
        let halves = [tool.arguments[..<half], tool.arguments[half...]].map { part -> JSON in
            ["index": 0, "function": ["arguments": .string(String(part))]]
        }
        return ([starts] + halves).map { call in
            SSE(chatChunk(delta: ["role": "assistant", "content": nil, "tool_calls": [call]], finish: nil))
        }
    }

    private func closing(_ speech: Speech, _ shape: StreamShape, last: JSON, empty: JSON) -> [SSE] {
        var counted: JSON
        switch shape.usage {
        case .absent: return [SSE(last)]
        case .withFinish:
            counted = last
            counted["usage"] = usage(speech)
            return [SSE(counted)]
        case .emptyChoices:
            counted = last
            counted["choices"] = []
        case .nullFinish: counted = empty
        case .repeatedFinish: counted = last
        }
        counted["usage"] = usage(speech)
        return [SSE(last), SSE(counted)]
    }
}
