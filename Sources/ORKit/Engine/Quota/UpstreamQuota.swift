/// What `GET /key` says about a key's own limit, in money, and about the free
/// requests of its account (QA-11). True of one moment only: requests go on.
public struct UpstreamQuota: Sendable, Hashable {
    public enum Reset: String, Sendable, CaseIterable, Codable {
        case daily, weekly, monthly

        /// The present one's first moment. UTC; weeks begin on Mondays.
        public func begin(at time: WallTime) -> WallTime {
            switch self {
            case .daily: QuotaWindow.day.start(ofCell: QuotaWindow.day.first(at: time))
            case .weekly: QuotaWindow.week(after: time).advanced(byMilliseconds: -7 * 86_400_000)
            case .monthly: QuotaWindow.month.start(ofCell: QuotaWindow.month.first(at: time))
            }
        }

        /// UTC; weeks begin on Mondays.
        func next(after time: WallTime) -> WallTime? {
            switch self {
            case .daily: QuotaWindow.day.end(at: time)
            case .weekly: QuotaWindow.week(after: time)
            case .monthly: QuotaWindow.month.end(at: time)
            }
        }
    }

    /// Free requests of one day, of all keys of the account together.
    public struct Free: Sendable, Hashable {
        public var limit: Int64?
        public var used: Int64?
        public var left: Int64?

        /// Nil when nothing of it was said.
        public init?(limit: Int64?, used: Int64?, left: Int64?) {
            guard limit != nil || used != nil || left != nil else { return nil }
            self.limit = limit
            self.used = used
            self.left = left
        }
    }

    public var at: WallTime
    /// Nil: the key has no limit of its own; its account has one all the same.
    public var limit: Money?
    public var left: Money?
    public var used: Money?
    /// Nil: the limit never begins anew.
    public var reset: Reset?
    public var free: Free?

    public init(at: WallTime, limit: Money?, left: Money?, used: Money?, reset: Reset?, free: Free?) {
        self.at = at
        self.limit = limit
        self.left = left
        self.used = used
        self.reset = reset
        self.free = free
    }

    /// When the limit that was spoken of begins anew.
    public var resetAt: WallTime? { reset?.next(after: at) }

    /// Of the key's own limit; nil when it has none, or what was said about it
    /// is out of date.
    public func capacity(at now: WallTime) -> Capacity? {
        guard let limit, let left, limit.pico > 0, resetAt.map({ $0 > now }) ?? true else { return nil }
        // A product of two amounts could pass what a number holds.
        let share = Double(min(max(left.pico, 0), limit.pico)) / Double(limit.pico)
        return Capacity(left: Int64(share * 1_000_000), of: 1_000_000, isRecovering: false)
    }
}
