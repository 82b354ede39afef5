public import MockUpstream

/// An answer as a caller sees it.
public struct Reply: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    /// Without framing.
    public var body: [UInt8] = []
    /// Whether the framing came to its proper end.
    public var complete = false
    /// 1xx answers before it.
    public var informational: [Int] = []
    /// When the first byte of the body, and the last, were seen.
    public var firstByteAt: ContinuousClock.Instant?
    public var endedAt: ContinuousClock.Instant?

    public var text: String { String(decoding: body, as: UTF8.self) }
    public var json: JSON? { JSON(parsing: body) }
    public var digest: String { SHA256.hex(body) }

    public func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    public func value(_ name: String) -> String? { values(name).first }

    /// `error.code` of an error in the OpenAI shape; `error.type` of one in
    /// Anthropic's when there is no code.
    public var errorCode: String? { json?["error"]?["code"]?.text ?? json?["error"]?["type"]?.text }
    public var errorMessage: String? { json?["error"]?["message"]?.text }

    /// The payloads of the data lines of an event stream.
    public var events: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("data:") }
            .map { String($0.dropFirst("data:".count).drop { $0 == " " }).filter { $0 != "\r" } }
    }

    /// All pieces of text of a chat stream.
    public var streamedText: String {
        events.compactMap { JSON(parsing: $0)?["choices"]?.elements?.first?["delta"]?["content"]?.text }
            .joined()
    }
}
