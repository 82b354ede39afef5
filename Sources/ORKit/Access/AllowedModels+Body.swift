// Every model that a request could end up with: what `model` names, and what stands in for it.

/// Why a body may not go on.
package enum ModelRefusal: Hashable, Sendable {
    /// This name is not on the list.
    case model(String)
    /// No model is named, so the upstream would choose one.
    case unnamed
    /// What names models here cannot be read for sure.
    case unreadable
}

extension AllowedModels {
    /// Looks at `model`, `models`, `fallbacks` and `preset` of a whole body.
    ///
    /// - Returns: nil when every model that could answer is permitted.
    package func refusal(in body: UnsafeRawBufferPointer) -> ModelRefusal? {
        guard case .fields(let fields) = RequestFields.scan(body, complete: true) else { return .unreadable }
        var named: [String] = []
        if let model = fields.model { named.append(model) }
        if let preset = fields.preset { named.append("@preset/" + preset) }
        for range in [fields.models, fields.fallbacks] {
            guard let range else { continue }
            guard let more = Self.names(in: Array(body[range])) else { return .unreadable }
            named += more
        }
        guard !named.isEmpty else { return .unnamed }
        return named.first { !permits($0) }.map { .model($0) }
    }

    /// Of `["a", {"model": "b"}]`; nil when an element is something else.
    private static func names(in list: [UInt8]) -> [String]? {
        guard case .array(let elements) = JSONValue(list) else { return nil }
        var names: [String] = []
        for element in elements {
            switch element {
            case .string(let name): names.append(name)
            case .object(let members):
                // Twice is once too often: which one counts is the upstream's secret.
                let models = members.filter { $0.name == "model" }
                guard models.count == 1, let name = models[0].value.string else { return nil }
                names.append(name)
            default: return nil
            }
        }
        return names
    }
}
