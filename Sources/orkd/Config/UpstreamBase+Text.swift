import ORKit

extension UpstreamBase {
    static let openRouter = known("https://openrouter.ai/api")

    /// As it is shown: with the `/v1` that every request has.
    var text: String {
        "\(isTLS ? "https" : "http")://\(hostField)\(String(decoding: prefix, as: UTF8.self))/v1"
    }

    /// One of our own, which is well formed.
    private static func known(_ text: String) -> UpstreamBase {
        guard let base = normalise(text) else { preconditionFailure("not a base URL") }
        return base
    }
}
