import ORKit
import Synchronization

/// Where whoever wants the daemon to stop says so, and the one place that
/// waits for it.
final class StopSignal: Sendable {
    private struct State {
        var reason: String?
        var isUrgent = false
        var waiting: CheckedContinuation<String, Never>?
    }

    private let state = Mutex(State())

    /// A second wish is urgent: what runs is cut.
    func request(_ request: Signals.Request) {
        switch request {
        case .drain(let signal): end("signal \(signal)")
        case .exitNow(let signal):
            state.withLock { $0.isUrgent = true }
            end("signal \(signal), again")
        case .reload:
            // Nothing of the configuration can change while the daemon runs yet.
            break
        }
    }

    func end(_ reason: String) {
        let waiting = state.withLock { state -> CheckedContinuation<String, Never>? in
            guard state.reason == nil else { return nil }
            state.reason = reason
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: reason)
    }

    var isUrgent: Bool { state.withLock { $0.isUrgent } }

    /// Suspends until somebody wants the end; returns why. Called once.
    func wait() async -> String {
        await withCheckedContinuation { continuation in
            let reason = state.withLock { state -> String? in
                if state.reason == nil { state.waiting = continuation }
                return state.reason
            }
            if let reason { continuation.resume(returning: reason) }
        }
    }
}
