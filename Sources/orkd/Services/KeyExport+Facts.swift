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
        facts.brokenSince = try Self.time(brokenSince, "broken_since")
        facts.suspectSince = try Self.time(suspectSince, "suspect_since")
        facts.invalidSince = try Self.time(invalidSince, "invalid_since")
        facts.lastUsedAt = try Self.time(lastUsedAt, "last_used_at")
        guard latency.map({ (0...1e9).contains($0) }) ?? true else { throw Self.bad("latency") }
        facts.latency = latency
        guard Self.isLearntText(lastError ?? "") else { throw Self.bad("last_error") }
        facts.lastError = lastError
        facts.lastErrorAt = try Self.time(lastErrorAt, "last_error_at")
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
    func added() throws -> WallTime {
        guard let time = WallTime(rfc3339: addedAt) else { throw Self.bad("added_at") }
        return time
    }

    /// As upstreams and callers word things: one line, not long.
    fileprivate static func isLearntText(_ text: String) -> Bool {
        text.unicodeScalars.count <= 1000
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    fileprivate static func time(_ text: String?, _ field: String) throws -> WallTime? {
        guard let text else { return nil }
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
            let since = try KeyExport.time(since, "rests"), (0...64).contains(guesses),
            (0...1000).contains(proofs ?? 0),
            [model ?? "", rule, evidence].allSatisfy(KeyExport.isLearntText)
        else { throw KeyExport.bad("rests") }
        var rest = Rest(
            scope: scope, model: model, cause: cause, until: try KeyExport.time(until, "rests"),
            since: since, stated: stated, guesses: guesses, rule: rule, evidence: evidence)
        rest.proofs = proofs
        rest.provedMilliseconds = try KeyExport.time(provedAt, "rests")?.milliseconds
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
            phase: phase, tokensEach: tokensEach, since: try KeyExport.time(since, "quota"))
    }
}

extension Digest {
    /// - Returns: nil unless the text is 64 hexadecimal digits.
    fileprivate init?(hex text: String) {
        let digits = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x61...0x66: byte - 0x61 + 10
            case 0x41...0x46: byte - 0x41 + 10
            default: nil
            }
        }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        self.init(stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }
}
