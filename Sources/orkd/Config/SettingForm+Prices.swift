import ORKit

extension SettingForm where Value == [PriceOverride] {
    /// Models with their prices; in a variable or a flag with commas.
    static var prices: Self {
        SettingForm(type: "list of “model=prompt/completion”") { raw in
            let texts: [String]
            switch raw {
            case .text(let text), .untyped(let text):
                texts = text.split(separator: ",").map(String.init)
            case .list(let items):
                texts = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
                if texts.count != items.count {
                    return .failure("every item must be a string such as “openai/gpt-4o-mini=0.15/0.60”")
                }
            default: return .failure("expected a list of strings, found \(raw.typeName)")
            }
            var result: [PriceOverride] = []
            for text in texts {
                guard let price = PriceOverride(text.filter { $0 != " " }) else {
                    return .failure(
                        "\(quoted(text)) is no model with its prices in USD for a million tokens, such as “v/m=0.15/0.60”"
                    )
                }
                guard !result.contains(where: { $0.model == price.model }) else {
                    return .failure("\(quoted(price.model)) is there twice")
                }
                result.append(price)
            }
            return .success(result)
        } show: {
            $0.map(\.text).joined(separator: ", ")
        }
    }
}
