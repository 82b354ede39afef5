internal import FoundationEssentials
import ORKit

/// A pool key as its row holds it: what an operator decided, and the sealed
/// secret. What was learnt about it is in `KeyFacts`.
struct KeyRow: Sendable {
    var id: KeyID
    var name: String
    var provider: String
    var account: String?
    var weight: Int
    var enabled: Bool
    var disabledReason: String?
    var sealed: Data
    var fingerprint: Digest
    var masked: String
    /// Upstream confirmed it.
    var checked: Bool
    var tags: [String: String]
    var metadata: [String: String]
    var addedAt: WallTime
    /// Rises with every change.
    var version: Int64
    var pool = PoolID.first
    /// 0 to 9; a key serves when none of a smaller number can.
    var priority = 0
    /// Requests at once; 0: no bound.
    var maxInFlight = 0
    /// What it may do in a window of time; nil: no bound of ours.
    var quota: Quota?
    /// Who said whose the key is: the upstream, not an operator.
    private(set) var isAccountLearnt = false
    /// Since when it is known; nil without an account.
    private(set) var accountSince: WallTime?
}

extension KeyRow {
    /// Puts the key to an account, or to none.
    ///
    /// - Parameter learnt: the upstream named it, not an operator.
    mutating func belong(to account: String?, learnt: Bool, since: WallTime?) {
        if account != self.account || accountSince == nil { accountSince = account == nil ? nil : since }
        self.account = account
        isAccountLearnt = learnt && account != nil
    }
}
