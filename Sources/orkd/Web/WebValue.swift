/// JSON as the routes for users and administrators answer with it: members in
/// the order of their documents, and amounts of money digit by digit, which
/// no general encoder writes.
indirect enum WebValue: Sendable {
    case null
    case flag(Bool)
    case number(Int64)
    /// With a fraction, as it is to stand there.
    case decimal(String)
    case text(String)
    case list([WebValue])
    case object([(name: String, value: WebValue)])

    init(_ text: String?) { self = text.map(WebValue.text) ?? .null }
    init(_ number: Int64?) { self = number.map(WebValue.number) ?? .null }
    init(_ texts: [String]) { self = .list(texts.map(WebValue.text)) }

    /// `part` of `whole`, times `scale`, with one or two digits after the
    /// point.
    static func ratio(_ part: Int64, of whole: Int64, scale: Int64 = 1) -> WebValue {
        guard whole > 0, part > 0 else { return .decimal("0.0") }
        let hundredths = (Int128(part) * Int128(scale) * 200 + Int128(whole)) / (2 * Int128(whole))
        let (units, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        let fraction = rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0\(rest)" : "\(rest)")
        return .decimal("\(units).\(fraction)")
    }

    var bytes: [UInt8] {
        var json = JSONText()
        write(to: &json)
        return json.bytes
    }

    private func write(to json: inout JSONText) {
        switch self {
        case .null: json.raw("null")
        case .flag(let value): json.raw(value ? "true" : "false")
        case .number(let value): json.number(value)
        case .decimal(let digits): json.decimal(digits)
        case .text(let text): json.string(text)
        case .list(let values):
            json.raw("[")
            for (place, value) in values.enumerated() {
                if place > 0 { json.raw(",") }
                value.write(to: &json)
            }
            json.raw("]")
        case .object(let members):
            json.raw("{")
            for (place, member) in members.enumerated() {
                if place > 0 { json.raw(",") }
                json.string(member.name)
                json.raw(":")
                member.value.write(to: &json)
            }
            json.raw("}")
        }
    }
}

extension WebValue: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral members: (String, WebValue)...) {
        self = .object(members.map { (name: $0.0, value: $0.1) })
    }
}

extension WebValue: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
}

extension WebValue: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .flag(value) }
}
