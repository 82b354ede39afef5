public import MockUpstream

/// Who calls the data port: an endpoint and a credential, and requests in the
/// words of tests. One connection per request unless one is handed in.
public struct Caller: Sendable {
    public var endpoint: Endpoint
    /// Sent as a bearer; nil sends none.
    public var key: String?
    public var patience = Duration.seconds(20)
    /// Keeps what all connections of this caller heard.
    private let transcripts: Transcripts?

    public init(_ endpoint: Endpoint, key: String?, transcripts: Transcripts? = nil) {
        self.endpoint = endpoint
        self.key = key
        self.transcripts = transcripts
    }

    public func wire() async throws -> Wire {
        try await Wire.connect(
            endpoint, patience: patience, transcript: transcripts?.begin("an answer of \(endpoint.authority)")
        )
    }

    @discardableResult
    public func get(_ target: String, headers: [(String, String)] = []) async throws -> Reply {
        try await send("GET", target, headers: headers)
    }

    @discardableResult
    public func post(_ target: String, _ body: JSON, headers: [(String, String)] = []) async throws -> Reply {
        try await send("POST", target, headers: headers, body: Array(body.encoded.utf8))
    }

    /// One sample without labels of `/metrics`, which this caller may read;
    /// nil when there is none of that name.
    public func metric(_ name: String) async throws -> Double? {
        let line = try await get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Double($0.dropFirst(name.utf8.count + 1)) }
    }

    /// The request most tests want: chat, one user message.
    @discardableResult
    public func chat(
        model: String = "openai/gpt-4o-mini", stream: Bool = false, _ text: String = "hello",
        on wire: Wire? = nil
    ) async throws -> Reply {
        try await send(
            "POST", "/v1/chat/completions",
            body: Array(Self.chatBody(model: model, stream: stream, text).encoded.utf8),
            on: wire)
    }

    /// A request that belongs to no conversation: the strategy alone chooses
    /// the key.
    @discardableResult
    public func complete(model: String = "openai/gpt-4o-mini") async throws -> Reply {
        try await post("/v1/completions", ["model": .string(model), "prompt": "hello"])
    }

    public static func chatBody(
        model: String = "openai/gpt-4o-mini", stream: Bool = false, _ text: String = "hello"
    )
        -> JSON
    {
        [
            "model": .string(model), "stream": .bool(stream),
            "messages": [["role": "user", "content": .string(text)]],
        ]
    }

    @discardableResult
    public func send(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        on given: Wire? = nil
    ) async throws -> Reply {
        let wire = if let given { given } else { try await wire() }
        try await wire.send(head(method, target, headers: headers, length: body?.count) + (body ?? []))
        let reply = try await wire.reply(answersHead: method == "HEAD")
        if given == nil { await wire.close() }
        return reply
    }

    /// The bytes of a request head.
    public func head(_ method: String, _ target: String, headers: [(String, String)] = [], length: Int?)
        -> [UInt8]
    {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        let names = Set(headers.map { $0.0.lowercased() })
        if !names.contains("host") { text += "Host: \(endpoint.authority)\r\n" }
        if let key, !names.contains("authorization") { text += "Authorization: Bearer \(key)\r\n" }
        if let length, !names.contains("content-length"), !names.contains("transfer-encoding") {
            if !names.contains("content-type") { text += "Content-Type: application/json\r\n" }
            text += "Content-Length: \(length)\r\n"
        }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
