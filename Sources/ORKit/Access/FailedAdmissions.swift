/// Callers that were not let in, counted per address, so that guessing is
/// slowed down and seen, and no attempt causes a write (ruling 24).
///
/// Only a refusal asks here: a good credential is never refused because of
/// what others at its address do. It has 256 random bits; what is bounded is
/// the noise, not the chance.
package struct FailedAdmissions: Sendable {
    /// Why somebody was not let in, and where.
    package struct Reason: Sendable, Hashable {
        package let code: ErrorCode
        package let place: Place

        package init(_ code: ErrorCode, at place: Place) { (self.code, self.place) = (code, place) }

        /// There was no valid key: one more guess. Other refusals are told,
        /// and not held against their address.
        fileprivate var isFailure: Bool { code.entry.status == 401 }
    }

    /// Where somebody wanted to go, by the beginning of the path.
    package enum Place: String, Sendable {
        case proxy = "/v1"
        case user = "/user"
        case admin = "/admin"
        case metrics = "/metrics"
        case register = "/auth"
    }

    /// What one address may fail in a minute before it is told to wait; 0:
    /// whatever it likes.
    private let most: Int

    /// Addresses that are told apart; the rest is counted as one.
    static let addresses = 4096
    private static let millisecond: Int64 = 1_000_000
    private static let window: Int64 = 60_000 * millisecond

    private var counts: [AddressPrefix: [Reason: Int]] = [:]
    /// When the first of these refusals was; monotonic.
    private var since: Int64 = 0

    package init(most: Int) { self.most = most }

    /// Counts one.
    ///
    /// - Returns: how many milliseconds to stay away, once there were too
    ///   many; nil before.
    package mutating func note(_ address: AddressPrefix, _ reason: Reason, at now: Int64) -> Int64? {
        if counts.isEmpty { since = now }
        let hasRoom = counts[address] != nil || counts.count < Self.addresses
        let counted = hasRoom ? address : .others
        counts[counted, default: [:]][reason, default: 0] += 1
        guard reason.isFailure, most > 0 else { return nil }
        let failures = counts[counted]?.reduce(0) { $1.key.isFailure ? $0 + $1.value : $0 } ?? 0
        guard failures > most else { return nil }
        return max(1000, (since + Self.window - now) / Self.millisecond)
    }

    /// A minute's refusals.
    package struct Report: Sendable {
        package struct Line: Sendable {
            package let address: AddressPrefix
            package let reason: Reason
            package let attempts: Int

            /// Who, why and where: `192.0.2.1 client-unknown /admin`. Most are
            /// proxied requests, of which the place is not said.
            package var text: String {
                let place = reason.place == .proxy ? "" : " \(reason.place.rawValue)"
                return "\(address) \(reason.code.rawValue)\(place)"
            }
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
        let lines = counts.flatMap { address, reasons in
            reasons.map { Report.Line(address: address, reason: $0, attempts: $1) }
        }
        counts = [:]
        return Report(
            lines: lines.sorted { ($1.attempts, $0.text) < ($0.attempts, $1.text) })
    }
}
