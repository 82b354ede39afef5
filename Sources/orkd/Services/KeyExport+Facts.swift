import ORKit

// What an export says about a key, as this daemon holds it. A file can say
// anything, so every number and time has a range.

extension KeyExport {
    /// Far above what a key ever sees, and far from where sums overflow.
    private static let counts: ClosedRange<Int64> = 0...1_000_000_000_000_000
    /// Of one key: a model a rest.
    private static let mostRests = 1000

    /// - Throws: `bad-value`, naming the field.
    func facts() throws -> KeyFacts {
        var facts = KeyFacts()
        facts.counters = counters
        let numbers = [
            counters.attempts, counters.successes, counters.failures, counters.rateLimited,
            counters.consecutiveFailures, counters.promptTokens, counters.completionTokens,
        ]
        guard numbers.allSatisfy(Self.counts.contains), counters.costPico >= 0,
            counters.costPico <= Self.counts.upperBound * 1000
        else { throw Self.bad("counters") }
        guard (rests ?? []).count <= Self.mostRests else { throw Self.bad("rests") }
        facts.rests = try (rests ?? []).map { try $0.rest() }
        facts.brokenSince = try brokenSince.map { try Self.time($0, "broken_since") }
        facts.suspectSince = try suspectSince.map { try Self.time($0, "suspect_since") }
        facts.invalidSince = try invalidSince.map { try Self.time($0, "invalid_since") }
        facts.lastUsedAt = try lastUsedAt.map { try Self.time($0, "last_used_at") }
        guard latency.map({ (0...1e9).contains($0) }) ?? true else { throw Self.bad("latency") }
        facts.latency = latency
        guard Self.isLearntText(lastError ?? "") else { throw Self.bad("last_error") }
        facts.lastError = lastError
        facts.lastErrorAt = try lastErrorAt.map { try Self.time($0, "last_error_at") }
        return facts
    }

    /// - Throws: `bad-value`.
    func heldQuota() throws -> (quota: ORKit.Quota, use: QuotaUse?)? {
        guard let quota else { return nil }
        guard let window = QuotaWindow(text: quota.window),
            let bounds = ORKit.Quota(requests: quota.requests, tokens: quota.tokens, window: window)
        else { throw Self.bad("quota") }
        return (bounds, try quota.use?.use())
    }

    /// - Throws: `bad-value`.
    func digest() throws -> Digest {
        guard let digest = Digest(hex: fingerprint) else { throw Self.bad("fingerprint") }
        return digest
    }

    /// - Throws: `bad-value`.
    func added() throws -> WallTime { try Self.time(addedAt, "added_at") }

    /// As upstreams and callers word things: one line, not long.
    fileprivate static func isLearntText(_ text: String) -> Bool {
        text.unicodeScalars.count <= 1000
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    fileprivate static func time(_ text: String, _ field: String) throws -> WallTime {
        guard let time = WallTime(rfc3339: text) else { throw bad(field) }
        return time
    }

    fileprivate static func bad(_ field: String) -> CodedError {
        CodedError(.badValue, "field “\(field)” has a value that is not allowed")
    }
}

extension KeyExport.Rest {
    fileprivate func rest() throws -> Rest {
        guard [.key, .modelAtKey, .modelAtAccount, .account].contains(scope),
            !scope.isOfOneModel || model != nil,
            let cause = Cause.allCases.first(where: { $0.name == cause }),
            (0...64).contains(guesses),
            (0...1000).contains(proofs ?? 0),
            [model ?? "", rule, evidence].allSatisfy(KeyExport.isLearntText)
        else { throw KeyExport.bad("rests") }
        func time(_ text: String) throws -> WallTime { try KeyExport.time(text, "rests") }
        var rest = Rest(
            scope: scope, model: model, cause: cause, until: try until.map(time), since: try time(since),
            stated: stated, guesses: guesses, rule: rule, evidence: evidence)
        rest.proofs = proofs
        rest.provedMilliseconds = try provedAt.map(time)?.milliseconds
        return rest
    }
}

extension KeyExport.Use {
    fileprivate func use() throws -> QuotaUse {
        guard let phase = QuotaUse.Phase(rawValue: phase), width > 0, cells.count <= 128,
            cells.allSatisfy({ $0.count == 3 && $0.allSatisfy { (0...Quota.most).contains($0) } })
        else { throw KeyExport.bad("quota") }
        return QuotaUse(
            width: width,
            cells: cells.map {
                QuotaUse.Cell(number: $0[0], amount: QuotaAmount(requests: $0[1], tokens: $0[2]))
            },
            phase: phase, tokensEach: tokensEach, since: try since.map { try KeyExport.time($0, "quota") })
    }
}
