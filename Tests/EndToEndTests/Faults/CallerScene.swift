import MockUpstream
import ORKTestSupport
import Testing

/// Where a caller's fault is made: one connection to a daemon, a model of its
/// own, and what was agreed about leaving.
final class CallerScene: Sendable {
    let daemon: DaemonFixture
    let wire: Wire
    /// Of this cell alone.
    let model: String
    let way: CallerFault.Way
    let turn: Int
    /// Of the mock's journal, when the cell began.
    let mark: Int

    init(_ daemon: DaemonFixture, model: String, way: CallerFault.Way, turn: Int) async throws {
        self.daemon = daemon
        self.model = model
        self.way = way
        self.turn = turn
        mark = daemon.mock.mark
        wire = try await daemon.caller.wire()
    }

    func script(_ acts: Act...) { daemon.mock.script(.model(model), acts) }

    func body(stream: Bool = false) -> [UInt8] {
        Array(Caller.chatBody(model: model, stream: stream).encoded.utf8)
    }

    func head(length: Int?, _ headers: [(String, String)] = []) -> [UInt8] {
        daemon.caller.head("POST", "/v1/chat/completions", headers: headers, length: length)
    }

    /// A whole chat request.
    func request(stream: Bool = false) -> [UInt8] {
        let body = body(stream: stream)
        return head(length: body.count) + body
    }

    /// Sends a request for a stream and reads so many events of the answer.
    @discardableResult
    func stream(through events: Int) async throws -> Reply {
        try await wire.send(request(stream: true))
        return try await wire.beginReply { $0.events.count >= events }.soFar
    }

    /// When a request of this cell has come to the upstream.
    func arrived() async throws {
        try await daemon.mock.first(.received, from: mark) { [model] in $0.request?.model == model }
    }

    /// The upstream's connection was closed so long after the caller had left.
    func cancelled(after delay: Duration) {
        #expect(delay < .milliseconds(100), "\(model): the upstream was told after \(delay)")
    }

    /// Leaves as agreed.
    ///
    /// - Returns: when.
    @discardableResult
    func leave() async throws -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        switch way {
        case .fin: await wire.close()
        case .rst: await wire.reset()
        case .half: try await wire.finishSending()
        case .stays: break
        }
        return now
    }
}
