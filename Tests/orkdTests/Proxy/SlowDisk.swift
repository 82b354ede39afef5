import ORKit
import Synchronization
import Testing

@testable import orkd

/// Where the postings of a data path under test go: on disk at once, or when
/// the test lets them.
final class SlowDisk: Sendable {
    private struct Guarded {
        var loops: LoopSet?
        var isHeld = false
        var tickets: [Int: UInt64] = [:]
        var postings: [Posting] = []
    }

    private let guarded = Mutex(Guarded())
    private let stream: AsyncStream<Posting>
    private let feed: AsyncStream<Posting>.Continuation

    init() { (stream, feed) = AsyncStream.makeStream() }

    /// Whom to tell.
    func connect(_ loops: LoopSet) { guarded.withLock { $0.loops = loops } }

    /// Everything that was ever written to it, in order.
    var postings: [Posting] { guarded.withLock { $0.postings } }

    func write(_ postings: [Posting], of loop: Int, through ticket: UInt64) {
        let told = guarded.withLock { guarded -> LoopSet? in
            guarded.postings += postings
            guarded.tickets[loop] = ticket
            return guarded.isHeld ? nil : guarded.loops
        }
        told?.posted([loop: ticket])
        for posting in postings { feed.yield(posting) }
    }

    /// From now on nothing is on disk until `letGo`.
    func hold() { guarded.withLock { $0.isHeld = true } }

    /// Everything written so far is on disk, and what comes is at once.
    func letGo() {
        let (loops, tickets) = guarded.withLock { guarded in
            guarded.isHeld = false
            return (guarded.loops, guarded.tickets)
        }
        loops?.posted(tickets)
    }

    /// Only what was written so far is on disk.
    func sync() {
        let (loops, tickets) = guarded.withLock { ($0.loops, $0.tickets) }
        loops?.posted(tickets)
    }

    /// The disk could not be written.
    func fail() { guarded.withLock { $0.loops }?.postsDelayed() }

    /// Nothing can be written to it.
    func breakDown() { guarded.withLock { $0.loops }?.diskBroke() }

    /// Waits for the next posting of a kind.
    func next(_ isIt: @Sendable (Posting) -> Bool) async throws -> Posting {
        for await posting in stream where isIt(posting) { return posting }
        throw RecordSink.Missing()
    }
}

extension Posting {
    var reservation: Reservation? { if case .reserve(let reservation) = self { reservation } else { nil } }
    var settlement: Settlement? { if case .settle(let settlement) = self { settlement } else { nil } }
}
