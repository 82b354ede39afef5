/// What `GET /key` said about a key, as far as it tells what the key is good
/// for.
public struct KeyStatement: Sendable, Hashable {
    /// Milliseconds: an end that is as near as this is told.
    public static let nearEnd: Int64 = 7 * 86_400_000

    /// It administers other keys; no model answers it.
    public var isManagement: Bool
    /// Nobody ever paid for its account.
    public var isFreeTier: Bool
    /// Of its own limit; nil: not told.
    public var hasLimitLeft: Bool?
    /// Nil: never, or not told.
    public var expiresAt: WallTime?

    public init(
        isManagement: Bool = false, isFreeTier: Bool = false, hasLimitLeft: Bool? = nil,
        expiresAt: WallTime? = nil
    ) {
        self.isManagement = isManagement
        self.isFreeTier = isFreeTier
        self.hasLimitLeft = hasLimitLeft
        self.expiresAt = expiresAt
    }

    public func keyClass(at now: WallTime) -> KeyClass {
        guard !isManagement else { return .management }
        var traits: KeyTraits = isFreeTier ? .freeTier : []
        if hasLimitLeft == false { traits.insert(.spent) }
        if let expiresAt {
            guard expiresAt > now else { return .expired }
            if expiresAt <= now.advanced(byMilliseconds: Self.nearEnd) { traits.insert(.expiring) }
        }
        return .valid(traits)
    }
}
