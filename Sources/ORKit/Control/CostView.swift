/// What a request would cost by the list of prices.
public struct CostView: Codable, Sendable {
    /// A decimal string.
    public var amount: String
    public var currency: String
    /// `high`: the tokens are those that were asked about; `low`: of the
    /// answer is only known what it can be at most.
    public var confidence: String
    public var inputTokens: Int64
    public var outputTokens: Int64
    /// Whatever classes these tokens are charged in; absent where there is no
    /// bound.
    public var most: String?

    /// Nil when the model, a price, or how long its answer can be is unknown.
    ///
    /// - Parameter output: nil: as much as the model can say.
    public init?(_ table: PriceTable, model name: String, input: Int64, output: Int64?) {
        guard let model = table[name], let said = output ?? model.longestAnswer ?? model.context else {
            return nil
        }
        var usage = Usage()
        (usage.prompt, usage.completion) = (input, said)
        guard let cost = table.estimate(usage, model: name) else { return nil }
        amount = cost.decimal
        currency = "USD"
        confidence = output == nil ? "low" : "high"
        inputTokens = input
        outputTokens = said
        most =
            table.worstCase(of: RequestBound(prompt: input, completion: said), models: [name])?.cost.decimal
    }

    private enum CodingKeys: String, CodingKey {
        case amount, currency, confidence, most
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
    }
}
