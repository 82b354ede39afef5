/// How fresh what is known about models is.
public struct ModelCacheView: Codable, Sendable {
    public var hasData: Bool
    public var models: Int
    /// Elements of the upstream's list that could not be read.
    public var unread: Int
    /// When the upstream said so; absent: it never was asked, or never
    /// answered.
    public var fetchedAt: String?
    public var ageSeconds: Int64?
    /// After this it is asked again; 0: only when somebody wants it.
    public var ttlSeconds: Int64
    /// There is something, and it is no older than that.
    public var valid: Bool
    /// Why the last asking failed; absent when it did not.
    public var failure: String?

    public init(
        models: Int, unread: Int, fetchedAt: WallTime?, ttlSeconds: Int64, failure: String?, at now: WallTime
    ) {
        hasData = fetchedAt != nil
        self.models = models
        self.unread = unread
        self.fetchedAt = fetchedAt?.rfc3339
        ageSeconds = fetchedAt.map { max(0, now.milliseconds(since: $0)) / 1000 }
        self.ttlSeconds = ttlSeconds
        valid = ageSeconds.map { ttlSeconds == 0 || $0 <= ttlSeconds } ?? false
        self.failure = failure
    }

    private enum CodingKeys: String, CodingKey {
        case models, unread, valid, failure
        case hasData = "has_data"
        case fetchedAt = "fetched_at"
        case ageSeconds = "age_seconds"
        case ttlSeconds = "ttl_seconds"
    }
}
