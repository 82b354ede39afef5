/// When `GET /key` is asked about a key again although nothing is wrong with
/// it.
///
/// Every key has a moment of its own in each half of the interval, drawn from
/// its id and the calendar, not from when the daemon started: after an import
/// and after a restart the questions are as far apart as ever, and a daemon
/// that is started often still asks about all keys in the end.
struct ReportSchedule: Sendable {
    private let step: Int64

    /// - Parameter interval: between two reports about one key, milliseconds.
    ///   Nil when it is 0: never.
    init?(every interval: Int64) {
        guard interval > 0 else { return nil }
        step = max(1, interval / 2)
    }

    /// The key's first moment that is yet to come, at least half an interval
    /// after what was last told: so an interval after it at the latest.
    ///
    /// - Parameter told: when an answer last came; nil: never, or not this time.
    func due(_ key: KeyID, told: WallTime?, at now: WallTime) -> WallTime {
        // A clock that went back must not make anybody wait for long.
        let earliest = told.map { min($0, now).advanced(byMilliseconds: step) } ?? now
        let after = max(earliest, now).milliseconds
        let moment = Int64(truncatingIfNeeded: Self.drawn(key) % UInt64(step))
        let (count, rest) = (after &- moment).quotientAndRemainder(dividingBy: step)
        let past = rest < 0 ? count - 1 : count
        return WallTime(milliseconds: (past &+ 1) &* step &+ moment)
    }

    /// Ids are given in a row; their moments must not be.
    private static func drawn(_ key: KeyID) -> UInt64 {
        var generator = SeededGenerator(seed: UInt64(bitPattern: key.raw))
        return generator.next()
    }
}
