import Glibc
import ORKit

/// The one place where the time is read.
enum SystemClock {
    static func now() -> Now {
        Now(
            monotonic: nanoseconds(CLOCK_MONOTONIC),
            wall: WallTime(milliseconds: nanoseconds(CLOCK_REALTIME) / 1_000_000))
    }

    /// Nanoseconds of the monotonic clock alone, for waits and deadlines.
    static func monotonic() -> Int64 { nanoseconds(CLOCK_MONOTONIC) }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
