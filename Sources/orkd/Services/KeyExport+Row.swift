import ORKit

extension KeyExport {
    /// - Parameter secret: nil: it stays here.
    init(_ row: KeyRow, _ standing: KeyStanding?, secret: Secret?, pool: String) {
        let facts = standing?.facts ?? KeyFacts()
        self.init(
            name: row.name,
            secret: secret.map { $0.withBytes { String(decoding: $0, as: UTF8.self) } },
            fingerprint: row.fingerprint.hex, provider: row.provider, account: row.account,
            accountLearnt: row.isAccountLearnt ? true : nil, weight: row.weight, pool: pool,
            priority: row.priority, maxInFlight: row.maxInFlight, tags: row.tags, metadata: row.metadata,
            enabled: row.enabled, disabledReason: row.disabledReason, checked: row.checked,
            addedAt: row.addedAt.rfc3339, state: standing.state(enabled: row.enabled),
            counters: facts.counters)
        quota = row.quota.map { Quota($0, standing?.use) }
        let rests = facts.rests.map { Rest($0) }
        self.rests = rests.isEmpty ? nil : rests
        brokenSince = facts.brokenSince?.rfc3339
        suspectSince = facts.suspectSince?.rfc3339
        invalidSince = facts.invalidSince?.rfc3339
        lastUsedAt = facts.lastUsedAt?.rfc3339
        latency = facts.latency
        lastError = facts.lastError
        lastErrorAt = facts.lastErrorAt?.rfc3339
    }
}

extension KeyExport.Rest {
    fileprivate init(_ rest: Rest) {
        func time(_ milliseconds: Int64?) -> String? {
            milliseconds.map { WallTime(milliseconds: $0).rfc3339 }
        }
        self.init(
            scope: rest.scope, model: rest.model,
            cause: (Cause(rawValue: rest.cause) ?? .upstreamError).name, until: time(rest.untilMilliseconds),
            since: WallTime(milliseconds: rest.sinceMilliseconds).rfc3339, stated: rest.stated,
            guesses: rest.guesses, rule: rest.rule, evidence: rest.evidence, proofs: rest.proofs,
            provedAt: time(rest.provedMilliseconds))
    }
}

extension KeyExport.Quota {
    fileprivate init(_ quota: Quota, _ use: QuotaUse?) {
        let use = use.flatMap { $0.cells.isEmpty ? nil : $0 }
        self.init(
            requests: quota.requests, tokens: quota.tokens, window: quota.window.text,
            use: use.map { use in
                KeyExport.Use(
                    width: use.width,
                    cells: use.cells.map { [$0.number, $0.amount.requests, $0.amount.tokens] },
                    phase: use.phase.rawValue, tokensEach: use.tokensEach, since: use.since?.rfc3339)
            })
    }
}
