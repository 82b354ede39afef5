/// Tells a caller that reads slowly from one that has stopped reading: as
/// long as less and less waits to be sent, somebody reads.
struct StallWatch {
    /// Of the beginning, or of the latest progress; nil while off.
    private var since: Int64?
    /// What waited at the last look.
    private var waiting: Int?

    var isOn: Bool { since != nil }

    /// Does nothing while on.
    mutating func start(at now: Int64) {
        guard since == nil else { return }
        since = now
        waiting = nil
    }

    mutating func stop() { since = nil }

    /// Looks whether there was progress since the last look.
    ///
    /// - Parameters:
    ///   - bytes: what the kernel has not taken yet.
    ///   - limit: how long there may be no progress, nanoseconds.
    mutating func isStalled(bytes: Int, at now: Int64, limit: Int64) -> Bool {
        guard let since else { return false }
        if let waiting, bytes < waiting { self.since = now }
        waiting = bytes
        return now - (self.since ?? since) > limit
    }
}
