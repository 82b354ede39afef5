import NIOConcurrencyHelpers
import ORKit

/// Tells whoever follows events that there may be new ones. Ringing never
/// waits: a follower that is busy finds one ring when it comes back.
final class EventBell: Sendable {
    /// Followers at a time; each costs a read of the database per commit.
    static let capacity = 64

    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var count = 0
    }

    private let state = NIOLockedValueBox(State())

    func ring() {
        let listeners = state.withLockedValue { Array($0.listeners.values) }
        for listener in listeners { listener.yield() }
    }

    /// Rings from now on, until the stream is let go.
    ///
    /// - Throws: `overloaded` when there are too many already.
    func listen() throws -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = try state.withLockedValue { state in
            guard state.listeners.count < Self.capacity else {
                throw CodedError(.overloaded, "\(Self.capacity) callers follow the events already")
            }
            state.count += 1
            state.listeners[state.count] = continuation
            return state.count
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLockedValue { $0.listeners[id] = nil }
        }
        return stream
    }
}
