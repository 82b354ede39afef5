/// What the model says and what that costs, whatever the dialect.
struct Speech: Sendable {
    var words: [String]
    /// Prompt, completion and cached tokens.
    var usage: (prompt: Int, completion: Int, cached: Int)
    /// Nil: from the prices.
    var cost: USD?
    /// Set when the request offered a tool and no result of it yet.
    var tool: (name: String, arguments: String)?

    init(_ exchange: Exchange) {
        words = Self.words(of: exchange.options.text)
        if let chunks = exchange.options.chunks { words = (0..<chunks).map { Self.word($0) } }
        let prompt = exchange.promptTokens
        usage = (prompt, words.count, exchange.warm ? prompt * 9 / 10 : 0)
        tool = Self.tool(in: exchange)
        if tool != nil { words = [] }
    }

    var text: String { words.joined() }

    func price(_ options: MockOpenRouter.Options, model: String) -> USD {
        if let cost { return cost }
        if model.hasSuffix(":free") { return .zero }
        return options.promptPrice * usage.prompt + options.completionPrice * usage.completion
    }

    /// A text as the pieces in which a model says it: words with the space
    /// before them.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        for character in text {
            if character == " " || words.isEmpty { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }

    /// The n-th word of an endless readable text.
    static func word(_ index: Int) -> String {
        let text = [
            "The", "pool", "lends", "one", "key", "at", "a", "time", "and", "counts", "every", "token.",
        ]
        return (index == 0 ? "" : " ") + text[index % text.count]
    }

    /// The first tool offered, called with an empty object or with what its
    /// required members say, unless the conversation holds a tool's result
    /// already.
    private static func tool(in exchange: Exchange) -> (name: String, arguments: String)? {
        guard let body = exchange.body, let tools = body["tools"]?.elements, let first = tools.first,
            body["tool_choice"]?.text != "none", !Self.hasResult(body)
        else { return nil }
        let function = first["function"] ?? first
        guard let name = function["name"]?.text else { return nil }
        let schema = function["parameters"] ?? function["input_schema"]
        let members = (schema?["required"]?.elements ?? []).compactMap(\.text).map { JSON.Member($0, "mock") }
        return (name, JSON.object(members).encoded)
    }

    private static func hasResult(_ body: JSON) -> Bool {
        let turns = (body["messages"]?.elements ?? []) + (body["input"]?.elements ?? [])
        return turns.contains { turn in
            turn["role"]?.text == "tool" || turn["type"]?.text == "function_call_output"
                || (turn["content"]?.elements ?? []).contains { $0["type"]?.text == "tool_result" }
        }
    }
}

extension Exchange {
    /// The good answer in the dialect and form that were asked for.
    func good(_ speech: Speech) -> Answer {
        if wantsStream { return stream(speech, options.stream) }
        let body: JSON
        switch skin {
        case .chat: body = chatCompletion(speech)
        case .completions: body = textCompletion(speech)
        case .responses: body = response(speech, status: "completed")
        case .messages: body = message(speech)
        case .embeddings: return embeddings()
        case .other: return generic()
        }
        var answer = Answer(status: 200, headers: [("X-Generation-Id", generation)], json: body)
        answer.bill = bill(speech)
        return answer
    }

    func bill(_ speech: Speech) -> Bill {
        Bill(
            generation: generation, model: model, provider: provider, promptTokens: speech.usage.prompt,
            completionTokens: speech.usage.completion, cachedTokens: speech.usage.cached,
            cost: speech.price(options, model: model), streamed: wantsStream)
    }

    /// `usage` of chat and text completions.
    func usage(_ speech: Speech) -> JSON {
        let (prompt, completion, cached) = speech.usage
        let cost = speech.price(options, model: model)
        return [
            "prompt_tokens": JSON(prompt), "completion_tokens": JSON(completion),
            "total_tokens": JSON(prompt + completion), "cost": JSON(dollars: cost), "is_byok": false,
            "prompt_tokens_details": [
                "cached_tokens": JSON(cached), "cache_write_tokens": 0, "audio_tokens": 0, "video_tokens": 0,
            ],
            "cost_details": ["upstream_inference_cost": JSON(dollars: cost)],
            "completion_tokens_details": ["reasoning_tokens": 0, "image_tokens": 0, "audio_tokens": 0],
        ]
    }

    /// `usage` of responses and messages: the same facts under other names.
    func inputOutputUsage(_ speech: Speech) -> JSON {
        let (prompt, completion, cached) = speech.usage
        let cost = JSON(dollars: speech.price(options, model: model))
        if skin == .messages {
            return [
                "input_tokens": JSON(prompt - cached), "output_tokens": JSON(completion),
                "cache_creation_input_tokens": 0, "cache_read_input_tokens": JSON(cached),
                "service_tier": "standard", "cost": cost, "is_byok": false,
            ]
        }
        return [
            "input_tokens": JSON(prompt), "output_tokens": JSON(completion),
            "total_tokens": JSON(prompt + completion),
            "input_tokens_details": ["cached_tokens": JSON(cached)],
            "output_tokens_details": ["reasoning_tokens": 0], "cost": cost, "is_byok": false,
        ]
    }
}
