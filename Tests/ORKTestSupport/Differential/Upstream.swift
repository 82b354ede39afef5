import ORKit

/// Where requests are sent on to, and what that may change in them.
public struct Upstream: Sendable {
    public var host: String
    /// What the base URL puts before `/v1`.
    public var prefix: String
    public var key: String

    public init(host: String, prefix: String, key: String) {
        self.host = host
        self.prefix = prefix
        self.key = key
    }

    /// Writes the request as the proxy does; nil when the path does not lead
    /// to the upstream.
    func send(_ head: RequestHead, source: UnsafeRawBufferPointer, _ message: ReadMessage) -> OwnReading.Sent?
    {
        guard case .proxy(let path) = TargetPath.decide(method: head.method, path: source.part(head.path))
        else { return nil }
        let framing: BodyFraming =
            if case .none = head.framing { .none } else { .length(Int64(message.body.count)) }
        let bound = HeadWriter.requestBound(
            source: source.count, path: prefix.utf8.count + path.upstream.count, secret: key.utf8.count)
        var length = 0
        var bytes = [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            length = HeadWriter.writeRequest(
                head, source: source, base: Array(prefix.utf8), path: path.upstream,
                query: head.query.map { source.part($0) }, host: Array(host.utf8),
                secret: Secret(Array(key.utf8)), framing: framing, attribution: .none,
                into: UnsafeMutableRawBufferPointer(room))
            count = length
        }
        bytes += message.body
        return OwnReading.Sent(bytes: bytes, expected: expected(message))
    }

    /// The message that must reach the upstream: what was read, changed as
    /// documented (docs/parsers.md) and in no other way. Written down here
    /// once more on purpose: the product's own lists prove nothing about
    /// themselves.
    public func expected(_ message: ReadMessage) -> ReadMessage {
        let words = message.start.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        let spelling = Self.spellings.first { words[1].hasPrefix($0) } ?? ""
        let target = "\(prefix)/v1\(words[1].dropFirst(spelling.count))"
        let named = Set(
            values(message, "connection").flatMap { $0.lowercased().split(separator: ",").map(\.trimmed) })
        var fields = [
            "host: \(host)", "authorization: Bearer \(key)", "accept-encoding: identity",
        ].map { Array($0.utf8) }
        fields += message.fields.filter { field in
            let name = String(decoding: field.prefix { $0 != 0x3A }, as: UTF8.self)
            return !Self.replaced.contains(name)
                && !Self.families.contains { name.hasPrefix($0) && name != $0 }
                && !named.contains(name)
        }
        let hasBody =
            !values(message, "content-length").isEmpty || !values(message, "transfer-encoding").isEmpty
        if hasBody || ["POST", "PUT", "PATCH"].contains(words[0]) {
            fields.append(Array("content-length: \(message.body.count)".utf8))
        }
        return ReadMessage(
            start: Array("\(words[0]) \(target) 1".utf8), fields: fields, body: message.body,
            isComplete: true)
    }

    /// Of the prefix below which everything is proxied, the longest first.
    private static let spellings = ["/openrouter/v1", "/openrouter", "/api/v1", "/v1"]

    private func values(_ message: ReadMessage, _ name: String) -> [String] {
        message.fields.filter { $0.starts(with: "\(name): ".utf8) }
            .map { String(decoding: $0.dropFirst(name.utf8.count + 2), as: UTF8.self) }
    }

    /// Fields that do not go on: of one connection, written anew, credentials
    /// of the caller, what other hops said about it.
    private static let replaced: Set<String> = [
        "connection", "keep-alive", "te", "trailer", "upgrade", "http2-settings", "proxy-connection",
        "host", "content-length", "transfer-encoding", "expect", "accept-encoding",
        "authorization", "x-api-key", "x-client-api-key", "cookie", "set-cookie", "x-provider-api-keys",
        "proxy-authorization", "proxy-authenticate",
        "forwarded", "x-real-ip", "via",
    ]

    /// As `replaced`, by how the name begins.
    private static let families = ["x-forwarded-", "cf-", "ork-"]
}
