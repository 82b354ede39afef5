/// Counts the keys of an import by class.
public struct KeyTally: Sendable {
    /// Accounts that are told apart; there may be more, which are not counted.
    public static let accountsKept = 100_000

    public private(set) var checks = ImportChecks()
    private var accounts: Set<String> = []

    public init() {}

    /// - Parameter account: the one that the upstream named.
    public mutating func count(_ keyClass: KeyClass, of account: String?) {
        switch keyClass {
        case .valid(let traits):
            checks.valid += 1
            if traits.contains(.freeTier) { checks.freeTier += 1 }
            if traits.contains(.spent) { checks.spent += 1 }
            if traits.contains(.expiring) { checks.expiring += 1 }
            if let account, accounts.count < Self.accountsKept { accounts.insert(account) }
            checks.accounts = accounts.count
        case .limited: checks.limited += 1
        case .expired: checks.expired += 1
        case .management: checks.management += 1
        case .rejected: checks.rejected += 1
        case .unreachable: checks.unreachable += 1
        }
    }

    /// The same key is in the pool already, or on an earlier line.
    public mutating func countDuplicate() { checks.duplicates += 1 }
}
