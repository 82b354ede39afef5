import NIOConcurrencyHelpers
import NIOCore

/// A point in an answer at which the mock waits until the test says go on.
///
/// A test that wants to see what happens between two bytes opens gates; it
/// never sleeps.
public final class Gate: Sendable {
    /// A test that waits for what does not come must fail, not hang.
    public struct NeverReached: Error {}

    private struct Watcher {
        let number: Int
        let count: Int
        let resume: CheckedContinuation<Void, any Error>
        let deadline: Task<Void, any Error>
    }

    private struct State {
        var open = false
        var reached = 0
        var passing: [@Sendable () -> Void] = []
        var watched = 0
        var watching: [Watcher] = []
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
    ///
    /// - Throws: `NeverReached` when they do not come.
    public func reached(by count: Int = 1, within patience: Duration = .seconds(60)) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let now = state.withLockedValue { state in
                if state.reached >= count { return true }
                state.watched += 1
                let number = state.watched
                // Begun under the lock: it cannot give up what is not there yet.
                let deadline = Task {
                    try await Task.sleep(for: patience)
                    giveUp(number)
                }
                state.watching.append(
                    Watcher(number: number, count: count, resume: continuation, deadline: deadline))
                return false
            }
            if now { continuation.resume() }
        }
    }

    private func giveUp(_ number: Int) {
        let late = state.withLockedValue { state in
            defer { state.watching.removeAll { $0.number == number } }
            return state.watching.first { $0.number == number }
        }
        late?.resume.resume(throwing: NeverReached())
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
        for watcher in seen {
            watcher.deadline.cancel()
            watcher.resume.resume()
        }
        return now
    }
}
