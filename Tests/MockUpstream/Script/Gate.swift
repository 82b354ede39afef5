import NIOConcurrencyHelpers
import NIOCore

/// A point in an answer at which the mock waits until the test says go on.
///
/// A test that wants to see what happens between two bytes opens gates; it
/// never sleeps.
public final class Gate: Sendable {
    private struct State {
        var open = false
        var reached = 0
        var passing: [@Sendable () -> Void] = []
        var watching: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
    }

    private let state = NIOLockedValueBox(State())

    public init() {}

    /// Lets everybody through, now and later.
    public func open() {
        let waiting = state.withLockedValue { state in
            state.open = true
            defer { state.passing = [] }
            return state.passing
        }
        for pass in waiting { pass() }
    }

    /// Returns when that many answers have come as far as this gate.
    public func reached(by count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let now = state.withLockedValue { state in
                if state.reached >= count { return true }
                state.watching.append((count, continuation))
                return false
            }
            if now { continuation.resume() }
        }
    }

    /// Comes to the gate and returns when it is open.
    public func pass() async {
        await withCheckedContinuation { continuation in
            if arrive(later: { continuation.resume() }) { continuation.resume() }
        }
    }

    /// Calls back on the event loop as soon as the gate is open.
    func arrive(on loop: any EventLoop, then go: @escaping @Sendable () -> Void) {
        if arrive(later: { loop.execute(go) }) { go() }
    }

    /// - Returns: whether the gate is open already; else `later` is called.
    private func arrive(later: @escaping @Sendable () -> Void) -> Bool {
        let (now, seen) = state.withLockedValue { state in
            state.reached += 1
            let reached = state.reached
            let seen = state.watching.filter { $0.count <= reached }
            state.watching.removeAll { $0.count <= reached }
            if !state.open { state.passing.append(later) }
            return (state.open, seen)
        }
        for watcher in seen { watcher.resume.resume() }
        return now
    }
}
