/// The models the mock lists. Any other id is accepted as well.
public struct MockModel: Sendable {
    public var id: String
    public var name: String
    public var context: Int
    public var isFree: Bool { id.hasSuffix(":free") }

    public init(_ id: String, name: String? = nil, context: Int = 131_072) {
        self.id = id
        self.name = name ?? id
        self.context = context
    }

    public static let usual = [
        MockModel("openai/gpt-4o-mini", name: "OpenAI: GPT-4o-mini", context: 128_000),
        MockModel("anthropic/claude-sonnet-4.5", name: "Anthropic: Claude Sonnet 4.5", context: 200_000),
        MockModel("deepseek/deepseek-chat:free", name: "DeepSeek: Chat (free)"),
        MockModel("deepseek/deepseek-r1-0528", name: "DeepSeek: R1 0528"),
        MockModel("openai/text-embedding-3-small", name: "OpenAI: Text Embedding 3 Small", context: 8192),
    ]

    func json(_ options: MockOpenRouter.Options) -> JSON {
        let prompt = isFree ? "0" : options.promptPrice.decimal
        let completion = isFree ? "0" : options.completionPrice.decimal
        return [
            "id": .string(id), "canonical_slug": .string(id), "name": .string(name), "created": 1_790_000_000,
            "description": "A model of the mock.", "context_length": JSON(context),
            "architecture": [
                "modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"],
                "tokenizer": "Other", "instruct_type": nil,
            ],
            "pricing": [
                "prompt": .string(prompt), "completion": .string(completion), "request": "0", "image": "0",
            ],
            "top_provider": [
                "context_length": JSON(context), "max_completion_tokens": nil, "is_moderated": false,
            ],
            "per_request_limits": nil,
            "supported_parameters": ["max_tokens", "temperature", "tools", "top_p"],
        ]
    }
}

extension Exchange {
    func modelList() -> Answer {
        Answer(status: 200, json: ["data": .array(options.models.map { $0.json(options) })])
    }

    func oneModel(_ id: String) -> Answer {
        guard let model = options.models.first(where: { $0.id == id }) else {
            return refuse(Trouble(404, "Model not found", type: "not_found", namesAccount: false))
        }
        return Answer(status: 200, json: ["data": model.json(options)])
    }

    func modelEndpoints(_ id: String) -> Answer {
        guard let model = options.models.first(where: { $0.id == id }) else {
            return refuse(Trouble(404, "Model not found", type: "not_found", namesAccount: false))
        }
        var data = model.json(options)
        data["endpoints"] = .array(
            options.providers.map { provider in
                [
                    "name": .string(provider), "provider_name": .string(provider), "model_id": .string(id),
                    "context_length": JSON(model.context), "status": 0, "uptime_last_30m": 100,
                ]
            })
        return Answer(status: 200, json: ["data": data])
    }

    func providerList() -> Answer {
        let list = options.providers.map {
            JSON.object([.init("name", .string($0)), .init("slug", .string($0.lowercased()))])
        }
        return Answer(status: 200, json: ["data": .array(list)])
    }
}
