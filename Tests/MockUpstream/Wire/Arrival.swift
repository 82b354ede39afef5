import NIOCore
import NIOHTTP1

/// A request while it is arriving.
struct Arrival {
    var request: RecordedRequest
    let route: String?
    let keepAlive: Bool
    /// True when the answer did not wait for the body.
    var answered = false
    private var hash = SHA256()
    private var json: [UInt8] = []
    private let keeps: Bool
    /// No dialect's body is ever read beyond this.
    private static let largestJSON = 64 << 20

    init(_ head: HTTPRequestHead, connection: Int, turn: Int, mock: MockOpenRouter) {
        let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(target.first ?? "")
        let route = Self.route(path)
        let headers = head.headers.map { (name: $0.name, value: $0.value) }
        let key = Self.credential(headers, skin: Skin(route: route))
        self.route = route
        keepAlive = head.isKeepAlive
        keeps = mock.options.keepRequests
        request = mock.journal.begin { number in
            RecordedRequest(
                number: number, connection: connection, turn: turn, method: head.method.rawValue, path: path,
                query: target.count > 1 ? String(target[1]) : nil, headers: headers, key: key, headAt: .now)
        }
    }

    mutating func take(_ bytes: ByteBufferView) {
        request.bodySize += bytes.count
        if keeps { hash.update(bytes) }
        if json.count < Self.largestJSON { json.append(contentsOf: bytes) }
    }

    /// The body's fields, once it is complete.
    private(set) var body: JSON?

    mutating func finish(_ trailers: HTTPHeaders?, mock: MockOpenRouter) {
        if keeps { request.bodyDigest = hash.finish() }
        if json.count <= mock.options.keepBodies { request.body = json }
        request.trailers = (trailers ?? [:]).map { (name: $0.name, value: $0.value) }
        body = JSON(parsing: json)
        json = []
        request.model = body?["model"]?.text
        request.stream = body?["stream"]?.isTrue ?? false
        request.receivedAt = .now
        mock.journal.update(request, .received)
    }

    /// `/v1` and `/api/v1` are the same API.
    private static func route(_ path: String) -> String? {
        for prefix in ["/api/v1", "/v1"] where path.hasPrefix(prefix + "/") {
            return String(path.dropFirst(prefix.count))
        }
        return nil
    }

    /// The bearer; on messages `x-api-key` wins (openrouter-api 12.13).
    private static func credential(_ headers: [(name: String, value: String)], skin: Skin) -> String? {
        func first(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
        if skin == .messages, let key = first("x-api-key") { return key }
        guard let value = first("authorization"), value.lowercased().hasPrefix("bearer ") else { return nil }
        let token = value.dropFirst("bearer ".count).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
