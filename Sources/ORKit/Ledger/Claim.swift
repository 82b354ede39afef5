/// What a request may cost its user at most, as far as anything tells.
public struct Claim: Sendable, Hashable {
    /// Tokens of the prompt, at most: no token is shorter than a byte.
    public var prompt: Int64
    /// Tokens of all answers together that the caller asks for; nil: it sets
    /// no bound.
    public var asked: Int64?
    /// Tokens of all answers together that the model gives; nil: not known.
    public var given: Int64?
    /// Tokens of all answers together that are held where nothing bounds them.
    public var usual: Int64
    /// Its answer can be stopped in the middle.
    public var isStream: Bool

    /// What is held for one answer of a model of which nothing is known. A
    /// choice: enough for a long answer, and not so much that one request
    /// takes all that a user has.
    public static let usualAnswer: Int64 = 131_072

    /// - Parameters:
    ///   - answers: how many are wanted of one prompt, at least 1; each may be
    ///     as long as the others.
    ///   - maxTokens: what the body allows for one answer.
    ///   - modelCap: what the model that is asked for allows for one answer, if
    ///     that is known. A fallback may allow more.
    public init(bodyBytes: Int64, answers: Int64?, maxTokens: Int64?, modelCap: Int64?, isStream: Bool) {
        let answers = max(1, answers ?? 1)
        func all(_ each: Int64) -> Int64 {
            let (product, overflow) = max(0, each).multipliedReportingOverflow(by: answers)
            return overflow ? Credits.most : min(product, Credits.most)
        }
        prompt = min(max(0, bodyBytes), Credits.most)
        asked = maxTokens.map(all)
        given = modelCap.map(all)
        usual = all(Self.usualAnswer)
        self.isStream = isStream
    }

    /// What the prompt will hardly exceed: four bytes to a token.
    public var likelyPrompt: Int64 { prompt / 4 + 1 }

    /// What it cannot exceed; nil: there is no such bound.
    public var most: Int64? {
        switch (asked, given) {
        case (let asked?, let given?): prompt + min(asked, given)
        case (let bound?, nil), (nil, let bound?): prompt + bound
        case (nil, nil): nil
        }
    }
}

/// What a request holds of its user's credits (ruling 18).
public enum Hold: Sendable, Hashable {
    /// All that it can cost: it never costs more than is there.
    case strict(Int64)
    /// Some of it. A stream holds more while it runs and is stopped when there
    /// is no more; other answers may cost more than is held, once.
    case elastic(Int64)
    /// It would cost more than is there.
    case refused(required: Int64, available: Int64)

    public var credits: Int64 {
        switch self {
        case .strict(let credits), .elastic(let credits): credits
        case .refused: 0
        }
    }
}

extension Books {
    /// What a stream holds at first besides its prompt, and by how much it
    /// grows: credits.
    public static let step: Int64 = 1024

    /// Holds credits for a request that is to begin.
    ///
    /// A bound that the caller states holds in full or not at all. Who states
    /// none begins as long as anything is left: a stream with a step, any
    /// other with what the model can give, or with what models usually can,
    /// or with all there is.
    public mutating func admit(_ claim: Claim, of user: UserID) -> Hold {
        let free = self[user]?.free ?? 0
        let bound = claim.most
        if claim.asked != nil, let bound {
            return hold(bound, of: user) ? .strict(bound) : .refused(required: bound, available: max(0, free))
        }
        guard free > 0 else { return .refused(required: claim.likelyPrompt, available: 0) }
        if claim.isStream { return .elastic(holdSome(claim.likelyPrompt + Self.step, of: user)) }
        if let bound, hold(bound, of: user) { return .strict(bound) }
        return .elastic(holdSome(bound ?? claim.prompt + claim.usual, of: user))
    }
}
