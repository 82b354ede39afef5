/// Callers that were not let in, counted per address, so that guessing is
/// slowed down and seen, and no attempt causes a write (ruling 24).
///
/// Only a failure asks here: a good credential is never refused because of
/// what others at its address do. It has 256 random bits; what is bounded is
/// the noise, not the chance.
package struct FailedAdmissions: Sendable {
    /// What one address may fail in a minute before it is told to wait; 0:
    /// whatever it likes.
    private let most: Int

    /// Addresses that are told apart; the rest is counted as one.
    static let addresses = 4096
    private static let millisecond: Int64 = 1_000_000
    private static let window: Int64 = 60_000 * millisecond

    private var counts: [AddressPrefix: [ErrorCode: Int]] = [:]
    /// When the first of these failures was; monotonic.
    private var since: Int64 = 0

    package init(most: Int) { self.most = most }

    /// Counts one.
    ///
    /// - Returns: how many milliseconds to stay away, once there were too
    ///   many; nil before.
    package mutating func note(_ address: AddressPrefix, _ code: ErrorCode, at now: Int64) -> Int64? {
        if counts.isEmpty { since = now }
        let hasRoom = counts[address] != nil || counts.count < Self.addresses
        let counted = hasRoom ? address : .others
        counts[counted, default: [:]][code, default: 0] += 1
        let total = counts[counted]?.values.reduce(0, +) ?? 0
        guard most > 0, total > most else { return nil }
        return max(1000, (since + Self.window - now) / Self.millisecond)
    }

    /// A minute's failures.
    package struct Report: Sendable {
        package struct Line: Sendable {
            package let address: AddressPrefix
            package let code: ErrorCode
            package let attempts: Int
        }

        /// The most first.
        package let lines: [Line]

        package var attempts: Int { lines.reduce(0) { $0 + $1.attempts } }
        package var addresses: Int { Set(lines.map(\.address)).count }
    }

    /// Everything since the last report, and begins anew; nil when there was
    /// nothing, or the minute is not over yet.
    ///
    /// - Parameter early: also in the middle of a minute.
    package mutating func report(at now: Int64, early: Bool = false) -> Report? {
        guard !counts.isEmpty, early || now - since >= Self.window else { return nil }
        let lines = counts.flatMap { address, codes in
            codes.map { Report.Line(address: address, code: $0, attempts: $1) }
        }
        counts = [:]
        return Report(
            lines: lines.sorted {
                ($1.attempts, "\($0.address) \($0.code)") < ($0.attempts, "\($1.address) \($1.code)")
            })
    }
}
