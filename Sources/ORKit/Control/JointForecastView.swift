/// When the quotas of an account's or a pool's keys will all be used up if
/// their use goes on as lately, as the control API shows it.
public struct JointForecastView: Codable, Sendable {
    /// What runs out first, `requests` or `tokens`.
    public var unit: Quota.Unit
    /// Keys with a quota of that unit, which it is about; those without one are
    /// not bounded.
    public var keys: Int
    /// What they have left together.
    public var left: Int64
    /// Of that unit.
    public var perHour: Double
    /// Absent: the windows give back sooner than it is used up.
    public var exhausted: String?
    /// When the first of the keys has used up its own quota; absent: none does.
    public var earliest: String?
    /// `critical` within four hours, `constrained` within a day.
    public var risk: QuotaForecast.Risk?
    public var confidence: QuotaForecast.Confidence
    /// Of the rate, as a part of it.
    public var uncertainty: Double

    public init(_ forecast: JointForecast, at now: WallTime) {
        unit = forecast.unit
        keys = forecast.keys
        left = forecast.left
        perHour = forecast.rate
        exhausted = forecast.at?.rfc3339
        earliest = forecast.earliest?.rfc3339
        risk = forecast.risk(at: now)
        confidence = forecast.confidence
        uncertainty = forecast.uncertainty
    }

    private enum CodingKeys: String, CodingKey {
        case unit, keys, left, exhausted, earliest, risk, confidence, uncertainty
        case perHour = "per_hour"
    }
}
