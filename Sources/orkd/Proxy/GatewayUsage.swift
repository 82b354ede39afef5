import ORKit

/// What a metered caller is told of its own account in an answer: the
/// `gateway_usage` of S2's sample, with its names and types.
struct GatewayUsage: Sendable {
    /// Credits.
    var charged: Int64
    var balance: Int64
    var maskedKey: String

    private func write(into json: inout JSONText) {
        json.raw("{\"tokens_charged\":")
        json.number(charged)
        json.raw(",\"user_balance_after\":")
        json.number(balance)
        json.raw(",\"user_api_key\":")
        json.string(maskedKey)
        json.raw("}")
    }

    /// Room for what `write` and what stands around it usually take.
    private static let usualLength = 192

    /// To stand before the last brace of an object that has members.
    var member: [UInt8] {
        var json = JSONText()
        json.reserve(Self.usualLength)
        json.raw(",\"gateway_usage\":")
        write(into: &json)
        return json.bytes
    }

    /// An event without choices, as the last one of a chat stream with
    /// `include_usage` is.
    func chunk(of model: String?, generation: String?) -> [UInt8] {
        var json = JSONText()
        json.reserve(2 * Self.usualLength)
        json.raw("data: {\"id\":")
        json.string(generation ?? "")
        json.raw(",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":")
        json.string(model ?? "")
        json.raw(",\"choices\":[],\"gateway_usage\":")
        write(into: &json)
        json.raw("}\n\n")
        return json.bytes
    }

    var comment: [UInt8] {
        var json = JSONText()
        json.reserve(Self.usualLength)
        json.raw(": gateway_usage ")
        write(into: &json)
        json.raw("\n\n")
        return json.bytes
    }
}
