/// What a key's facts amount to at one moment.
struct KeyCondition: Sendable {
    var state: KeyState
    var until: WallTime?
    var because: Cause?
    var evidence: String?
    /// May be leased, for some model at least.
    var isOpen: Bool
    /// Out, but due for a half-open trial.
    var isTrialDue: Bool
    /// Kept out by what automation guessed (ruling 13).
    var isGuessedOut: Bool
    /// Could serve if the guess were wrong.
    var isLastResort: Bool
    /// When the suspect's next check is due; nil: not suspect.
    var checkDue: Int64?
    /// When this may change by itself.
    var nextChange: Int64?
}

extension KeySlot {
    func condition(at now: WallTime) -> KeyCondition {
        let active = facts.rests.filter { $0.isActive(at: now) }
        let plain = active.filter(\.isPlain)
        let whole = plain.filter { $0.model == nil }
        let breaker = facts.rests.first(where: \.isBreaker)
        let inService = enabled && served && facts.invalidSince == nil
        let isDoubted = facts.brokenSince != nil || facts.suspectSince != nil
        let healthy = inService && !isDoubted
        let isFree = whole.isEmpty && overspent == nil
        var answer = KeyCondition(
            state: .usable, until: nil, because: nil, evidence: nil, isOpen: healthy && isFree,
            isTrialDue: inService && facts.brokenSince != nil && facts.suspectSince == nil && isFree
                && !(breaker?.isActive(at: now) ?? false),
            isGuessedOut: inService && isDoubted, isLastResort: inService && isDoubted && isFree,
            checkDue: nil,
            nextChange: active.filter { !$0.isSuspicion }.compactMap(\.untilMilliseconds).min())
        if inService, facts.suspectSince != nil {
            answer.checkDue = facts.rests.first(where: \.isSuspicion)?.untilMilliseconds ?? 0
        }
        let money = plain.filter {
            $0.isExhaustion && !$0.scope.isOfOneModel && ($0.model == nil || $0.model == Rest.paidClass)
        }
        if !enabled {
            answer.state = .disabled
        } else if !inService {
            answer.state = .invalid
            answer.explain(
                facts.invalidSince == nil ? nil : facts.rests.first(where: \.isSuspicion), timed: false)
        } else if facts.brokenSince != nil {
            answer.state = .broken
            answer.explain(breaker, timed: true)
        } else if facts.suspectSince != nil {
            answer.state = .suspect
            answer.explain(facts.rests.first(where: \.isSuspicion), timed: false)
        } else if let overspent {
            answer.state = .exhausted
            answer.because = .budgetSpent
            answer.evidence = "\(Cause.budgetSpent.name): \(overspent.text)"
            answer.until = overspent.until
        } else if !money.isEmpty {
            answer.state = .exhausted
            answer.explain(money.longest, timed: true)
        } else if !whole.isEmpty {
            answer.state = .resting
            answer.explain(whole.longest, timed: true)
        }
        return answer
    }

    /// What keeps the key from this request, and until when it surely does.
    /// Nil: nothing does. Asked of every key of the pool at once, so it
    /// allocates nothing.
    func hindrance(for model: String?, class restClass: String?, at now: WallTime) -> (
        cause: Cause, until: WallTime?
    )? {
        if facts.suspectSince != nil { return (.rejected, nil) }
        var end: Int64?
        var cause: UInt8?
        for rest in facts.rests
        where rest.isActive(at: now) && !rest.isSuspicion && rest.covers(model, class: restClass) {
            let until = rest.untilMilliseconds ?? .max
            if until > end ?? .min { (end, cause) = (until, rest.cause) }
        }
        if let overspent, overspent.until?.milliseconds ?? .max > end ?? .min {
            (end, cause) = (overspent.until?.milliseconds ?? .max, Cause.budgetSpent.rawValue)
        }
        let until = end.flatMap { $0 == .max ? nil : WallTime(milliseconds: $0) }
        if facts.brokenSince != nil { return (.upstreamError, until) }
        return cause.map { (Cause(rawValue: $0) ?? .upstreamError, until) }
    }
}

extension KeyCondition {
    fileprivate mutating func explain(_ rest: Rest?, timed: Bool) {
        guard let rest else { return }
        because = Cause(rawValue: rest.cause)
        evidence = rest.evidence.isEmpty ? rest.rule : "\(rest.rule): \(rest.evidence)"
        until = timed ? rest.untilMilliseconds.map(WallTime.init(milliseconds:)) : nil
    }
}

extension [Rest] {
    /// The one that ends last; one without an end beats all.
    fileprivate var longest: Rest? {
        self.max { ($0.untilMilliseconds ?? .max) < ($1.untilMilliseconds ?? .max) }
    }
}
