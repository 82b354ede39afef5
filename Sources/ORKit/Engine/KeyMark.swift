/// What automation holds against a key because of one verdict.
public struct KeyMark: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// For some time, or from some models only.
        case rest
        case suspect
        case broken
        case invalid
    }

    public var kind: Kind
    /// Rule, evidence, scope, cause and times; what it is about.
    public var rest: Rest

    public init(kind: Kind, rest: Rest) {
        self.kind = kind
        self.rest = rest
    }

    /// Whether automation concluded it, in the sense of ruling 13: nobody
    /// stated an end, and it is no matter of money or of a limit.
    public var isGuess: Bool { kind != .rest || !rest.stated && !rest.isExhaustion }
}

extension KeyFacts {
    /// The newest mark that has an effect at this moment; nil: nothing is
    /// held against the key.
    public func lastMark(at now: WallTime) -> KeyMark? {
        marks(at: now).max { $0.rest.sinceMilliseconds < $1.rest.sinceMilliseconds }
    }

    /// All that is held against the key at this moment. A suspicion and what
    /// it was confirmed to be are one matter.
    public func marks(at now: WallTime) -> [KeyMark] {
        var marks = rests.filter { $0.isPlain && !$0.isQuota && $0.isActive(at: now) }
            .map { KeyMark(kind: .rest, rest: $0) }
        if let since = brokenSince {
            marks.append(KeyMark(kind: .broken, rest: rests.first(where: \.isBreaker) ?? .unnamed(since)))
        }
        if let since = invalidSince ?? suspectSince {
            var rest = rests.first(where: \.isSuspicion) ?? .unnamed(since)
            // Its end is only when the next check is due.
            (rest.untilMilliseconds, rest.sinceMilliseconds) = (nil, since.milliseconds)
            marks.append(KeyMark(kind: invalidSince == nil ? .suspect : .invalid, rest: rest))
        }
        return marks
    }

    /// The key as if the verdict had not been: no word is left of it that
    /// would make the next guess longer.
    public mutating func forget(_ mark: KeyMark) {
        switch mark.kind {
        case .rest: rests.removeAll { $0.isOfOneVerdict(with: mark.rest) }
        case .broken:
            brokenSince = nil
            rests.removeAll(where: \.isBreaker)
            counters.consecutiveFailures = 0
        case .suspect, .invalid:
            suspectSince = nil
            invalidSince = nil
            rests.removeAll(where: \.isSuspicion)
        }
    }
}

extension Rest {
    /// Of a mark whose own rest is gone.
    fileprivate static func unnamed(_ since: WallTime) -> Rest {
        Rest(
            scope: .key, model: nil, cause: .rejected, until: nil, since: since, stated: false, guesses: 0,
            rule: "unknown", evidence: "")
    }

    /// Left behind by the same verdict: it may have named two things.
    func isOfOneVerdict(with other: Rest) -> Bool {
        isPlain && sinceMilliseconds == other.sinceMilliseconds && rule == other.rule
            && cause == other.cause
    }
}

extension Engine {
    /// Takes back what one verdict left behind, and nothing else: on every
    /// key of the account if it was about that. No effect when it is gone.
    mutating func undo(
        _ mark: KeyMark, of key: KeyID, _ trigger: String, at now: WallTime, effects: inout [Effect]
    ) {
        guard let place = pool.slot(of: key) else { return }
        if mark.kind == .broken { forgetRuns(place) }
        if mark.kind == .rest, mark.rest.isOfAccount {
            for member in members(of: place) where member != place {
                let before = pool.slots[member].facts.rests.count
                pool.slots[member].facts.rests.removeAll {
                    $0.isOfAccount && $0.isOfOneVerdict(with: mark.rest)
                }
                guard pool.slots[member].facts.rests.count != before else { continue }
                keep(member, trigger: trigger, evidence: mark.rest.evidence, at: now, effects: &effects)
            }
        }
        pool.slots[place].facts.forget(mark)
        keep(place, trigger: trigger, evidence: mark.rest.evidence, at: now, effects: &effects)
    }
}
