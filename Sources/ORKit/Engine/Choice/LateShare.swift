/// How often something happened among the late events of a series, newer ones
/// counting more: about an eighth each, forgotten by half every five events.
///
/// Costs nothing while it does not happen: what has passed since is made up
/// for when somebody looks.
struct LateShare: Sendable {
    private var thousandths = 0
    /// Events in all when it last happened.
    private var seen: Int64 = 0

    private static let half: Int64 = 5

    /// It happened at the event that was the last of so many.
    mutating func note(after events: Int64) {
        let before = thousandths(after: events)
        thousandths = before + (1007 - before) / 8
        seen = events
    }

    @inline(__always)
    func thousandths(after events: Int64) -> Int {
        guard thousandths > 0 else { return 0 }
        // Counters can be set back: then it is as if nothing had passed.
        return thousandths >> min(max(events - seen, 0) / Self.half, 16)
    }
}
