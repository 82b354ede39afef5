internal import ORKit

/// One request as a story: what was decided, in order, and by which rule.
struct DecisionTrail {
    private let request: RequestView
    private let style: Style

    init(_ request: RequestView, _ style: Style) {
        self.request = request
        self.style = style
    }

    /// Several lines, each with its newline; escaped.
    var text: String {
        Step.story(headline, steps, next: request.code, style)
    }

    private var headline: String {
        let clock = request.startedAt.dropFirst(11).prefix(8)
        let target = request.model ?? request.path
        let took = Human.milliseconds(request.milliseconds)
        let end =
            request.status == 0 ? "the caller left after \(took)" : "answered \(request.status) after \(took)"
        return "\(request.id)   \(clock)   \(request.client) → \(target)   \(end)"
    }

    private var steps: [Step] {
        let stream = request.stream ? ", streamed" : ""
        var steps = [
            Step(what: "admitted", why: "\(request.client): \(request.method) \(request.path)\(stream)")
        ]
        if request.attempts.isEmpty, request.end == "refused" { steps.removeAll() }
        if let candidates = request.candidates { steps.append(chosenAmong(candidates)) }
        if let wait = request.queuedMilliseconds {
            let place = request.queuePosition.map { ", from place \($0)" } ?? ""
            steps.append(Step(what: "waited \(Human.milliseconds(Double(wait)))", why: "for a key\(place)"))
        }
        for (index, attempt) in request.attempts.enumerated() {
            steps.append(leased(attempt, index))
            steps.append(heard(attempt))
            if index + 1 < request.attempts.count {
                let other = request.attempts[index + 1]
                let key =
                    other.key == attempt.key
                    ? "the same key once more" : "another key, nothing had reached the caller"
                steps.append(Step(what: "tried again", why: key))
            }
        }
        steps.append(ended)
        if let cost = request.cost { steps.append(compared(cost)) }
        return steps
    }

    private func chosenAmong(_ candidates: [String: Int]) -> Step {
        let here = Census.Part.allCases.filter { $0 != .elsewhere }
        let counts = here.compactMap { part -> String? in
            guard let count = candidates[part.rawValue], count > 0 else { return nil }
            return "\(Human.count(count)) \(part.rawValue)"
        }
        let keys = here.reduce(0) { $0 + (candidates[$1.rawValue] ?? 0) }
        let elsewhere = candidates[Census.Part.elsewhere.rawValue] ?? 0
        let rest = elsewhere > 0 ? "\(Human.count(elsewhere)) in other pools" : ""
        return Step(
            what: "looked at \(Human.count(keys)) \(keys == 1 ? "key" : "keys")",
            why: [counts.joined(separator: ", "), rest].filter { !$0.isEmpty }.joined(separator: "; "))
    }

    private func leased(_ attempt: AttemptView, _ index: Int) -> Step {
        let pool = "\(attempt.usable) usable of \(attempt.total) keys"
        let at = index == 0 ? "" : ", \(Human.milliseconds(attempt.startedMilliseconds)) after the start"
        return Step(what: "leased \(attempt.key)", why: "\(attempt.chosen); \(pool)\(at)")
    }

    private func heard(_ attempt: AttemptView) -> Step {
        let status = attempt.status.map { "upstream \($0)" } ?? "no answer"
        guard attempt.cause != "ok" else {
            return Step(what: status, why: "after \(Human.milliseconds(attempt.milliseconds))", tone: .good)
        }
        var why = "\(attempt.cause) by rule \(attempt.rule)"
        if let evidence = attempt.evidence, !evidence.isEmpty { why += ": \(evidence)" }
        if let scope = attempt.scope, scope != .request {
            why += "; blamed: \(subject(of: scope, attempt))"
            if let until = attempt.until { why += ", until \(until)" }
        }
        return Step(what: status, why: why, tone: .warning)
    }

    private func subject(of scope: FailureScope, _ attempt: AttemptView) -> String {
        switch scope {
        case .modelAtKey: "\(request.model ?? "the model") on \(attempt.key)"
        case .modelAtAccount: "\(request.model ?? "the model") on the account of \(attempt.key)"
        case .modelAtProvider: "\(request.model ?? "the model") at the provider"
        case .key: "key \(attempt.key)"
        case .account: "the account of \(attempt.key)"
        default: "the \(scope.rawValue)"
        }
    }

    private func compared(_ cost: ComparedCostView) -> Step {
        var why = cost.actual.map { "cost $\($0)" } ?? "what it cost is not known"
        if let error = cost.errorText { why += ": off by \(error)" }
        if cost.pricesAreOverridden {
            why += "; by prices that upstream.prices states"
        } else if cost.pricesAreLater {
            why += "; by prices of \(cost.pricesAsOf), which is later"
        }
        return Step(what: "estimated $\(cost.estimate)", why: why)
    }

    private var ended: Step {
        let usage = request.usage
        let cost = usage.cost.map { ", $\($0)" } ?? ""
        let tokens =
            usage.quality == "none"
            ? "" : "; \(Human.count(usage.totalTokens)) tokens\(cost) (\(usage.quality))"
        let code = request.code.map { "code \($0.rawValue)" }
        switch request.end {
        case "complete":
            return Step(
                what: "answered \(request.status)", why: (code ?? "relayed whole") + tokens, tone: .good)
        case "refused":
            return Step(what: "answered \(request.status)", why: code ?? "refused", tone: .bad)
        case "client-gone":
            return Step(what: "caller left", why: "the upstream was cancelled" + tokens, tone: .dim)
        case "truncated":
            return Step(
                what: "broken off", why: (code ?? "the upstream ended too early") + tokens, tone: .bad)
        case "stalled":
            return Step(what: "stalled", why: "the caller stopped reading" + tokens, tone: .warning)
        default: return Step(what: request.end, why: (code ?? "") + tokens)
        }
    }
}
