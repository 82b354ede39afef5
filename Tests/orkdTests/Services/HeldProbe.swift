import ORKit
import Synchronization

@testable import orkd

/// An upstream that answers a question when the test lets it.
final class HeldProbe: KeyProbe {
    private struct State {
        var begun = 0
        var underWay = 0
        var peak = 0
        var isOpen = false
        var held: [CheckedContinuation<Void, Never>] = []
        var watcher: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    func probe(_ secret: Secret) async -> ProbeAnswer {
        await withCheckedContinuation { continuation in
            let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.begun += 1
                state.underWay += 1
                state.peak = max(state.peak, state.underWay)
                var released: [CheckedContinuation<Void, Never>] = []
                if state.isOpen { released.append(continuation) } else { state.held.append(continuation) }
                if let watcher = state.watcher, state.begun >= watcher.count {
                    state.watcher = nil
                    released.append(watcher.continuation)
                }
                return released
            }
            for continuation in released { continuation.resume() }
        }
        state.withLock { $0.underWay -= 1 }
        return .valid(KeyInfo())
    }

    /// Returns once so many questions were asked.
    func begins(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.begun < count { state.watcher = (count, continuation) }
                return state.begun >= count
            }
            if isThere { continuation.resume() }
        }
    }

    /// Answers one of the questions that wait: not the first one.
    func answerOne() {
        let released = state.withLock { $0.held.isEmpty ? nil : $0.held.removeLast() }
        released?.resume()
    }

    /// Answers those that wait, and from now on at once.
    func open() {
        let released = state.withLock { state in
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in released { continuation.resume() }
    }

    var begun: Int { state.withLock { $0.begun } }
    /// The most that were under way at once.
    var peak: Int { state.withLock { $0.peak } }
}
