/// OpenAI Responses (openrouter-api 4.4): frames without `event:`, each with
/// its `type` and `sequence_number`, and a `[DONE]` that OpenAI itself does
/// not send.
extension Exchange {
    /// The response object; without output and usage while it is running.
    func response(_ speech: Speech, status: String) -> JSON {
        let complete = status == "completed"
        let item = responseItem(speech, complete: complete)
        return [
            "id": .string(generation), "object": "response", "created_at": JSON(created),
            "status": .string(status),
            "model": .string(model), "error": nil, "incomplete_details": nil, "instructions": nil,
            "metadata": [:], "parallel_tool_calls": true, "temperature": nil, "top_p": nil,
            "tool_choice": "auto",
            "tools": body?["tools"] ?? [], "output": complete ? [item] : [],
            "usage": complete ? inputOutputUsage(speech) : nil,
        ]
    }

    private func responseItem(_ speech: Speech, complete: Bool) -> JSON {
        let status: JSON = complete ? "completed" : "in_progress"
        if let tool = speech.tool {
            return [
                "type": "function_call", "id": "fc_tmp_1", "call_id": "call_mock_1",
                "name": .string(tool.name),
                "arguments": complete ? .string(tool.arguments) : "", "status": status,
            ]
        }
        return [
            "type": "message", "id": "msg_tmp_1", "role": "assistant", "status": status,
            "content": complete ? [outputText(speech.text)] : [],
        ]
    }

    private func outputText(_ text: String) -> JSON {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    func responseStream(_ speech: Speech, _ shape: StreamShape) -> SkinStream {
        var number = 0
        func event(_ type: String, _ members: JSON) -> SSE {
            guard case .object(let more) = members else { return SSE(members) }
            defer { number += 1 }
            return SSE(
                .object([.init("type", .string(type)), .init("sequence_number", JSON(number))] + more))
        }
        let place: [JSON.Member] = [
            .init("item_id", "msg_tmp_1"), .init("output_index", 0), .init("content_index", 0),
        ]
        var stream = SkinStream()
        stream.opening = ["response.created", "response.in_progress"].map {
            event($0, ["response": response(speech, status: "in_progress")])
        }
        stream.opening.append(
            event(
                "response.output_item.added",
                ["output_index": 0, "item": responseItem(speech, complete: false)]))
        if let tool = speech.tool {
            let call: [JSON.Member] = [.init("item_id", "fc_tmp_1"), .init("output_index", 0)]
            stream.pieces = [
                event(
                    "response.function_call_arguments.delta",
                    .object(call + [.init("delta", .string(tool.arguments))]))
            ]
            stream.closing = [
                event(
                    "response.function_call_arguments.done",
                    .object(
                        call + [
                            .init("name", .string(tool.name)), .init("arguments", .string(tool.arguments)),
                        ]))
            ]
        } else {
            stream.opening.append(
                event("response.content_part.added", .object(place + [.init("part", outputText(""))])))
            stream.pieces = speech.words.map { word in
                event(
                    "response.output_text.delta",
                    .object(place + [.init("delta", .string(word)), .init("logprobs", [])]))
            }
            stream.closing = [
                event(
                    "response.output_text.done",
                    .object(place + [.init("text", .string(speech.text)), .init("logprobs", [])])),
                event(
                    "response.content_part.done", .object(place + [.init("part", outputText(speech.text))])),
            ]
        }
        stream.closing.append(
            event(
                "response.output_item.done",
                ["output_index": 0, "item": responseItem(speech, complete: true)]))
        var final = response(speech, status: "completed")
        if case .absent = shape.usage { final["usage"] = .null }
        stream.closing.append(event("response.completed", ["response": final]))
        stream.done = [SSE(text: "[DONE]")]
        return stream
    }
}
