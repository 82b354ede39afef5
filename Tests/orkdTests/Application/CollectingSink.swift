import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ORKit
import Synchronization
import Testing

@testable import orkd

/// An answer, taken in memory.
final class CollectingSink: ResponseSink {
    private struct State {
        var status: Int?
        var fields: [(String, String)] = []
        var contentLength: Int?
        var body = ByteBuffer()
        var ended = false
    }
    private let state = Mutex(State())
    /// Fails the write after so many body parts, as a caller that leaves.
    private let leavesAfter: Int?
    private let parts = Atomic<Int>(0)

    init(leavesAfter: Int? = nil) { self.leavesAfter = leavesAfter }

    func head(_ status: Int, _ fields: [(String, String)], contentLength: Int?) async throws {
        state.withLock {
            #expect($0.status == nil, "one head per answer")
            $0.status = status
            $0.fields = fields
            $0.contentLength = contentLength
        }
    }

    func body(_ buffer: ByteBuffer) async throws {
        if let leavesAfter, parts.add(1, ordering: .relaxed).newValue > leavesAfter { throw CallerLeft() }
        state.withLock { _ = $0.body.writeImmutableBuffer(buffer) }
    }

    func end() async throws { state.withLock { $0.ended = true } }

    struct CallerLeft: Error {}

    var status: Int? { state.withLock { $0.status } }
    var contentLength: Int? { state.withLock { $0.contentLength } }
    var isWhole: Bool { state.withLock { $0.ended } }
    var text: String { state.withLock { String(buffer: $0.body) } }

    /// All values of a field, whatever its case.
    func all(_ name: String) -> [String] {
        state.withLock { $0.fields.filter { $0.0.lowercased() == name.lowercased() }.map(\.1) }
    }

    func field(_ name: String) -> String? { all(name).first }

    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

extension orkd.Application {
    /// Drives one request from head to end.
    func ask(
        _ method: String, _ target: String, fields: [(String, String)] = [("Host", "orkd")],
        body: [ByteBuffer] = [],
        breaksOff: Bool = false, peer: Peer = .local(uid: 1000, gid: 1000, pid: 4711, role: .admin),
        sink: CollectingSink = CollectingSink()
    ) async throws -> CollectingSink {
        let head = try #require(HTTPRequest(method: method, target: target, fields: fields))
        let feed = body.isEmpty ? nil : BodyFeed(resume: {})
        async let answering = respond(
            to: head, peer: peer, requestID: "01hzy0000000a", body: feed, writer: sink)
        for part in body { _ = feed?.push(part) }
        if breaksOff { feed?.fail() } else { feed?.finish() }
        _ = await answering
        return sink
    }
}

/// What a test needs to read of an error in the OpenAI shape.
struct OpenAIErrorBody: Decodable {
    struct Detail: Decodable {
        var message: String
        var type: String
        var param: String?
        var code: String
        var requestID: String?
        private enum CodingKeys: String, CodingKey {
            case message, type, param, code
            case requestID = "request_id"
        }
    }
    var error: Detail
}
