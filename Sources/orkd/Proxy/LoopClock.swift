import ORKit

/// The time on one event loop: every entrance from the network or a timer
/// reads the clock once, and all that follows from that event has the same
/// time. Confined to its loop.
final class LoopClock {
    private(set) var now = SystemClock.now()

    func read() { now = SystemClock.now() }
}
