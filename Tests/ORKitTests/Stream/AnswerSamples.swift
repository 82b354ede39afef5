@testable import ORKit

/// Answers as they go over the wire (openrouter-api.md 3 and 4).
enum AnswerSample {
    static let chatJSON = """
        {"id":"gen-1790000000-AbCdEfGhIjKlMnOpQrSt","object":"chat.completion","created":1790000000,
         "model":"vendor/model","provider":"ProviderName","system_fingerprint":null,"service_tier":null,
         "choices":[{"index":0,"logprobs":null,"finish_reason":"stop","native_finish_reason":"stop",
           "message":{"role":"assistant","content":"\\"usage\\":{\\"prompt_tokens\\":999}","refusal":null,
           "usage":{"prompt_tokens":998},"reasoning":null}}],
         "usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22,"cost":0.000004,"is_byok":false,
           "prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":4,"audio_tokens":0,"video_tokens":0},
           "cost_details":{"upstream_inference_cost":0.1,"cost":7,"prompt_tokens":997},
           "completion_tokens_details":{"reasoning_tokens":1,"image_tokens":0,"audio_tokens":0}}}
        """

    /// With a last chunk that repeats the finish reason (2026-07/08).
    static let chatStream = """
        : OPENROUTER PROCESSING

        data: {"id":"gen-1-x","object":"chat.completion.chunk","created":1,"model":"v/m","choices":[{"index":0,"delta":{"content":"data: {\\"usage\\":{\\"prompt_tokens\\":5}}","role":"assistant"},"finish_reason":null,"native_finish_reason":null}],"usage":null}

        data: {"id":"gen-1-x","object":"chat.completion.chunk","created":1,"model":"v/m","choices":[{"index":0,"delta":{"content":"","role":"assistant"},"finish_reason":"stop","native_finish_reason":"stop"}]}

        data: {"id":"gen-1-x","object":"chat.completion.chunk","created":1,"model":"v/m","service_tier":null,"choices":[{"index":0,"delta":{"content":"","role":"assistant"},"finish_reason":"stop"}],"usage":{"prompt_tokens":15,"completion_tokens":6,"total_tokens":21,"cost":0.0000058,"is_byok":false}}

        data: [DONE]


        """

    static let responsesStream = """
        data: {"type":"response.created","response":{"id":"gen-2-y","object":"response","status":"in_progress","usage":null,"error":null},"sequence_number":0}

        data: {"type":"response.output_text.delta","delta":"\\"usage\\":{\\"input_tokens\\":1}","usage":{"input_tokens":99},"sequence_number":3}

        data: {"type":"response.completed","response":{"id":"gen-2-y","output":[{"usage":{"input_tokens":98}}],"usage":{"input_tokens":11,"input_tokens_details":{"cached_tokens":4},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":18,"cost":0.00002}},"sequence_number":9}

        data: [DONE]


        """

    static let messagesStream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"gen-3-z","type":"message","role":"assistant","content":[],"usage":{"input_tokens":0,"output_tokens":0}}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"event: message_stop\\n\\n"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":9,"output_tokens":4,"cache_read_input_tokens":2,"cache_creation_input_tokens":1,"cost":0.5}}

        event: message_stop
        data: {"type":"message_stop"}

        event: data
        data: [DONE]


        """
}

extension AnswerScanner {
    /// Feeds one text after another and ends the body.
    static func reading(_ pieces: [[UInt8]], _ format: AnswerFormat, _ skin: Skin) -> AnswerScanner {
        var scanner = AnswerScanner(format: format, skin: skin)
        for piece in pieces { _ = piece.withUnsafeBytes { scanner.feed($0) } }
        scanner.finish()
        return scanner
    }

    static func reading(_ text: String, _ format: AnswerFormat, _ skin: Skin) -> AnswerScanner {
        reading([[UInt8](text)], format, skin)
    }
}
