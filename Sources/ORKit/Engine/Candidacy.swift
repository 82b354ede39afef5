/// What keeps a key from a request at one moment, in one word; of several
/// reasons, the one that outlasts the others. The first are nearest to serving.
public enum Candidacy: String, Sendable, CaseIterable, Codable {
    /// Nothing.
    case usable
    /// Little is left of its quota: serves when no key with more can.
    case scarce
    /// Guessed to be bad, and kept in by the floor: serves when nobody else
    /// can.
    case spared
    /// It serves as many requests at once as it may.
    case full
    /// It rests for this model, or the model's class, and serves others.
    case modelResting = "model-resting"
    case resting
    /// Out of money or over its own limit, as far as this model needs it.
    case exhausted
    case suspect
    case broken
    case invalid
    case disabled

    /// Less keeps it from serving.
    func isNearer(than other: Candidacy) -> Bool {
        Self.allCases.firstIndex(of: self) ?? 0 < Self.allCases.firstIndex(of: other) ?? 0
    }
}

extension KeySlot {
    /// Asked of every key of a pool at once, so it allocates nothing.
    func candidacy(for model: String?, class restClass: String?, at now: WallTime) -> Candidacy {
        guard enabled else { return .disabled }
        guard served, facts.invalidSince == nil else { return .invalid }
        var (rests, restsForModel, isExhausted) = (false, false, overspent != nil)
        for rest in facts.rests
        where rest.isPlain && rest.isActive(at: now) && rest.covers(model, class: restClass) {
            if rest.isExhaustion, !rest.scope.isOfOneModel {
                isExhausted = true
            } else if rest.model == nil {
                rests = true
            } else {
                restsForModel = true
            }
        }
        if facts.brokenSince != nil || facts.suspectSince != nil {
            if isSpared, !rests, !restsForModel, !isExhausted, !isFull { return .spared }
            return facts.brokenSince != nil ? .broken : .suspect
        }
        if isExhausted { return .exhausted }
        if rests { return .resting }
        if restsForModel { return .modelResting }
        return isFull ? .full : isScarce ? .scarce : .usable
    }
}
