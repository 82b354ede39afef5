/// When the quotas of several keys, those of an account or of a pool, will all
/// be used up if their use goes on as lately: what one can no longer do, the
/// others do.
public struct JointForecast: Sendable, Hashable {
    /// What runs out first; without an end, what is nearest to it.
    public let unit: Quota.Unit
    /// Keys with a quota of that unit; it is about no others.
    public let keys: Int
    /// What they have left together.
    public let left: Int64
    /// Of that unit, an hour.
    public let rate: Double
    /// Nil: the windows give back sooner than it is used up.
    public let at: WallTime?
    /// When the first of them has used up its own, whatever the unit; nil: none
    /// does.
    public let earliest: WallTime?
    /// Of the rate, as a part of it.
    public let uncertainty: Double
    public let confidence: QuotaForecast.Confidence

    public func risk(at now: WallTime) -> QuotaForecast.Risk? { QuotaForecast.Risk(at, at: now) }
}

/// Quotas of keys, added up one by one.
public struct QuotaSum: Sendable {
    private var requests = Part()
    private var tokens = Part()
    private var earliest: WallTime?

    public init() {}

    /// A key that may serve.
    public mutating func add(_ quota: Quota, _ use: QuotaUse, at now: WallTime) {
        let standing = QuotaStanding(quota, use, at: now)
        let sample = QuotaSample(quota.window, use, at: now)
        requests.add(quota.requests, \.requests, standing, use, sample, at: now)
        tokens.add(quota.tokens, \.tokens, standing, use, sample, at: now)
        guard let end = QuotaForecast(quota, use, at: now)?.at else { return }
        earliest = earliest.map { min($0, end) } ?? end
    }

    /// Nil: too little was used lately to tell.
    public func forecast(at now: WallTime) -> JointForecast? {
        var found: (unit: Quota.Unit, part: Part, at: WallTime?)?
        for (unit, part) in [(Quota.Unit.requests, requests), (.tokens, tokens)] where part.rate > 0 {
            let end = part.end(at: now)
            if found == nil || (end ?? .init(milliseconds: .max)) < (found?.at ?? .init(milliseconds: .max)) {
                found = (unit, part, end)
            }
        }
        return found.map { unit, part, end in
            JointForecast(
                unit: unit, keys: part.keys, left: part.left, rate: part.rate * Double(QuotaForecast.hour),
                at: end, earliest: earliest, uncertainty: part.doubt / part.rate,
                confidence: QuotaForecast.Confidence(part.doubt / part.rate, isLong: part.isLong))
        }
    }

    /// Requests or tokens.
    private struct Part: Sendable {
        var keys = 0
        var left: Int64 = 0
        /// A millisecond.
        var rate = 0.0
        /// Rates, each times its uncertainty. Keys of a pool share its ups and
        /// downs, so doubts do not make up for one another.
        var doubt = 0.0
        /// Whether every rate comes from a look that was long enough.
        var isLong = true
        /// What comes back, by when.
        private var back: [Int64: Double] = [:]

        mutating func add(
            _ total: Int64?, _ part: KeyPath<QuotaAmount, Int64>, _ standing: QuotaStanding, _ use: QuotaUse,
            _ sample: QuotaSample?, at now: WallTime
        ) {
            guard let total else { return }
            keys += 1
            let (sum, overflow) = left.addingReportingOverflow(max(0, total - standing.used[keyPath: part]))
            left = overflow ? .max : sum
            let window = standing.quota.window
            for cell in use.counted(in: window, at: now) {
                let departure = window.departure(ofCell: cell.number, at: now).milliseconds
                back[departure, default: 0] += Double(cell.amount[keyPath: part])
            }
            guard let sample else { return }
            let pace = Double(sample.amount[keyPath: part]) / sample.milliseconds
            guard pace > 0 else { return }
            rate += pace
            doubt += pace * sample.uncertainty
            isLong = isLong && sample.isLong
        }

        func end(at now: WallTime) -> WallTime? {
            var left = Double(left)
            if left <= 0 { return now }
            var time = now
            for (departure, amount) in back.sorted(by: { $0.key < $1.key }) {
                let next = WallTime(milliseconds: departure)
                let gained = rate * Double(next.milliseconds(since: time))
                if gained >= left {
                    return time.advanced(byMilliseconds: QuotaForecast.milliseconds(left / rate))
                }
                left += amount - gained
                time = next
            }
            return nil
        }
    }
}
