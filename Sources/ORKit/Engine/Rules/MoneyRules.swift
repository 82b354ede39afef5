extension Rule {
    /// 402 (6.5, 6.7 7). An answer that says how many tokens the money left
    /// would buy proves only that this request was too dear: the model rests, on
    /// the key or on all keys of the account, and the others do not.
    static let money = [
        Rule("402-transient", .account, .inFlightBudget, .rotate) { $0.status == 402 && $0.hasRetryAfter },
        Rule("402-key-cannot-afford", .modelAtKey, .keyLimit, .rotate) {
            $0.status == 402 && $0.isAboutKeySettings && ($0.affordableTokens ?? 0) > 0
        },
        Rule("402-key-limit", .key, .keyLimit, .rotate) { $0.status == 402 && $0.isAboutKeySettings },
        Rule("402-cannot-afford", .modelAtAccount, .creditsOut, .rotate) {
            $0.status == 402 && ($0.affordableTokens ?? 0) > 0
        },
        Rule("402-never-funded", .account, .creditsOut, .rotate) {
            $0.status == 402 && $0.message.contains("never purchased credits")
        },
        Rule("402-credits", .account, .creditsOut, .rotate) { $0.status == 402 },
    ]
}
