import ORKit

/// What the keys of one account amount to at one moment.
struct AccountSum: Sendable {
    private(set) var keys = 0
    private(set) var learnt = 0
    private(set) var byState = Dictionary(uniqueKeysWithValues: KeyState.allCases.map { ($0.rawValue, 0) })
    private(set) var rests: [Rest] = []
    private(set) var inFlight = 0
    private(set) var counters = KeyCounters()
    private(set) var lastUsedAt: WallTime?
    /// Since when one of them is known to be the account's.
    private(set) var since: WallTime?
    private(set) var quotas = QuotaSum()
    /// The moment.
    let now: WallTime

    init(at now: WallTime) { self.now = now }

    /// - Parameter standing: nil when the engine does not hold the key yet, or
    ///   no more.
    mutating func add(_ key: AccountTable.Key, _ standing: KeyStanding?) {
        keys += 1
        if key.isLearnt { learnt += 1 }
        let state = standing.state(enabled: key.enabled)
        byState[state.rawValue, default: 0] += 1
        since = [since, key.since].compactMap { $0 }.min()
        guard let standing else { return }
        inFlight += standing.inFlight
        counters.add(standing.facts.counters)
        lastUsedAt = [lastUsedAt, standing.facts.lastUsedAt].compactMap { $0 }.max()
        for rest in standing.facts.rests where rest.isOfAccount && rest.isActive(at: now) { add(rest) }
        if let quota = standing.quota, let use = standing.use, state != .disabled, state != .invalid {
            quotas.add(quota, use, at: now)
        }
    }

    /// All keys know the same about their account; of what one knows better
    /// the later end counts.
    private mutating func add(_ rest: Rest) {
        guard let known = rests.firstIndex(where: { $0.isSameMatter(as: rest) }) else {
            return rests.append(rest)
        }
        _ = rests[known].merge(rest)
    }
}

extension KeyCounters {
    fileprivate mutating func add(_ other: KeyCounters) {
        attempts.addClamped(other.attempts)
        successes.addClamped(other.successes)
        failures.addClamped(other.failures)
        rateLimited.addClamped(other.rateLimited)
        consecutiveFailures.addClamped(other.consecutiveFailures)
        promptTokens.addClamped(other.promptTokens)
        completionTokens.addClamped(other.completionTokens)
        costPico.addClamped(other.costPico)
    }
}

extension Int64 {
    fileprivate mutating func addClamped(_ other: Int64) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? (other < 0 ? .min : .max) : sum
    }
}
