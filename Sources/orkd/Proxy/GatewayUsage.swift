import ORKit

/// What a metered caller is told of its own account in an answer: the
/// `gateway_usage` of S2's sample, with its names and types.
struct GatewayUsage: Sendable {
    /// Credits.
    var charged: Int64
    var balance: Int64
    var maskedKey: String

    private func write(to json: inout ByteWriter) {
        json.put("{\"tokens_charged\":")
        json.put(decimal: charged)
        json.put(",\"user_balance_after\":")
        json.put(decimal: balance)
        json.put(",\"user_api_key\":")
        json.put(json: maskedKey)
        json.put("}")
    }

    /// The most bytes that any of the three below takes, besides the texts
    /// that only `chunk` has.
    private var bound: Int { 256 + ByteWriter.longest(json: maskedKey) }

    /// To stand before the last brace of an object that has members.
    var member: [UInt8] {
        Array(atMost: bound) { json in
            json.put(",\"gateway_usage\":")
            write(to: &json)
        }
    }

    /// An event without choices, as the last one of a chat stream with
    /// `include_usage` is.
    func chunk(of model: String?, generation: String?) -> [UInt8] {
        let (model, generation) = (model ?? "", generation ?? "")
        let texts = ByteWriter.longest(json: model) + ByteWriter.longest(json: generation)
        return Array(atMost: bound + texts) { json in
            json.put("data: {\"id\":")
            json.put(json: generation)
            json.put(",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":")
            json.put(json: model)
            json.put(",\"choices\":[],\"gateway_usage\":")
            write(to: &json)
            json.put("}\n\n")
        }
    }

    var comment: [UInt8] {
        Array(atMost: bound) { json in
            json.put(": gateway_usage ")
            write(to: &json)
            json.put("\n\n")
        }
    }
}
