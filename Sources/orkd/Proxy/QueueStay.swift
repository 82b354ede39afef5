import ORKit

/// What a caller is told of its request's wait for a key: `Ork-Queue:
/// position=3, waited=1200`, a structured field (RFC 9651).
struct QueueStay {
    /// Set while it waits, and until the queue was told how it went.
    var waiter: FairQueue.Waiter?
    /// When it came, monotonic nanoseconds.
    var since: Int64 = 0
    /// Where it stood when it came first, from 1.
    private let position: Int
    /// Nanoseconds in the queue; nil: it was not let in.
    private var waited: Int64?
    /// Milliseconds that it would have waited, as far as anybody knows.
    private let expected: Int64?

    init(position: Int) {
        self.position = position
        waited = 0
        expected = nil
    }

    /// Of one that was not let in.
    init(position: Int, expected: Int64?) {
        self.position = position
        self.expected = expected
    }

    mutating func end(at now: Int64) { waited = (waited ?? 0) + max(0, now - since) }

    /// Nil where it was not let in.
    var record: QueueRecord? {
        waited.map { QueueRecord(position: position, milliseconds: $0 / .millisecond) }
    }

    static let name = "Ork-Queue"

    var value: String {
        if let waited { return "position=\(position), waited=\(waited / .millisecond)" }
        return "position=\(position)" + (expected.map { ", expected=\($0)" } ?? "")
    }
}
