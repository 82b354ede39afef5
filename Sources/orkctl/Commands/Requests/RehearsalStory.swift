internal import ORKit

/// What would become of a request, told like one that has been: the pools in
/// the order in which they would be asked, then the key or the refusal.
struct RehearsalStory {
    private let view: RehearsalView
    private let session: Session
    /// Whether the request was one of a named conversation.
    private let isOfConversation: Bool

    init(_ view: RehearsalView, isOfConversation: Bool, _ session: Session) {
        self.view = view
        self.isOfConversation = isOfConversation
        self.session = session
    }

    /// Several lines, each with its newline; escaped.
    var text: String {
        let steps = view.pools.map(asked) + [view.cost.map(priced), ended].compactMap { $0 }
        return Step.story(headline, steps, next: view.refusal?.code, session.style)
    }

    private var headline: String {
        let clock = view.at.dropFirst(11).prefix(8)
        return "dry run   \(clock)   \(view.client ?? "anybody") → \(view.model ?? "no model")"
    }

    private func asked(_ group: RehearsalView.Group) -> Step {
        let counts = Candidacy.allCases.compactMap { candidacy -> String? in
            guard let count = group.candidates[candidacy.rawValue], count > 0 else { return nil }
            return "\(Human.count(count)) \(candidacy.rawValue)"
        }
        let keys = "\(Human.count(group.keys)) \(group.keys == 1 ? "key" : "keys")"
        let why = [keys, counts.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: ": ")
        let way = group.objective.map { "objective \($0)" } ?? group.strategy.rawValue
        return Step(what: "pool \(group.pool)", why: "\(way); \(why)")
    }

    private func priced(_ cost: CostView) -> Step {
        let tokens = "\(Human.count(cost.inputTokens)) tokens in, \(Human.count(cost.outputTokens)) out"
        let sure = cost.confidence == "high" ? "" : ", all that it can say"
        return Step(
            what: "would cost $\(cost.amount)",
            why: tokens + sure + (cost.most.map { "; at most $\($0)" } ?? ""))
    }

    private var ended: Step {
        if let refusal = view.refusal {
            var why = "code \(refusal.code.rawValue)"
            if let evidence = refusal.evidence { why += "; nothing is tried because of \(evidence)" }
            if let until = refusal.until, let left = session.human.left(until) {
                why += "; again in \(left)"
            }
            return Step(what: "would answer \(refusal.status)", why: why, tone: .bad)
        }
        var why = view.chosen ?? ""
        if let odds = view.odds { why += ", drawn \(odds.weight) in \(odds.of)" }
        if let pool = view.pool { why += "; pool \(pool)" }
        if isLedHome { why += "; of a conversation, its own key: --session" }
        return Step(what: "would lease \(view.key ?? "a key")", why: why, tone: .good)
    }

    /// Whether a conversation that was not named might have another key.
    private var isLedHome: Bool {
        guard !isOfConversation, let group = view.pools.first(where: { $0.pool == view.pool }) else {
            return false
        }
        return group.strategy != .sticky && group.objective == nil
            && group.candidates[Candidacy.usable.rawValue] ?? 0 > 1
    }
}
