/// What a model costs by an operator's word, in place of what the list says:
/// `openai/gpt-4o-mini=0.15/0.60`.
public struct PriceOverride: Hashable, Sendable {
    /// Its id in the list.
    public let model: String
    /// Of a token of the prompt, whatever class it is in.
    public let prompt: Price
    /// Of a token of the answer, whatever class it is in.
    public let completion: Price

    /// USD for a million tokens; one costs a dollar at most.
    private static let most: Int64 = 1_000_000
    private static let million: Int64 = 1_000_000

    /// Reads a model and two prices in USD for a million tokens.
    ///
    /// - Returns: nil for anything that is no such text, and for an amount with
    ///   more digits after the point than a token's price has, which is six.
    public init?(_ text: String) {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        let id = String(text[..<equals])
        let amounts = text[text.index(after: equals)...].split(
            separator: "/", omittingEmptySubsequences: false)
        guard ModelOffer.isID(id), amounts.count == 2, let prompt = Self.price(amounts[0]),
            let completion = Self.price(amounts[1])
        else { return nil }
        model = id
        self.prompt = prompt
        self.completion = completion
    }

    private static func price(_ text: Substring) -> Price? {
        // What lies below a price's last digit is rounded up there, never cut off.
        guard let amount = Price(decimal: String(text)), amount.isKnown,
            amount.pico / Money.picoPerDollar < most, amount.pico % million == 0
        else { return nil }
        return Price(pico: amount.pico / million)
    }

    /// Reads back as the same.
    public var text: String { "\(model)=\(Self.text(prompt))/\(Self.text(completion))" }

    private static func text(_ price: Price) -> String { price.perMillion?.decimal ?? "" }
}

extension ModelOffer {
    /// The same model at other prices: of a prompt of any length, cached or
    /// not, of an answer thought or said. What a request or an image costs
    /// besides stays.
    func priced(by word: PriceOverride) -> ModelOffer {
        var model = self
        (model.prices.prompt, model.prices.cachedRead, model.prices.cacheWrite) = (
            word.prompt, word.prompt, word.prompt
        )
        (model.prices.completion, model.prices.reasoning) = (word.completion, word.completion)
        (model.dearest, model.dearestLong, model.longFrom) = (model.prices, model.prices, nil)
        model.isOverridden = true
        return model
    }
}
