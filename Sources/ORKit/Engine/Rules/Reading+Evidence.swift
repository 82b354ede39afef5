extension Reading {
    /// The line that is kept of the answer: its message, the members that
    /// rules look at, and where the time is from. What a request was refused
    /// for may repeat the prompt, so of that the beginning has to do.
    func evidence(_ prefix: String, for scope: FailureScope) -> String {
        let isAboutRequest = scope == .request
        let words = Evidence.part(message, atMost: isAboutRequest ? 80 : 140)
        return Evidence.line([
            words.isEmpty ? prefix : "\(prefix) \(words)",
            member("type", type), member("limit_source", limitSource), member("reason", reason),
            member("scope", budgetScope), member("availability", availability),
            member("provider", providerName ?? ""), isBYOK ? "byok" : nil, end?.words,
            isAboutRequest || raw == message ? nil : member("raw", raw ?? "", atMost: 80),
        ])
    }

    private func member(_ name: String, _ value: String, atMost length: Int = 64) -> String? {
        let value = Evidence.part(value, atMost: length)
        return value.isEmpty ? nil : "\(name)=\(value)"
    }

    /// The same for the same trouble, whoever hears it.
    func fingerprint(_ rule: Rule) -> UInt64 {
        Fingerprint.of(rule: rule.name, status: status, [type, limitSource, message])
    }
}
