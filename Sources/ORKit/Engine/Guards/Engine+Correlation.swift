/// The correlation guard: the same failure from keys of different accounts
/// within seconds, with no success meanwhile, is an incident and not so many
/// bad keys.
extension Engine {
    /// Looks at marks that were just made. Keys without a known account do
    /// not count as different accounts (ruling 12), but their marks go too.
    mutating func correlate(
        _ place: Int, _ lease: Lease, _ verdict: Verdict, _ marks: [Burst.Mark], at now: WallTime,
        effects: inout [Effect]
    ) {
        guard !marks.isEmpty else { return }
        bursts.expire(at: now, window: settings.correlationWindow)
        let ask = Ask(client: .anonymous, model: lease.model)
        let burst = bursts.add(
            marks, of: verdict, account: pool.slots[place].account,
            model: verdict.scope.isOfOneModel ? lease.model ?? Rest.noModel : nil,
            isAboutPaid: verdict.cause == .creditsOut && ask.restClass == Rest.paidClass, at: now,
            sequence: sequence)
        guard burst.accounts.count >= accountsToPromote else { return }
        bursts.close(verdict)
        let scope: FailureScope =
            burst.model != nil ? .modelAtProvider : verdict.scope.isOfOneModel ? .network : .provider
        close(
            scope, lease.model, verdict, after: 0,
            expires: now.advanced(byMilliseconds: settings.promotionLife), isPaidOnly: burst.isAboutPaid,
            at: now)
        for mark in burst.marks.reversed() { takeBack(mark, verdict, at: now, effects: &effects) }
    }

    /// In a large pool three bad accounts in a row are no rarity.
    private var accountsToPromote: Int {
        max(settings.correlatedAccounts, min(pool.accounts.count / 4, 8))
    }

    private mutating func takeBack(
        _ mark: Burst.Mark, _ verdict: Verdict, at now: WallTime, effects: inout [Effect]
    ) {
        guard mark.place < pool.slots.count, pool.slots[mark.place].live,
            pool.slots[mark.place].id == mark.key
        else { return }
        switch mark.kind {
        case .suspicion:
            guard pool.slots[mark.place].facts.suspectSince != nil else { return }
            pool.slots[mark.place].facts.suspectSince = nil
            pool.slots[mark.place].facts.rests.removeAll(where: \.isSuspicion)
            restore(mark.previous, on: mark.place, verdict, at: now, effects: &effects)
        case .rest(let rest):
            for place in rest.isOfAccount ? members(of: mark.place) : [mark.place] {
                guard let known = pool.slots[place].facts.rests.firstIndex(of: rest) else { continue }
                pool.slots[place].facts.rests.remove(at: known)
                restore(mark.previous, on: place, verdict, at: now, effects: &effects)
            }
        }
    }

    /// The key goes to the end of the order: what is tried next should tell
    /// something new.
    private mutating func restore(
        _ previous: Rest?, on place: Int, _ verdict: Verdict, at now: WallTime, effects: inout [Effect]
    ) {
        if let previous { pool.slots[place].facts.rests.append(previous) }
        effects.append(.keepFacts(pool.slots[place].id, pool.slots[place].facts))
        pool.putLast(place, at: now)
        refresh(place, trigger: "incident", evidence: verdict.evidence, at: now, effects: &effects)
    }
}
