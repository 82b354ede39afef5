public import ORKit

/// Time that moves only when the test says so.
public struct TestClock: Sendable {
    public private(set) var now: Now

    /// Starts on 2026-11-21T00:00:00Z.
    public init(wall: WallTime = WallTime(milliseconds: 1_795_219_200_000)) {
        now = Now(monotonic: 1_000_000_000, wall: wall)
    }

    public mutating func advance(by duration: Duration) {
        let nanoseconds =
            duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
        now.monotonic += nanoseconds
        now.wall = now.wall.advanced(byMilliseconds: nanoseconds / 1_000_000)
    }

    /// The wall clock is set; what measures waits does not notice.
    public mutating func setWall(_ wall: WallTime) { now.wall = wall }
}
