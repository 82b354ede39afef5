/// Whose a key is (ruling 48: without an account, it is its own).
extension Engine {
    /// `GET /key` named the account behind a key. What an operator said, and
    /// what was learnt first, stays.
    public mutating func learn(account: String, of key: KeyID, at now: Now) -> [Effect] {
        var effects: [Effect] = []
        handOver(&effects)
        if let place = pool.slot(of: key) { learn(account, place, at: now.wall, effects: &effects) }
        return effects
    }

    /// The same, of an answer that is about to be judged: its marks are then
    /// the account's. An answer to a secret that was replaced meanwhile
    /// teaches nothing.
    mutating func learn(_ account: String, _ place: Int, at now: WallTime, effects: inout [Effect]) {
        guard pool.slots[place].account == nil else { return }
        pool.moveAccount(place, to: account)
        effects.append(.keepAccount(pool.slots[place].id, account, at: now))
        shareAccountRests(place, trigger: "account", at: now, effects: &effects)
    }
}
