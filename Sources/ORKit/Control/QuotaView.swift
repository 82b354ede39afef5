/// What a key may still do, as the control API shows it: what an operator set
/// and what was used of it, and what the upstream said is left.
public struct QuotaView: Codable, Sendable {
    public var id: KeyID
    public var name: String
    public var state: KeyState
    /// Until when it is out by itself, RFC 3339; absent when no time is known.
    public var until: String?
    public var because: String?
    public var account: String?
    public var pool: String
    /// The worst of what is known; absent when nothing is.
    public var capacity: Capacity?
    /// Models, and the classes `:free` and `:paid`, that the upstream said are
    /// used up for now.
    public var restingModels: [KeyView.RestingModel] = []
    /// What is counted; absent without a quota.
    public var unit: Quota.Unit?
    /// `hourly`, `daily`, `monthly`, or a duration.
    public var window: String?
    public var requests: Count?
    public var tokens: Count?
    /// When all of it is back; absent when nothing is used of a window that
    /// slides.
    public var reset: String?
    /// Absent when too little was used lately to tell.
    public var forecast: Forecast?
    /// Absent when it was never asked.
    public var upstream: Upstream?
    /// What its refusals said about limits that have not begun anew since;
    /// absent when nothing.
    public var limits: [Limit]?
    /// The key's: rises with every change of it.
    public var version: Int64

    public struct Count: Codable, Sendable {
        public var limit: Int64
        public var used: Int64
        public var left: Int64

        public init(limit: Int64, used: Int64, left: Int64) {
            self.limit = limit
            self.used = used
            self.left = left
        }
    }

    /// When it will be used up if its use goes on as lately.
    public struct Forecast: Codable, Sendable {
        /// What runs out first, `requests` or `tokens`.
        public var unit: Quota.Unit
        /// Of that unit.
        public var perHour: Double
        /// Absent: the window gives back sooner than it is used up.
        public var exhausted: String?
        /// `critical` within four hours, `constrained` within a day.
        public var risk: QuotaForecast.Risk?
        public var confidence: QuotaForecast.Confidence
        /// Of the rate, as a part of it.
        public var uncertainty: Double

        public init(_ forecast: QuotaForecast, at now: WallTime) {
            unit = forecast.unit
            perHour = forecast.rate
            exhausted = forecast.at?.rfc3339
            risk = forecast.risk(at: now)
            confidence = forecast.confidence
            uncertainty = forecast.uncertainty
        }

        private enum CodingKeys: String, CodingKey {
            case unit, exhausted, risk, confidence, uncertainty
            case perHour = "per_hour"
        }
    }

    /// What `GET /key` said; amounts are decimal strings in USD.
    public struct Upstream: Codable, Sendable {
        public var at: String
        /// Absent: the key has no limit of its own.
        public var limit: String?
        public var left: String?
        public var used: String?
        /// `daily`, `weekly`, `monthly`; absent: never.
        public var reset: UpstreamQuota.Reset?
        public var resetAt: String?
        /// Free requests today, of all keys of the account together.
        public var freeRequests: Free?

        public struct Free: Codable, Sendable, Equatable {
            public var limit: Int64?
            public var used: Int64?
            public var left: Int64?

            public init(_ free: UpstreamQuota.Free) {
                limit = free.limit
                used = free.used
                left = free.left
            }
        }

        public init(_ quota: UpstreamQuota) {
            at = quota.at.rfc3339
            limit = quota.limit?.decimal
            left = quota.left?.decimal
            used = quota.used?.decimal
            reset = quota.reset
            resetAt = quota.resetAt?.rfc3339
            freeRequests = quota.free.map(Free.init)
        }

        private enum CodingKeys: String, CodingKey {
            case at, limit, left, used, reset
            case resetAt = "reset_at"
            case freeRequests = "free_requests"
        }
    }

    /// What a 429 said about the limit that it enforced, in requests.
    public struct Limit: Codable, Sendable, Equatable {
        /// The rule that it fell under, such as `429-free-tier-daily`.
        public var rule: String
        public var at: String
        public var limit: Int64?
        public var left: Int64?
        public var resetAt: String?

        public init(_ limit: UpstreamLimit) {
            rule = limit.rule
            at = limit.at.rfc3339
            self.limit = limit.limit
            left = limit.left
            resetAt = limit.reset?.rfc3339
        }

        private enum CodingKeys: String, CodingKey {
            case rule, at, limit, left
            case resetAt = "reset_at"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, state, until, because, account, pool, capacity, unit, window, requests, tokens, reset
        case forecast, upstream, limits, version
        case restingModels = "resting_models"
    }

    public init(id: KeyID, name: String, state: KeyState, pool: String, version: Int64) {
        self.id = id
        self.name = name
        self.state = state
        self.pool = pool
        self.version = version
    }
}

/// `PATCH /v1/quotas`: absent fields stay as they are.
public struct QuotaSet: Codable, Sendable {
    /// Names, ids, fingerprints, unique prefixes of them, or globs of names.
    public var select: [String]
    public var requests: ClearableCount?
    public var tokens: ClearableCount?
    /// `hourly`, `daily`, `monthly`, or a duration from `1m` to `32d`. What
    /// was counted over another time begins anew.
    public var window: String?
    /// Refuse with `version-lost` when a key's version is another one.
    public var ifVersion: Int64?

    public init(select: [String]) { self.select = select }

    private enum CodingKeys: String, CodingKey {
        case select, requests, tokens, window
        case ifVersion = "if_version"
    }
}

/// A number that can also be taken away: `"none"`.
public enum ClearableCount: Codable, Sendable, Hashable {
    case none
    case value(Int64)

    /// Nil: taken away.
    public var count: Int64? {
        switch self {
        case .none: nil
        case .value(let count): count
        }
    }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if let text = try? box.decode(String.self) {
            guard text == "none" else {
                throw DecodingError.dataCorruptedError(in: box, debugDescription: "a number or “none”")
            }
            self = .none
        } else {
            self = .value(try box.decode(Int64.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        switch self {
        case .none: try box.encode("none")
        case .value(let count): try box.encode(count)
        }
    }
}
