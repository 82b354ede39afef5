/// What the upstream says that a key cost, beside what the ledger says.
public struct ReconciliationView: Codable, Sendable, Hashable {
    public var name: String
    public var id: Int64
    /// `agrees`, `differs`, or `unknown` where the upstream did not say.
    public var result: String
    /// `daily`, `weekly`, `monthly`.
    public var window: String
    /// When it began, RFC 3339.
    public var since: String
    /// USD, and the same in 10⁻¹² USD.
    public var upstream: String?
    public var upstreamPico: Int64?
    public var ledger: String
    public var ledgerPico: Int64
    /// The upstream's number less the ledger's.
    public var difference: String?
    public var differencePico: Int64?
    /// Requests of the ledger whose cost is computed here, or not known.
    public var estimated: Int64
    public var unknown: Int64
    /// Why the upstream did not say.
    public var reason: String?

    private enum CodingKeys: String, CodingKey {
        case name, id, result, window, since, upstream, ledger, difference, estimated, unknown, reason
        case upstreamPico = "upstream_pico_usd"
        case ledgerPico = "ledger_pico_usd"
        case differencePico = "difference_pico_usd"
    }

    public init(
        name: String, id: KeyID, window: UpstreamQuota.Reset, since: WallTime, upstream: Money?,
        ledger: UsageSum, within tolerance: ReconciliationTolerance, reason: String? = nil
    ) {
        self.name = name
        self.id = id.raw
        self.window = window.rawValue
        self.since = since.rfc3339
        self.upstream = upstream?.decimal
        upstreamPico = upstream?.pico
        self.ledger = ledger.cost.decimal
        ledgerPico = ledger.cost.pico
        estimated = ledger.estimated
        unknown = ledger.unknown
        self.reason = reason
        guard let upstream else {
            result = "unknown"
            return
        }
        let (raw, overflow) = upstream.pico.subtractingReportingOverflow(ledger.cost.pico)
        let rest = Money(pico: overflow ? .max : raw)
        difference = rest.decimal
        differencePico = rest.pico
        result = tolerance.covers(rest, of: upstream) ? "agrees" : "differs"
    }
}

/// What two sums may be apart and still agree: requests are under way while
/// both are looked at.
public struct ReconciliationTolerance: Sendable, Hashable {
    /// Of the upstream's sum.
    public var percent: Int
    /// However little that is.
    public var least: Money

    public init(percent: Int, least: Money) {
        self.percent = percent
        self.least = least
    }

    public static let usual = ReconciliationTolerance(percent: 1, least: Money(pico: 10_000_000_000))

    func covers(_ difference: Money, of sum: Money) -> Bool {
        let share = sum.pico.magnitude / 100 * UInt64(clamping: min(percent, 100))
        return difference.pico.magnitude <= max(share, UInt64(clamping: least.pico))
    }
}
