/// A settled request whose answer did not tell what it cost. The upstream's
/// own record may: it is asked by the id of the generation, with the key that
/// served it.
public struct Inquiry: Sendable, Hashable {
    /// What asking has brought.
    public enum Answer: Sendable, Hashable {
        case known(Usage)
        /// The upstream has no such record, or not yet.
        case notFound
        /// The upstream could not be asked, or does not answer that key.
        case unavailable
    }

    public let settlement: Settlement
    public let key: KeyID
    public let generation: String

    /// Nil where nothing is missing, or nobody can be asked.
    public init?(_ posting: Posting) {
        guard posting.isUncertain, case .settle(let end) = posting, let key = end.key,
            let generation = end.generation, Self.isID(generation)
        else { return nil }
        settlement = end
        self.key = key
        self.generation = generation
    }

    /// It becomes part of a path: nothing that means something there.
    private static func isID(_ text: String) -> Bool {
        (1...longestID).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static let longestID = 128
}

extension Posting {
    /// Asked of every line before the rest of it is looked at: read alone, the
    /// quality is read in its place, and nothing is copied.
    fileprivate var isUncertain: Bool {
        guard case .settle(let end) = self else { return false }
        return end.quality == .estimated || end.quality == .unknown
    }
}

// What is learnt

extension Inquiry {
    /// The difference between what was settled and what is known now.
    public func correction(_ known: Usage) -> Correction {
        Correction(
            request: settlement.request, user: settlement.user, client: settlement.client, key: key,
            model: settlement.model, usage: known - settlement.usage, was: settlement.quality,
            quality: .reconciled, charged: charge(known) - settlement.charged)
    }

    private func charge(_ known: Usage) -> Int64 {
        guard isCharged else { return 0 }
        let (sum, overflow) = max(0, known.prompt).addingReportingOverflow(max(0, known.completion))
        return overflow ? Credits.most : min(sum, Credits.most)
    }

    /// What failed costs its user nothing (ruling 21), nor does what we did
    /// not live to deliver. An answer that was charged as an estimate was no
    /// failure; one that its caller left was none either.
    private var isCharged: Bool {
        guard settlement.user != .house else { return false }
        switch settlement.end {
        case .clientGone, .stalled: return true
        case .complete, .refused, .truncated, .interrupted: return settlement.charged > 0
        }
    }
}

// When to ask

extension Inquiry {
    /// To the first question: records appear a second or more after an answer.
    public static let firstPause: Int64 = 1500
    /// Between two questions, at most.
    public static let longestPause: Int64 = 600_000
    /// So long after its end a request that the upstream does not know never
    /// becomes known.
    static let searching: Int64 = 600_000
    /// So long the upstream may be out of reach.
    static let waiting: Int64 = 24 * 3_600_000

    /// All in milliseconds.
    ///
    /// - Parameters:
    ///   - tries: questions so far, this one included.
    ///   - age: since the request was settled.
    /// - Returns: how long to wait before the next question; nil: there is
    ///   none, because all is known, or never will be.
    public static func pause(after answer: Answer, tries: Int, age: Int64) -> Int64? {
        let patience: Int64
        switch answer {
        case .known: return nil
        case .notFound: patience = searching
        case .unavailable: patience = waiting
        }
        guard age < patience else { return nil }
        return min(longestPause, 1000 << Int64(min(max(1, tries), 20)))
    }
}

extension Usage {
    /// A cost that neither states stays unstated.
    fileprivate static func - (a: Self, b: Self) -> Self {
        var rest = Usage()
        rest.prompt = a.prompt.subtractingHeld(b.prompt)
        rest.completion = a.completion.subtractingHeld(b.completion)
        rest.total = a.total.subtractingHeld(b.total)
        rest.cached = a.cached.subtractingHeld(b.cached)
        rest.cacheWrite = a.cacheWrite.subtractingHeld(b.cacheWrite)
        rest.reasoning = a.reasoning.subtractingHeld(b.reasoning)
        if a.cost != nil || b.cost != nil {
            rest.cost = Money(pico: (a.cost?.pico ?? 0).subtractingHeld(b.cost?.pico ?? 0))
        }
        return rest
    }
}

extension Int64 {
    fileprivate func subtractingHeld(_ other: Int64) -> Int64 {
        let (rest, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : rest
    }
}
