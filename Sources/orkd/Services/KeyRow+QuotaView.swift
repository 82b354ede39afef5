import ORKit

extension KeyRow {
    /// - Parameter standing: nil when the engine does not hold the key.
    func quotaView(
        _ standing: KeyStanding?, told: UpstreamQuota?, pool: String, at now: WallTime
    ) -> QuotaView {
        let state = standing.state(enabled: enabled)
        var view = QuotaView(id: id, name: name, state: state, pool: pool, version: version)
        view.account = account
        view.until = standing?.until?.rfc3339
        view.because = standing?.because?.name
        view.restingModels = standing?.facts.restingModels(at: now) ?? []
        view.upstream = told.map(QuotaView.Upstream.init)
        view.capacity = told?.capacity(at: now)
        if let quota {
            let use = standing?.use ?? QuotaUse()
            view.tell(QuotaStanding(quota, use, at: now))
            view.forecast = QuotaForecast(quota, use, at: now).map { QuotaView.Forecast($0, at: now) }
        }
        // The upstream's own refusal says more than any count of ours (QA-05).
        if state == .exhausted || (state == .resting && standing?.because == .rateLimited) {
            view.capacity = .exhausted
            view.reset = view.until ?? view.reset
        }
        return view
    }
}

extension QuotaView {
    fileprivate mutating func tell(_ standing: QuotaStanding) {
        let quota = standing.quota
        capacity = capacity?.worse(standing.capacity) ?? standing.capacity
        unit = quota.unit
        window = quota.window.text
        requests = Count(quota.requests, used: standing.used.requests, left: standing.requestsLeft)
        tokens = Count(quota.tokens, used: standing.used.tokens, left: standing.tokensLeft)
        reset = standing.reset?.rfc3339
    }
}

extension QuotaView.Count {
    fileprivate init?(_ limit: Int64?, used: Int64, left: Int64?) {
        guard let limit, let left else { return nil }
        self.init(limit: limit, used: used, left: left)
    }
}
