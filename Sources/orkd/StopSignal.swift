import NIOConcurrencyHelpers
import ORKit

/// Where whoever wants the daemon to stop says so, and the one place that
/// waits for it.
final class StopSignal: Sendable {
    private struct State {
        var reason: String?
        var waiting: CheckedContinuation<String, Never>?
    }

    private let state = NIOLockedValueBox(State())
    /// Ends when what runs is to be cut. For one reader.
    let urgency: AsyncStream<Void>
    private let urgent: AsyncStream<Void>.Continuation

    init() { (urgency, urgent) = AsyncStream.makeStream() }

    /// Stop, and do not wait for what runs.
    func hurry(_ reason: String) {
        urgent.finish()
        end(reason)
    }

    func end(_ reason: String) {
        let waiting = state.withLockedValue { state -> CheckedContinuation<String, Never>? in
            guard state.reason == nil else { return nil }
            state.reason = reason
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: reason)
    }

    /// Suspends until somebody wants the end; returns why. Called once.
    func wait() async -> String {
        await withCheckedContinuation { continuation in
            let reason = state.withLockedValue { state -> String? in
                if state.reason == nil { state.waiting = continuation }
                return state.reason
            }
            if let reason { continuation.resume(returning: reason) }
        }
    }
}
