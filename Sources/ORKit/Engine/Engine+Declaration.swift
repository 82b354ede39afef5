/// An operator's word about the state of a key.
extension Engine {
    /// What stands against an operator's word that the key is in this state;
    /// nil: nothing, or it is in it already.
    public func objection(to state: KeyState, of key: KeyID, at now: Now) -> DeclarationObjection? {
        guard let place = pool.slot(of: key) else { return nil }
        let present = pool.slots[place].condition(at: now.wall).state
        guard present != state else { return nil }
        guard TransitionAuthor.declaration.ends(from: present).contains(state) else {
            return .illegal(from: present)
        }
        guard state == .usable else { return nil }
        if !pool.slots[place].served { return .notServed }
        let isSpent = pool.slots[place].facts.rests.contains { $0.isQuota && $0.isActive(at: now.wall) }
        return isSpent ? .quotaSpent : nil
    }

    mutating func giveUp(
        _ key: KeyID, _ trigger: String, because evidence: String, at now: WallTime,
        effects: inout [Effect]
    ) {
        guard let place = pool.slot(of: key) else { return }
        pool.slots[place].facts.giveUp(trigger, because: evidence, at: now)
        keep(place, trigger: trigger, evidence: evidence, at: now, effects: &effects)
    }
}

/// Why a key cannot be declared to be in a state.
public enum DeclarationObjection: Sendable, Hashable {
    /// Nobody's word leads there from this state.
    case illegal(from: KeyState)
    /// Its quota is used up, so it would not be usable.
    case quotaSpent
    /// Its provider is not the one that the pool serves.
    case notServed
}

extension KeyFacts {
    /// Dead by an operator's word (ruling 12). What else is held against the
    /// key stays, as it does when death is proved.
    public mutating func giveUp(_ rule: String, because evidence: String, at now: WallTime) {
        rests.removeAll(where: \.isSuspicion)
        rests.append(
            Rest(
                scope: .key, model: nil, cause: .rejected, until: nil, since: now, stated: true, guesses: 0,
                rule: rule, evidence: evidence))
        suspectSince = nil
        invalidSince = now
    }
}
