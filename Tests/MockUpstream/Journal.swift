import NIOConcurrencyHelpers
import NIOCore

/// Everything that happened, in order, and whoever waits for more.
final class Journal: Sendable {
    private struct Waiter {
        let id: Int
        let kind: MockEvent.Kind
        let matches: @Sendable (MockEvent) -> Bool
        let resume: CheckedContinuation<MockEvent, any Error>
    }

    private struct State {
        var requests: [RecordedRequest] = []
        var events: [MockEvent] = []
        var waiters: [Waiter] = []
        var connections = 0
        var heads = 0
        var waits = 0
    }

    private let state = NIOLockedValueBox(State())
    /// False for load runs: requests are counted, not kept.
    private let keeps: Bool

    init(keeps: Bool) { self.keeps = keeps }

    var requests: [RecordedRequest] { state.withLockedValue { $0.requests } }
    var events: [MockEvent] { state.withLockedValue { $0.events } }
    var connections: Int { state.withLockedValue { $0.connections } }
    var heads: Int { state.withLockedValue { $0.heads } }

    func connected() -> Int {
        let number = state.withLockedValue { state in
            state.connections += 1
            return state.connections
        }
        note(.connected, connection: number)
        return number
    }

    /// A new request; `make` gets its number.
    func begin(_ make: (Int) -> RecordedRequest) -> RecordedRequest {
        let request = state.withLockedValue { state in
            state.heads += 1
            let request = make(state.heads)
            if keeps { state.requests.append(request) }
            return request
        }
        note(.head, connection: request.connection, request: request)
        return request
    }

    /// Keeps the newest form of a request and tells whoever waits for it.
    func update(_ request: RecordedRequest, _ kind: MockEvent.Kind?) {
        guard keeps else { return }
        state.withLockedValue { $0.requests[request.number - 1] = request }
        if let kind { note(kind, connection: request.connection, request: request) }
    }

    func note(_ kind: MockEvent.Kind, connection: Int, request: RecordedRequest? = nil) {
        guard keeps else { return }
        let event = MockEvent(kind: kind, connection: connection, request: request, at: .now)
        let told = state.withLockedValue { state in
            state.events.append(event)
            let told = state.waiters.filter { $0.kind == kind && $0.matches(event) }
            state.waiters.removeAll { waiter in told.contains { $0.id == waiter.id } }
            return told
        }
        for waiter in told { waiter.resume.resume(returning: event) }
    }

    /// The first such event at or after that place in the journal, now or
    /// later.
    func first(
        _ kind: MockEvent.Kind, from: Int, patience: Duration, on loop: any EventLoop,
        where matches: @escaping @Sendable (MockEvent) -> Bool
    ) async throws -> MockEvent {
        try await withCheckedThrowingContinuation { continuation in
            let id: Int? = state.withLockedValue { state in
                if let known = state.events.dropFirst(from).first(where: { $0.kind == kind && matches($0) }) {
                    continuation.resume(returning: known)
                    return nil
                }
                state.waits += 1
                state.waiters.append(
                    Waiter(id: state.waits, kind: kind, matches: matches, resume: continuation))
                return state.waits
            }
            if let id { loop.scheduleTask(in: patience.timeAmount) { self.giveUp(id) } }
        }
    }

    private func giveUp(_ id: Int) {
        let (waiter, seen) = state.withLockedValue { state in
            let place = state.waiters.firstIndex { $0.id == id }
            let seen = state.events.suffix(20).map {
                "\($0.kind) \($0.request.map { "#\($0.number)" } ?? "")"
            }
            return (place.map { state.waiters.remove(at: $0) }, seen)
        }
        waiter?.resume.resume(throwing: MockTimeout(waitedFor: waiter?.kind ?? .head, seen: seen))
    }

    var place: Int { state.withLockedValue { $0.events.count } }
}
