/// What a 429 said about the limit that it enforced (QA-11): in its head, or
/// in the copy of a head that is in the body. Answers that are good say
/// nothing of limits, so this is all that can be learnt of them.
public struct UpstreamLimit: Sendable, Hashable {
    public var at: WallTime
    /// The rule that the answer fell under: one key may run into several
    /// limits.
    public var rule: String
    /// Requests in all; nil: not said.
    public var limit: Int64?
    public var left: Int64?
    /// When it begins anew.
    public var reset: WallTime?

    public init(at: WallTime, rule: String, limit: Int64?, left: Int64?, reset: WallTime?) {
        self.at = at
        self.rule = rule
        self.limit = limit
        self.left = left
        self.reset = reset
    }

    /// Nil when the answer says nothing of limits, or speaks of one that is
    /// neither the key's nor its account's.
    public init?(_ answer: UpstreamAnswer, _ verdict: Verdict, at now: WallTime) {
        guard answer.status == 429, answer.dialect == .openRouter, verdict.cause == .rateLimited,
            [.key, .account, .modelAtKey, .modelAtAccount].contains(verdict.scope)
        else { return nil }
        let body = JSONValue(prefix: answer.body)
        let copied = (body?["error"]?["metadata"] ?? body?["metadata"])?["headers"]
        func word(_ name: String) -> String? { answer.field(name) ?? copied?.caseless(name)?.scalar }
        func count(_ name: String) -> Int64? { word(name).flatMap { Int64($0) }.map { max(0, $0) } }
        limit = count("x-ratelimit-limit")
        left = count("x-ratelimit-remaining")
        guard limit != nil || left != nil else { return nil }
        let end = word("x-ratelimit-reset").flatMap { StatedTime.reset($0, at: now) }
        // What is absurd is no statement (ruling 10).
        reset = end.flatMap { (0...StatedTime.horizon).contains($0.milliseconds(since: now)) ? $0 : nil }
        rule = verdict.rule
        at = now
    }

    /// Whether all keys of the account share it.
    public var isOfAccount: Bool {
        let scope = Rule.table.first { $0.name == rule }?.scope
        return scope == .account || scope == .modelAtAccount
    }

    /// What was said is still so, as far as anybody knows.
    public func holds(at now: WallTime) -> Bool {
        // Without an end nothing is known a day later.
        (reset ?? at.advanced(byMilliseconds: 86_400_000)) > now
    }
}

extension Engine {
    /// A 429 told what its limit is. Of a key that is another by now, or whose
    /// secret is, it says nothing.
    public mutating func told(_ limit: UpstreamLimit, _ lease: Lease, effects: inout [Effect]) {
        guard let place = pool.slot(of: lease), lease.ticket > pool.slots[place].secretSince else { return }
        effects.append(.keepLimit(lease.key, limit))
    }
}
