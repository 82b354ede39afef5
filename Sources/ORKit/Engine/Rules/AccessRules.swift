extension Rule {
    /// In every dialect: the credential was not accepted (6.4).
    static let rejected = Rule("401-rejected", .key, .rejected, .rotate) { $0.status == 401 }

    /// The 403s that are about a key's or a workspace's own limit (6.6).
    static let access = [
        Rule(
            "403-key-limit-daily", .key, .keyLimit, .rotate,
            impliedEnd: .nextDay
        ) { $0.isKeyLimit("daily") },
        Rule(
            "403-key-limit-weekly", .key, .keyLimit, .rotate,
            impliedEnd: .nextWeek
        ) { $0.isKeyLimit("weekly") },
        Rule(
            "403-key-limit-monthly", .key, .keyLimit, .rotate,
            impliedEnd: .nextMonth
        ) { $0.isKeyLimit("monthly") },
        Rule("403-key-limit", .key, .keyLimit, .rotate) { $0.isKeyLimit(nil) },
        Rule("403-budget", .account, .keyLimit, .rotate) {
            $0.status == 403 && ($0.message.contains("budget of $") || $0.isAccountBudget)
        },
        Rule("403-management-only", .request, .badRequest, .relay) {
            $0.status == 403 && $0.message.contains("Only management keys")
        },
    ]
}

extension Reading {
    fileprivate func isKeyLimit(_ period: String?) -> Bool {
        guard status == 403,
            message.hasPrefix("Key limit exceeded") || limitSource == "openrouter_key_limit" || isKeyBudget
        else { return false }
        return period.map { message.contains($0) } ?? true
    }
}
