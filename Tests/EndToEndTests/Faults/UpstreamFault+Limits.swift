import MockUpstream
import ORKit

/// Credentials, money and rates: what is about a key, its account, or the
/// model; and what becomes of it when every key hears it.
extension UpstreamFault {
    static let limits: [UpstreamFault] = [
        .rotated("401", 503, .keyRejected, .state(.suspect)) { _, _ in .unauthorized },
        .rotated("402, the account's credit", 503, .accountCreditsOut, again: 60, .exhaustedAccount) { _, _ in
            .refuse(.creditsOut)
        },
        .rotated("402, the key's own limit", 503, .keyLimitReached, again: 60, .state(.exhausted)) { _, _ in
            .refuse(.keyTooSmall("monthly", wanted: 100, affordable: 0))
        },
        .rotated(
            "402, less than the request wants", 503, .accountCreditsOut, again: 60,
            .rests(.model(seconds: 60), .failure)
        ) { _, _ in .refuse(.accountTooSmall(wanted: 100, affordable: 10)) },
        .waited(
            "402, too much in flight, again in 3 s", 503, .accountCreditsOut, again: 3,
            .rests(.models(":paid", seconds: 3), .failure)
        ) { _, _ in .refuse(.inFlightBudget(retryAfter: 3)) },
        .rotated(
            "402, too much in flight, again in 11 s", 503, .accountCreditsOut, again: 11,
            .rests(.models(":paid", seconds: 11), .failure)
        ) { _, _ in .refuse(.inFlightBudget(retryAfter: 11)) },
        .final("402, this request is too dear", .no(503, .accountCreditsOut, 1), .nothing) { _, _ in
            .refuse(.tooDear)
        },
        .rotated("403, the key's limit is spent", 503, .keyLimitReached, again: 60, .state(.exhausted)) {
            _, _ in .refuse(.keySpent("total"))
        },
        .rotated("429, bare", 429, .allKeysResting, again: 60, .rests(.model(seconds: 60))) { _, _ in
            .bare429
        },
        .waited("429, Retry-After: 3", 429, .allKeysResting, again: 3, .rests(.model(seconds: 3))) { _, _ in
            .retryAfter("3")
        },
        .rotated("429, Retry-After: 11", 429, .allKeysResting, again: 11, .rests(.model(seconds: 11))) {
            _, _ in .retryAfter("11")
        },
        .rotated("429, a date in 30 s", 429, .allKeysResting, again: 30, .rests(.model(seconds: 30))) {
            _, _ in .datedLimit(seconds: 30)
        },
        .rotated("429, again in ten years", 429, .allKeysResting, again: 60, .rests(.model(seconds: 60))) {
            _, _ in .retryAfter("315360000")
        },
        .rotated(
            "429 of the free tier, until in 20 s", 429, .allKeysResting, again: 20,
            .rests(.models(":free", seconds: 20)), free: true
        ) { _, _ in .freeTierLimit(seconds: 20) },
        .final(
            "429 of the provider, again in 11 s", .no(429, .upstreamRateLimited, 1, again: 11), .nothing
        ) { _, _ in .refuse(.upstreamLimit(retryAfter: 11)) },
    ]

    static let everyKey: [UpstreamFault] = [
        .everyKey("RST, whatever the key", .no(502, .upstreamUnreachable, 3, usage: .unknown), .failure) {
            _ in
            thrice(.resetAtOnce)
        },
        .everyKey("silence, whatever the key", .no(504, .upstreamSlow, 3), .failure, .head) { _ in
            thrice(.silence)
        },
        .everyKey("500, whatever the key", .no(502, .upstreamError, 3), .failure) { _ in
            thrice(.status(500))
        },
        .everyKey("401 to every key", .no(503, .keyRejected, 3, again: 1), .failure) { _ in
            thrice(.unauthorized)
        },
        .everyKey("402 to every account", .no(503, .accountCreditsOut, 3, again: 1), .failure) { _ in
            thrice(.refuse(.creditsOut))
        },
        .everyKey(
            "403 to every key, its limit is spent", .no(503, .keyLimitReached, 3, again: 1), .failure
        ) { _ in thrice(.refuse(.keySpent("total"))) },
        .everyKey(
            "429, bare, to every key", .no(429, .upstreamRateLimited, 3, again: 1), KeyMark(count: .limited)
        ) { _ in thrice(.bare429) },
        .everyKey(
            "429 to every key, again in 30, 7 and 20 s", .no(429, .allKeysResting, 3, again: 7),
            .rests(.model(seconds: 30))
        ) { _ in [.retryAfter("30"), .retryAfter("7"), .retryAfter("20")] },
        .everyKey(
            "401, 402 and 429, one each", .no(503, .allKeysResting, 3, again: 60), .state(.suspect)
        ) { _ in [.unauthorized, .refuse(.creditsOut), .retryAfter("60")] },
        .everyKey(
            "500, then 429 to the others", .no(429, .upstreamRateLimited, 3, usage: .unknown), .failure
        ) { _ in [.status(500), .bare429, .bare429] },
    ]

    static let all: [UpstreamFault] =
        way + head + held + begun + end + success + redirects + callersFault + server + limits + everyKey

    private static func thrice(_ act: Act) -> [Act] { [act, act, act] }
}

extension KeyMark {
    /// Money is proved missing for paid models alone (openrouter-api 6.5).
    static let exhaustedAccount = KeyMark(
        count: .failure, state: .exhausted, rest: .models(":paid", seconds: 60))
}
