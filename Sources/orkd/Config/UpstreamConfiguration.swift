import ORKit

/// `[upstream]`: where requests go.
struct UpstreamConfiguration: Sendable, Hashable {
    var baseURL = UpstreamBase.openRouter
    /// To connect, TLS included. Milliseconds, like all times.
    var connect: Int64 = 10_000
    /// To the head of the answer: a slow model thinks this long.
    var head: Int64 = 600_000
    /// How long an unused connection is kept.
    var keepAlive: Int64 = 60_000
    /// The list of models is asked for anew when it is older; 0: only when
    /// somebody wants it.
    var modelsEvery: Int64 = 3_600_000
    /// What holds in place of the list's prices.
    var prices: [PriceOverride] = []
    /// Answers that do not say what they cost are asked for.
    var fetchUsage = true
    /// Sent as `HTTP-Referer` when the caller sent none; empty: nothing is.
    var siteURL = ""
    /// Sent as `X-Title` when the caller sent none; empty: nothing is.
    var siteName = ""
    /// Addresses of this machine or a private network are allowed although
    /// the configured host is a name (promise 4).
    var privateAddresses = false
    /// PEM file with the certificates to trust instead of the system's; empty:
    /// the system's.
    var caFile = ""
}
