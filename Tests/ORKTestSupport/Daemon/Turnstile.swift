import NIOConcurrencyHelpers

/// Lets a few daemons run at a time: tests start all at once, and a machine
/// with two cores would otherwise be measured, not the daemon.
final class Turnstile: Sendable {
    static let daemons = Turnstile(places: 3)
    /// Whether the task has a place already.
    @TaskLocal static var isInside = false

    private struct State {
        var free: Int
        var queue: [(wanted: Int, resume: CheckedContinuation<Void, Never>)] = []
    }

    let places: Int
    private let state: NIOLockedValueBox<State>

    init(places: Int) {
        self.places = places
        state = NIOLockedValueBox(State(free: places))
    }

    /// First come, first served, so that whoever wants all places gets them.
    func enter(_ wanted: Int) async {
        await withCheckedContinuation { continuation in
            let now = state.withLockedValue { state in
                if state.queue.isEmpty, state.free >= wanted {
                    state.free -= wanted
                    return true
                }
                state.queue.append((wanted, continuation))
                return false
            }
            if now { continuation.resume() }
        }
    }

    func leave(_ count: Int) {
        let admitted = state.withLockedValue { state in
            state.free += count
            var admitted: [CheckedContinuation<Void, Never>] = []
            while let first = state.queue.first, first.wanted <= state.free {
                state.free -= first.wanted
                admitted.append(first.resume)
                state.queue.removeFirst()
            }
            return admitted
        }
        for continuation in admitted { continuation.resume() }
    }
}
