package import ORKit

/// What an upstream may say, as the verdict that it amounts to: every scope,
/// cause and remedy that rules give, with the times they may state.
///
/// The engine's side of the contract alone: that the words of real answers
/// lead to these verdicts is the classifier's, and tested there.
package struct Utterance: Sendable {
    package let rule: String
    package let scope: FailureScope
    package let cause: Cause
    package let remedy: Remedy
    /// Milliseconds from now; nil: no time is stated.
    let wait: Int64?
    /// The same rule may have read other words.
    let words: UInt64

    private init(
        _ rule: String, _ scope: FailureScope, _ cause: Cause, _ remedy: Remedy, wait: Int64? = nil,
        words: UInt64 = 1
    ) {
        self.words = words
        self.rule = rule
        self.scope = scope
        self.cause = cause
        self.remedy = remedy
        self.wait = wait
    }

    func verdict(at now: Now) -> Verdict {
        Verdict(
            scope: scope, cause: cause, remedy: remedy,
            statedUntil: wait.map { now.wall.advanced(byMilliseconds: $0) }, evidence: "said", rule: rule,
            fingerprint: words)
    }

    static let rejection = Utterance("401-rejected", .key, .rejected, .rotate)
    static let bareLimit = Utterance("429-bare", .modelAtKey, .rateLimited, .rotate)
    static let emptyAccount = Utterance("402-credits", .account, .creditsOut, .rotate)
    static let providerLimit = Utterance(
        "429-upstream-timed", .modelAtProvider, .rateLimited, .giveUp, wait: 11_000)
    static let longProviderLimit = Utterance(
        "429-upstream-timed", .modelAtProvider, .rateLimited, .giveUp, wait: 3_600_000)
    static let noConnection = Utterance("connect-refused", .network, .unreachable, .retry)
    static let longLimit = Utterance("429-timed", .modelAtKey, .rateLimited, .rotate, wait: 4_000_000)
    static let serverError = Utterance("500-internal", .modelAtProvider, .upstreamError, .retry)
    static let truncation = Utterance("truncated", .modelAtProvider, .truncated, .retry)
    static let noName = Utterance("dns", .network, .unreachable, .retry)

    /// Waits as they are stated: none, past, short, long, and beyond belief.
    private static let waits: [Int64] = [0, -7000, 30_000, 4_000_000, 9_999_999_000]

    package static let all: [Utterance] = keys + others

    private static let keys: [Utterance] =
        [
            rejection, bareLimit,
            .init("401-rejected", .key, .rejected, .rotate, words: 2),
            .init("402-credits", .account, .creditsOut, .rotate, words: 2),
            .init("429-free-reset", .account, .rateLimited, .rotate),
            .init("429-free-daily", .account, .rateLimited, .rotate, wait: 34_000_000),
            .init("429-byok", .modelAtAccount, .rateLimited, .rotate, wait: 2000),
            emptyAccount,
            .init("402-cannot-afford", .modelAtAccount, .creditsOut, .rotate),
            .init("402-key-limit", .key, .keyLimit, .rotate),
            .init("402-key-cannot-afford", .modelAtKey, .keyLimit, .rotate),
            .init("403-key-limit-daily", .key, .keyLimit, .rotate, wait: 34_000_000),
            .init("workspace-budget", .account, .keyLimit, .rotate, wait: 864_000_000),
            .init("402-in-flight", .account, .inFlightBudget, .rotate, wait: 2000),
            .init("402-in-flight-bare", .account, .inFlightBudget, .rotate),
        ] + waits.map { .init("429-timed", .modelAtKey, .rateLimited, .rotate, wait: $0) }

    private static let others: [Utterance] = [
        serverError, truncation, noName,
        .init("402-too-dear", .request, .creditsOut, .giveUp),
        .init("429-upstream", .modelAtProvider, .rateLimited, .giveUp),
        providerLimit, longProviderLimit,
        .init("edge-429", .network, .rateLimited, .giveUp),
        .init("503-timed", .modelAtProvider, .upstreamError, .retry, wait: 5000),
        .init("503-timed-long", .modelAtProvider, .upstreamError, .retry, wait: 11_000),
        .init("504-timeout", .modelAtProvider, .slow, .retry),
        .init("unknown", .request, .malformed, .giveUp),
        .init("redirect", .provider, .malformed, .giveUp),
        .init("edge-page", .network, .edge, .retry),
        .init("edge-403", .network, .edge, .giveUp),
        noConnection,
        .init("address-refused", .network, .unreachable, .giveUp),
        .init("slow-head", .modelAtProvider, .slow, .retry),
        .init("not-http", .network, .malformed, .retry),
        .init("400-bad-request", .request, .badRequest, .relay),
        .init("403-upstream", .modelAtProvider, .badRequest, .relay),
    ]
}
