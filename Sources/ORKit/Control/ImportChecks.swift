/// How many keys of an import are of which class, as the upstream says.
///
/// Every key that was asked about is in one of `valid`, `limited`, `expired`,
/// `management`, `rejected` and `unreachable`.
public struct ImportChecks: Codable, Sendable, Hashable {
    public var valid = 0
    /// Of how many accounts the valid ones are, as far as the upstream named
    /// them.
    public var accounts = 0
    /// Of the valid ones: nobody ever paid for the account.
    public var freeTier = 0
    /// Of the valid ones: nothing is left of the key's limit.
    public var spent = 0
    /// Of the valid ones: it ends within seven days.
    public var expiring = 0
    /// Good, but refused for now.
    public var limited = 0
    public var expired = 0
    public var management = 0
    public var rejected = 0
    public var unreachable = 0
    /// In the pool already, or on an earlier line.
    public var duplicates = 0

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case valid, accounts, spent, expiring, limited, expired, management, rejected, unreachable, duplicates
        case freeTier = "free_tier"
    }
}
