/// What a request cost, beside what a dry run says of one with as many tokens.
///
/// Computed when it is asked for. The list of prices is the one of that
/// moment, and says when it was fetched.
public struct ComparedCostView: Codable, Sendable, Equatable {
    /// By the list of prices, as if nothing were cached; a decimal string.
    public var estimate: String
    /// What the upstream has stated, then or since; absent while it has not.
    public var actual: String?
    /// The actual cost less the estimate.
    public var error: String?
    /// Of the estimate, with two digits after the point; absent where that is
    /// nothing.
    public var errorPercent: String?
    public var currency: String
    /// When the upstream said what these prices are, RFC 3339.
    public var pricesAsOf: String
    /// The list was fetched after the request began: when it did, the prices
    /// may have been others.
    public var pricesAreLater: Bool
    /// The price of its model is an operator's, who may have stated it since.
    public var pricesAreOverridden: Bool

    /// Nil when no tokens are known, or no price for them.
    ///
    /// - Parameter asOf: when the table was fetched.
    public init?(_ table: PriceTable, asOf: WallTime, model: String, usage: Usage, startedAt: WallTime) {
        guard usage.prompt > 0 || usage.completion > 0,
            let view = CostView(
                table, model: model, input: max(0, usage.prompt), output: max(0, usage.completion)),
            let expected = Money(decimal: view.amount.utf8)
        else { return nil }
        estimate = view.amount
        currency = view.currency
        pricesAsOf = asOf.rfc3339
        pricesAreLater = asOf.milliseconds > startedAt.milliseconds
        pricesAreOverridden = table[model]?.isOverridden ?? false
        guard let cost = usage.cost else { return }
        actual = cost.decimal
        let (difference, overflow) = cost.pico.subtractingReportingOverflow(expected.pico)
        guard !overflow else { return }
        error = Money(pico: difference).decimal
        errorPercent = Self.percent(difference, of: expected.pico)
    }

    /// Cut off towards zero.
    private static func percent(_ part: Int64, of whole: Int64) -> String? {
        guard whole > 0 else { return nil }
        let (product, overflow) = part.multipliedReportingOverflow(by: 10_000)
        // Of so much, what is lost of the whole is nothing.
        let hundredths = overflow ? part / max(1, whole / 10_000) : product / whole
        let digits = hundredths.magnitude % 100
        return (hundredths < 0 ? "-" : "") + "\(hundredths.magnitude / 100)."
            + (digits < 10 ? "0" : "") + "\(digits)"
    }

    private enum CodingKeys: String, CodingKey {
        case estimate, actual, error, currency
        case errorPercent = "error_percent"
        case pricesAsOf = "prices_as_of"
        case pricesAreLater = "prices_are_later"
        case pricesAreOverridden = "prices_are_overridden"
    }
}
