/// Tells a caller that reads slowly from one that has stopped reading: as
/// long as less and less waits to be sent, somebody reads.
struct StallWatch {
    /// Of the beginning, or of the latest progress; nil while off.
    private var since: Int64?
    /// What waited at the last look.
    private var waiting: Int?
    /// When to look again. To ask a channel costs microseconds, and thousands
    /// may be stalled at a time: every second would be felt by the others.
    private var next: Int64 = 0

    var isOn: Bool { since != nil }

    /// Does nothing while on.
    mutating func start(at now: Int64) {
        guard since == nil else { return }
        since = now
        waiting = nil
        next = now
    }

    mutating func stop() { since = nil }

    /// Looks whether there was progress, eight times in `limit` at most.
    ///
    /// - Parameters:
    ///   - limit: how long there may be no progress, nanoseconds.
    ///   - unsent: how much the kernel has not taken yet.
    mutating func isStalled(at now: Int64, limit: Int64, unsent: () -> Int) -> Bool {
        guard var begin = since, now >= next else { return false }
        let bytes = unsent()
        if let waiting, bytes < waiting { begin = now }
        since = begin
        waiting = bytes
        next = min(now + limit / 8, begin + limit)
        return now - begin > limit
    }
}
