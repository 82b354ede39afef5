import Synchronization

/// Milliseconds that the test sets.
final class SteppedClock: Sendable {
    private let value = Mutex<Int64>(1_790_000_000_000)
    var milliseconds: Int64 {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
