import ORKit

/// What the fields of a quota may hold.
enum QuotaFields {
    /// - Throws: `bad-value` when the change leaves nothing that is bounded,
    ///   or no window.
    static func quota(_ before: Quota?, changed request: QuotaSet) throws -> Quota {
        let requests = try request.requests.map { try bound($0, "requests") } ?? before?.requests
        let tokens = try request.tokens.map { try bound($0, "tokens") } ?? before?.tokens
        guard let window = try request.window.map(Self.window) ?? before?.window else {
            throw CodedError(
                .badValue, "a quota needs a window: hourly, daily, monthly, or a duration such as 90m",
                hints: ["for example:   orkctl quota set KEY --requests 1000 --window daily"])
        }
        guard let quota = Quota(requests: requests, tokens: tokens, window: window) else {
            throw CodedError(
                .badValue, "a quota bounds requests, tokens or both",
                hints: ["take it away:   orkctl quota clear KEY"])
        }
        return quota
    }

    private static func bound(_ count: ClearableCount, _ noun: String) throws -> Int64? {
        guard let count = count.count else { return nil }
        guard (1...Quota.most).contains(count) else {
            throw CodedError(.badValue, "\(noun) are a number from 1 to \(Quota.most), or none")
        }
        return count
    }

    private static func window(_ text: String) throws -> QuotaWindow {
        guard let window = QuotaWindow(text: text) else {
            throw CodedError(
                .badValue, "a window is hourly, daily, monthly, or a duration from 1m to 32d")
        }
        return window
    }
}
