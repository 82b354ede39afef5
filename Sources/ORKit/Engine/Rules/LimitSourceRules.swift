extension Rule {
    /// `metadata.limit_source` says who limits (6.3); values not known here
    /// fall through to the other families.
    static let limitSources = [
        Rule(
            "429-free-tier-minute", .account, .rateLimited, .rotate,
            impliedEnd: .nextMinute
        ) { $0.status == 429 && $0.limitSource == "openrouter_free_tier_per_minute" },
        Rule(
            "429-free-tier-daily", .account, .rateLimited, .rotate,
            impliedEnd: .nextDay
        ) { $0.status == 429 && $0.limitSource == "openrouter_free_tier_daily" },
        Rule("402-in-flight-budget", .account, .inFlightBudget, .rotate) {
            $0.status == 402
                && ($0.limitSource == "openrouter_in_flight_budget"
                    || $0.reason == "in_flight_budget_exhausted")
        },
        Rule("402-request-too-dear", .request, .creditsOut, .giveUp) {
            $0.status == 402 && $0.reason == "weight_exceeds_budget"
        },
        Rule("guardrail-budget", .key, .keyLimit, .rotate) {
            [402, 403].contains($0.status) && $0.limitSource == "openrouter_guardrail_budget"
                && !$0.isAccountBudget
        },
        Rule("workspace-budget", .account, .keyLimit, .rotate) {
            [402, 403].contains($0.status)
                && ($0.limitSource == "openrouter_workspace_budget"
                    || $0.limitSource == "openrouter_guardrail_budget")
        },
    ]
}

extension Reading {
    /// A budget of each key, or of this one.
    var isKeyBudget: Bool { ["key_limit", "api_key", "workspace_default_key"].contains(budgetScope) }

    /// A budget above the key: a member's or a workspace's. Both are held to be
    /// the account's, because a pool knows no smaller thing above a key.
    var isAccountBudget: Bool {
        ["workspace", "member", "workspace_default_member"].contains(budgetScope)
    }
}
