internal import ORKit

extension Listing<KeyView> {
    static let keys = Listing(
        noun: "keys", schema: "ork.keys/1",
        columns: [
            Column("name") { $0.name },
            Column("state", text: { $0.stateCell($1) }, value: { $0.state.rawValue }),
            Column("account") { $0.account },
            Column("in-flight", number: true) { String($0.inFlight) },
            Column(
                "attempts", number: true, text: { row, _ in Cell(Human.count(row.counters.attempts)) },
                value: { String($0.counters.attempts) }),
            Column(
                "failures", number: true, text: { row, _ in Cell(Human.count(row.counters.failures)) },
                value: { String($0.counters.failures) }),
            Column(
                "spent", number: true, text: { row, _ in Cell(Human.dollars(row.spent)) },
                value: { $0.spent.decimal }),
            Column("last-used", text: { Cell($1.ago($0.lastUsedAt)) }, value: { $0.lastUsedAt }),
            Column("key", .wide) { $0.masked },
            Column("fingerprint", .wide) { $0.fingerprint },
            Column("provider", .wide) { $0.provider },
            Column("pool", .wide) { $0.pool },
            Column("weight", .wide, number: true) { String($0.weight) },
            Column("priority", .detail, number: true) { String($0.priority) },
            Column("max-in-flight", .detail, number: true) { String($0.maxInFlight) },
            Column(
                "latency", .wide, number: true, text: { row, _ in Cell(row.latency.map(Human.milliseconds)) },
                value: { $0.latency.map { Human.decimal($0) } }),
            Column("tags", .wide) { $0.tags.listed },
            Column("until", .wide, text: { Cell($1.left($0.until)) }, value: { $0.until }),
            Column("because", .wide) { $0.because },
            Column("id", .wide, number: true) { String($0.id.raw) },
            Column("evidence", .detail) { $0.evidence },
            Column("resting-models", .detail) { row in
                row.restingModels.map { "\($0.model) until \($0.until)" }.joined(separator: ", ")
            },
            Column("limits", .detail, text: { row, human in Cell(row.limits?.words(human.left)) }) {
                $0.limits?.words { $0 }
            },
            Column("metadata", .detail) { $0.metadata.listed },
            Column("disabled-reason", .detail) { $0.disabledReason },
            Column("checked", .detail) { $0.checked ? "yes" : "no" },
            Column("successes", .detail, number: true) { String($0.counters.successes) },
            Column("rate-limited", .detail, number: true) { String($0.counters.rateLimited) },
            Column("consecutive-failures", .detail, number: true) { String($0.counters.consecutiveFailures) },
            Column("prompt-tokens", .detail, number: true) { String($0.counters.promptTokens) },
            Column("completion-tokens", .detail, number: true) { String($0.counters.completionTokens) },
            Column("last-error", .detail) { $0.lastError },
            Column(
                "last-error-at", .detail, text: { Cell($1.ago($0.lastErrorAt)) }, value: { $0.lastErrorAt }),
            Column("added-at", .detail, text: { Cell($1.ago($0.addedAt)) }, value: { $0.addedAt }),
            Column("version", .detail, number: true) { String($0.version) },
        ],
        name: { $0.name })
}

extension KeyView {
    var spent: Money { Money(pico: counters.costPico) }

    /// `resting 41 s`: the word, and how long still.
    func stateCell(_ human: Human) -> Cell {
        let left = state == .usable || state == .disabled ? nil : human.left(until)
        return Cell([state.rawValue, left].compactMap { $0 }.joined(separator: " "), state.tone)
    }
}

extension KeyState {
    var tone: Tone {
        switch self {
        case .usable: .good
        case .resting, .exhausted, .suspect: .warning
        case .broken, .invalid: .bad
        case .disabled: .dim
        }
    }
}

extension [String: String] {
    /// `a=1,b=2`, in the order of the names.
    var listed: String { sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }
}

extension ChangeReport<KeyView> {
    static let keys = ChangeReport(name: { $0.name })
}
