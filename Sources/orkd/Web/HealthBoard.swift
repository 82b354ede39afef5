import NIOConcurrencyHelpers
import NIOCore
import ORKit

/// The health answer, made at most once a second whatever the number of
/// probes (HL-04).
final class HealthBoard: Sendable {
    /// Both forms of the answer, ready to send.
    struct Posting: Sendable {
        var status: HealthStatus
        /// For callers on this machine.
        var detailed: ByteBuffer
        var reduced: ByteBuffer
        fileprivate var madeAt: Int64
    }

    private let source: any HealthSource
    private let clock: @Sendable () -> Now
    private let posted = NIOLockedValueBox<Posting?>(nil)

    /// Nanoseconds.
    private static let longestAge: Int64 = 1_000_000_000

    init(source: any HealthSource, clock: @escaping @Sendable () -> Now) {
        self.source = source
        self.clock = clock
    }

    /// The answer of this second. Probes that meet an aged one at the same
    /// moment may each make a new one; that is cheaper than waiting in line.
    func current() async throws -> Posting {
        let now = clock()
        if let posting = posted.withLockedValue({ $0 }), now.monotonic - posting.madeAt < Self.longestAge {
            return posting
        }
        let facts = await source.health()
        let posting = Posting(
            status: facts.status,
            detailed: try JSONAnswer.encode(HealthBody(facts, at: now.wall, detailed: true)),
            reduced: try JSONAnswer.encode(HealthBody(facts, at: now.wall, detailed: false)),
            madeAt: now.monotonic)
        posted.withLockedValue { $0 = posting }
        return posting
    }
}
