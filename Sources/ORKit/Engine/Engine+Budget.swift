/// A hard budget that is spent, of a key or a pool.
public struct Overspent: Sendable, Hashable {
    /// `10.02 of 10.00 USD spent`.
    public let text: String
    /// When the next period begins by the calendar; nil: never.
    public let until: WallTime?

    public init(text: String, until: WallTime?) {
        self.text = text
        self.until = until
    }
}

/// Money that operators allow keys and pools. Whoever counts it says when it is
/// spent, and when it is not any more: unlike a rest this has no end of its
/// own, and nothing of it is kept.
extension Engine {
    /// - Parameter overspent: nil: it may be used.
    public mutating func setOverspent(_ overspent: Overspent?, of key: KeyID, at now: Now) -> [Effect] {
        var effects: [Effect] = []
        handOver(&effects)
        guard let place = pool.slot(of: key), pool.slots[place].overspent != overspent else { return effects }
        pool.slots[place].overspent = overspent
        refresh(
            place, trigger: overspent == nil ? "budget-reset" : Cause.budgetSpent.name,
            evidence: overspent?.text, at: now.wall, effects: &effects)
        return effects
    }

    /// - Parameter overspent: nil: its keys may be used.
    public mutating func setOverspent(_ overspent: Overspent?, of pool: PoolID) {
        _ = self.pool.setOverspent(overspent, of: pool)
    }

    /// Where the key is; nil: there is no such key.
    public func pool(of key: KeyID) -> PoolID? { pool.slot(of: key).map { pool.slots[$0].pool } }
}
