/// What requests came to: how many, how they went, what they used and cost.
/// Every number may be negative in a difference.
public struct UsageSum: Sendable, Hashable {
    public var requests: Int64 = 0
    /// Those that did not end complete.
    public var failed: Int64 = 0
    /// Tokens. `cached` and `cacheWrite` are parts of `prompt`, `reasoning` is
    /// a part of `completion`.
    public var prompt: Int64 = 0
    public var completion: Int64 = 0
    public var cached: Int64 = 0
    public var cacheWrite: Int64 = 0
    public var reasoning: Int64 = 0
    /// What upstream accounts were debited.
    public var cost = Money.zero
    /// What users were charged.
    public var credits: Int64 = 0
    /// Requests of which the numbers were computed by us.
    public var estimated: Int64 = 0
    /// Requests that may have cost something, and nothing is known.
    public var unknown: Int64 = 0

    public init() {}

    @inline(__always)
    public init(_ end: Settlement) {
        take(end.usage, credits: end.charged)
        requests = 1
        failed = end.end == .complete ? 0 : 1
        estimated = end.quality == .estimated ? 1 : 0
        unknown = end.quality == .unknown ? 1 : 0
    }

    public init(_ correction: Correction) {
        take(correction.usage, credits: correction.charged)
        estimated = correction.was == .estimated ? -1 : 0
        unknown = correction.was == .unknown ? -1 : 0
    }

    private mutating func take(_ usage: Usage, credits: Int64) {
        prompt = usage.prompt
        completion = usage.completion
        cached = usage.cached
        cacheWrite = usage.cacheWrite
        reasoning = usage.reasoning
        cost = usage.cost ?? .zero
        self.credits = credits
    }

    public var tokens: Int64 { prompt.addingHeld(completion) }

    /// Somebody said what was used, or what it cost.
    var saysSomething: Bool { tokens != 0 || cost != .zero }

    /// Sums that do not fit are held at the largest number.
    public static func + (a: Self, b: Self) -> Self {
        var sum = a
        sum.add(b)
        return sum
    }

    mutating func add(_ other: Self) {
        requests = requests.addingHeld(other.requests)
        failed = failed.addingHeld(other.failed)
        prompt = prompt.addingHeld(other.prompt)
        completion = completion.addingHeld(other.completion)
        cached = cached.addingHeld(other.cached)
        cacheWrite = cacheWrite.addingHeld(other.cacheWrite)
        reasoning = reasoning.addingHeld(other.reasoning)
        cost = cost.addingClamped(other.cost)
        credits = credits.addingHeld(other.credits)
        estimated = estimated.addingHeld(other.estimated)
        unknown = unknown.addingHeld(other.unknown)
    }
}

extension Int64 {
    /// The sum, held at the largest number that fits.
    func addingHeld(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
