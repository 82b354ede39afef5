import NIOConcurrencyHelpers
import ORKit

/// Where whoever wants the daemon to stop says so, and the one place that
/// waits for it.
final class StopSignal: Sendable {
    struct Reason: Sendable {
        var text: String
        /// With which the process ends, so that a supervisor starts it again.
        /// Nil: it was asked to end.
        var failure: ErrorCode?
    }

    private struct State {
        var reason: Reason?
        var waiting: CheckedContinuation<Reason, Never>?
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

    func end(_ text: String, with failure: ErrorCode? = nil) {
        let reason = Reason(text: text, failure: failure)
        let waiting = state.withLockedValue { state -> CheckedContinuation<Reason, Never>? in
            guard state.reason == nil else { return nil }
            state.reason = reason
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: reason)
    }

    /// Suspends until somebody wants the end; returns why. Called once.
    func wait() async -> Reason {
        await withCheckedContinuation { continuation in
            let reason = state.withLockedValue { state -> Reason? in
                if state.reason == nil { state.waiting = continuation }
                return state.reason
            }
            if let reason { continuation.resume(returning: reason) }
        }
    }
}
