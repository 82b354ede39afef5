/// From an upstream's words to a verdict: pure, one named rule per meaning
/// (`Rules/`).
public enum Classifier {
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
    public static func classify(inBand json: [UInt8], model: String?, at now: Now) -> Verdict {
        guard mayHoldError(json), let body = JSONValue(prefix: json), let found = InBandError(body) else {
            return .ok
        }
        let reading = Reading(
            status: found.status, body: found.envelope, isPage: false, retryAfter: nil, reset: nil,
            model: model, at: now)
        return verdict(reading, prefix: "200 with error \(found.status)")
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
        guard let rule = Rule.table.first(where: { $0.matches(reading) }) else { return .ok }
        return Verdict(
            scope: rule.scope, cause: rule.cause, remedy: rule.remedy,
            statedUntil: reading.statedUntil ?? rule.impliedEnd.time(after: reading.now),
            evidence: Evidence.line([
                prefix + (reading.message.isEmpty ? "" : " " + reading.message), reading.limitSource,
                reading.raw == reading.message ? nil : reading.raw,
            ]),
            rule: rule.name, account: reading.account)
    }
}
