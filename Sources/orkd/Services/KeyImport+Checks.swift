internal import GRDB
import ORKit

// What the upstream says about keys before they are taken.

extension KeyImport {
    /// How many keys are asked about at the same time. Whoever imports waits
    /// for all of them, so there are more than in `KeysService.test`.
    static let probesAtOnce = 8

    /// Leaves out what can serve nobody, and what nothing is known about.
    ///
    /// - Throws: `CancellationError` when nobody waits for it any more.
    func checked(_ candidates: [Candidate]) async throws -> [Candidate] {
        guard let probe = service.probe else { return candidates }
        let unknown = try await strangers(among: candidates)
        let clock = service.clock
        let answers = try await unknown.answers(atOnce: Self.probesAtOnce) { place in
            (answer: await probe.probe(candidates[place].draft.secret), at: clock().wall)
        }
        var kept: [Candidate?] = candidates
        for (place, (answer, now)) in zip(unknown, answers) {
            let line = candidates[place].line
            tally.count(answer.keyClass(at: now), of: answer.account)
            if let refusal = answer.refusal(at: now) {
                reject(line, refusal.code, refusal.message)
                kept[place] = nil
            } else if case .unreachable = answer {
                reject(line, .keyUnchecked, "upstream could not be asked")
                kept[place] = nil
            } else {
                kept[place]?.draft.take(KeyFinding(answer, at: now))
            }
        }
        return kept.compactMap(\.self)
    }

    /// Places of those that the writing will add or bring back, as far as can
    /// be told before: nothing is asked about the others.
    private func strangers(among candidates: [Candidate]) async throws -> [Int] {
        let (service, reactivate) = (service, options.reactivate)
        return try await service.store.read { db in
            try candidates.indices.filter { place in
                switch try candidates[place].draft.match(db) {
                case .new: true
                case .known(let row): reactivate && service.isOut(row)
                case .taken: false
                }
            }
        }
    }
}

extension ProbeAnswer {
    /// The one that the upstream named.
    fileprivate var account: String? {
        if case .valid(let info) = self { info.account } else { nil }
    }
}
