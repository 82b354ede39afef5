// Quota: what keys may do in a window of time, how much of it is left, when it will be used up.
// Here: quotas that operators set and what is counted of them, what the upstream says is left of its own limits.
// Not here: refusals of the upstream, which rest keys as verdicts (Rules). Imports nothing.

/// What a key may do in a window of time, as an operator says: so many
/// requests, so many tokens, or both.
///
/// A request counts when it is sent, whatever becomes of it; tokens count as
/// the upstream states them.
public struct Quota: Sendable, Hashable {
    /// Nil: not bounded; one of the two always is.
    public let requests: Int64?
    public let tokens: Int64?
    public let window: QuotaWindow

    /// More than anybody uses, and far from where sums overflow.
    public static let most: Int64 = 1_000_000_000_000_000

    /// Nil when nothing is bounded, or a bound is out of range.
    public init?(requests: Int64?, tokens: Int64?, window: QuotaWindow) {
        guard requests != nil || tokens != nil,
            [requests, tokens].allSatisfy({ $0.map((1...Self.most).contains) ?? true })
        else { return nil }
        self.requests = requests
        self.tokens = tokens
        self.window = window
    }

    /// What is counted (QA-03).
    public enum Unit: String, Sendable, CaseIterable, Codable { case requests, tokens, mixed }

    public var unit: Unit {
        if tokens == nil { return .requests }
        return requests == nil ? .tokens : .mixed
    }

    /// `1000 requests, 50000 tokens, daily`.
    public var text: String {
        let parts = [requests.map { "\($0) requests" }, tokens.map { "\($0) tokens" }, window.text]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// What is left; nothing is never less than nothing. Nil: not bounded.
    func left(after used: QuotaAmount) -> (requests: Int64?, tokens: Int64?) {
        (requests.map { max(0, $0 - used.requests) }, tokens.map { max(0, $0 - used.tokens) })
    }

    /// Whether so much may still be used that it is worth coming back: a
    /// twentieth, or one.
    func isWorthwhile(after used: QuotaAmount) -> Bool {
        let left = left(after: used)
        return zip([requests, tokens], [left.requests, left.tokens]).allSatisfy { total, left in
            guard let total, let left else { return true }
            return left >= max(1, total / 20)
        }
    }

    func isSpent(after used: QuotaAmount) -> Bool {
        let left = left(after: used)
        return left.requests == 0 || left.tokens == 0
    }
}

/// Requests and tokens, as they are counted together.
public struct QuotaAmount: Sendable, Hashable {
    public var requests: Int64
    public var tokens: Int64

    public init(requests: Int64 = 0, tokens: Int64 = 0) {
        self.requests = requests
        self.tokens = tokens
    }

    static func + (a: Self, b: Self) -> Self {
        QuotaAmount(
            requests: sum(a.requests, b.requests), tokens: sum(a.tokens, b.tokens))
    }

    static func - (a: Self, b: Self) -> Self {
        QuotaAmount(requests: max(0, a.requests - b.requests), tokens: max(0, a.tokens - b.tokens))
    }

    /// Amounts are never negative, so only the upper end can be passed.
    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
