import ORKit

extension KeyRow {
    /// - Parameter standing: nil when the engine does not hold the key: it was
    ///   removed, or was never there because this is a dry run.
    func view(_ standing: KeyStanding?, pool: String, at now: WallTime) -> KeyView {
        let facts = standing?.facts ?? KeyFacts()
        return KeyView(
            id: id, name: name, state: standing.state(enabled: enabled), until: standing?.until?.rfc3339,
            because: standing?.because?.name,
            evidence: standing?.evidence, restingModels: facts.restingModels(at: now), masked: masked,
            fingerprint: fingerprint.short, provider: provider, account: account, weight: weight, pool: pool,
            priority: priority, maxInFlight: maxInFlight, tags: tags, metadata: metadata, enabled: enabled,
            disabledReason: disabledReason, checked: checked,
            inFlight: standing?.inFlight ?? 0, counters: facts.counters, latency: facts.latency,
            addedAt: addedAt.rfc3339, lastUsedAt: facts.lastUsedAt?.rfc3339, lastError: facts.lastError,
            lastErrorAt: facts.lastErrorAt?.rfc3339, version: version)
    }
}

extension KeyStanding? {
    /// What its row says comes first: the engine hears of a change after the
    /// disk.
    func state(enabled: Bool) -> KeyState {
        guard enabled else { return .disabled }
        guard let state = self?.state, state != .disabled else { return .usable }
        return state
    }
}

extension KeyFacts {
    /// Of two rests of one model the later end counts. One without an end
    /// shows as the key's state.
    func restingModels(at now: WallTime) -> [KeyView.RestingModel] {
        var ends: [String: Int64] = [:]
        for rest in rests {
            guard let model = rest.model, let until = rest.untilMilliseconds, until > now.milliseconds else {
                continue
            }
            ends[model] = max(until, ends[model] ?? until)
        }
        return ends.sorted { $0.key < $1.key }.map { model, until in
            KeyView.RestingModel(model: model, until: WallTime(milliseconds: until).rfc3339)
        }
    }

    /// There is something that a reset would forget.
    var isMarked: Bool {
        rests.contains { !$0.isQuota } || brokenSince != nil || suspectSince != nil || invalidSince != nil
            || counters.consecutiveFailures > 0
    }

    /// Out for more than a stated while: adding the key again brings it back
    /// (K-09).
    var isGivenUp: Bool { brokenSince != nil || suspectSince != nil || invalidSince != nil }
}
