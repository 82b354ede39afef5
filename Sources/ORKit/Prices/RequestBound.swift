/// What is known of a request before it is sent. Media other than counted
/// images have no bound: such a request has none either.
public struct RequestBound: Hashable, Sendable {
    /// No more tokens than this; nil: nobody knows.
    public var prompt: Int64?
    /// The most tokens of one answer as the caller wants it; nil: the model's
    /// own bound holds.
    public var completion: Int64?
    /// How many answers are wanted (`n`).
    public var answers: Int64 = 1
    public var images: Int64 = 0

    public init(prompt: Int64?, completion: Int64? = nil) {
        self.prompt = prompt
        self.completion = completion
    }

    /// Nil when there is no bound. Every answer may have its prompt charged.
    func worstCase(with model: ModelOffer) -> WorstCase? {
        guard let prompt, prompt >= 0,
            let completion = completion ?? model.longestAnswer ?? model.context, completion >= 0
        else { return nil }
        let prices = model.bound(prompt: prompt)
        guard let asked = prices.promptBound.times(prompt),
            let said = prices.completionBound.times(completion),
            let request = prices.request.times(1), let images = prices.image.times(images),
            let once = asked.adding(said)?.adding(request)?.adding(images)
        else { return nil }
        let answers = max(1, answers)
        let (sum, sumOverflow) = prompt.addingReportingOverflow(completion)
        let (tokens, overflow) = sum.multipliedReportingOverflow(by: answers)
        guard !sumOverflow, !overflow, let cost = Price(pico: once.pico).times(answers) else { return nil }
        return WorstCase(tokens: tokens, cost: cost)
    }
}

/// The most that a request can use.
public struct WorstCase: Hashable, Sendable {
    /// Prompts and answers together.
    public let tokens: Int64
    public let cost: Money

    public init(tokens: Int64, cost: Money) {
        self.tokens = tokens
        self.cost = cost
    }
}
