/// From an upstream's words to a verdict: pure, one named rule per meaning
/// (`Rules/`), one table of rules per dialect. The page of it all is
/// `docs/upstream-faults.md`.
public enum Classifier {
    public static func classify(_ heard: Heard, at now: Now) -> Verdict {
        switch heard {
        case .answer(let answer): classify(answer, at: now)
        case .inBand(let json, let model, let dialect):
            classify(inBand: json, model: model, dialect: dialect, at: now)
        case .noAnswer(let failure): classify(transport: failure)
        }
    }

    /// The verdict of an answer, from its head and the beginning of its body.
    /// A 2xx is `ok` here unless it is a page of HTML; for what else may be
    /// inside it see `classify(inBand:)`.
    public static func classify(_ answer: UpstreamAnswer, at now: Now) -> Verdict {
        if (200..<300).contains(answer.status), !answer.isPage { return .ok }
        return verdict(Reading(answer, at: now), prefix: "\(answer.status)")
    }

    /// The verdict when there is no answer, or half of one.
    public static func classify(transport failure: TransportFailure) -> Verdict { Verdict(failure) }

    /// The verdict of a body inside a 200: a JSON answer's first bytes, or the
    /// data of one event of a stream (openrouter-api.md 3.1, 4.2). `ok` when it
    /// holds no error.
    public static func classify(
        inBand json: [UInt8], model: String?, dialect: Dialect = .openRouter, at now: Now
    ) -> Verdict {
        guard mayHoldError(json), let body = JSONValue(prefix: json), let found = InBandError(body) else {
            return .ok
        }
        let answer = UpstreamAnswer(status: found.status, fields: [], model: model, dialect: dialect)
        return verdict(
            Reading(answer, body: found.envelope, at: now), prefix: "200 with error \(found.status)")
    }

    /// A cheap look before the real one: whether the quoted word stands
    /// anywhere in the bytes.
    public static func mayHoldError(_ bytes: some Sequence<UInt8>) -> Bool {
        let word: StaticString = "error"
        var matched = 0
        for byte in bytes {
            if matched < word.utf8CodeUnitCount, byte == word.utf8Start[matched] {
                matched += 1
                if matched == word.utf8CodeUnitCount { return true }
            } else {
                matched = byte == word.utf8Start[0] ? 1 : 0
            }
        }
        return false
    }

    private static func verdict(_ reading: Reading, prefix: String) -> Verdict {
        let rule = Rule.table(for: reading.dialect).first { $0.matches(reading) } ?? .unknown
        let implied = rule.impliedEnd.time(after: reading.now)
        return Verdict(
            scope: rule.scope, cause: rule.cause, remedy: rule.remedy,
            statedUntil: reading.end?.time ?? implied,
            statedBy: reading.end?.time == nil ? implied.map { _ in .calendar } : reading.end?.source,
            evidence: reading.evidence(prefix, for: rule.scope), rule: rule.name, account: reading.account,
            provider: reading.providerName.flatMap(Evidence.name), fingerprint: reading.fingerprint(rule))
    }
}
