internal import ORKit

extension Listing<AccountView> {
    static let accounts = Listing(
        noun: "accounts", schema: "ork.accounts/1",
        columns: [
            Column("account", text: { row, _ in Cell(row.id, row.known ? .plain : .dim) }, value: { $0.id }),
            Column("name") { $0.name },
            Column("keys", number: true) { String($0.keys) },
            Column("states", text: { row, _ in row.statesCell }, value: { $0.states }),
            Column("rests", text: { $0.restsCell($1) }, value: { $0.restsListed }),
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
            Column("known-since", .wide, text: { Cell($1.ago($0.knownSince)) }, value: { $0.knownSince }),
            Column("last-used", .wide, text: { Cell($1.ago($0.lastUsedAt)) }, value: { $0.lastUsedAt }),
            Column("learnt-keys", .wide, number: true) { String($0.learntKeys) },
            Column("note", .wide) { $0.note },
            Column("version", .wide, number: true) { String($0.version) },
            Column("evidence", .detail) { row in
                row.rests.isEmpty
                    ? nil : row.rests.map { "\($0.rule): \($0.evidence)" }.joined(separator: "; ")
            },
            Column("free-requests", .detail) { $0.shared?.freeRequests?.words },
            Column("limits", .detail, text: { row, human in Cell(row.shared?.limits.words(human.left)) }) {
                $0.shared?.limits.words { $0 }
            },
            Column("members", .detail, text: { $0.membersCell($1) }, value: { $0.membersListed }),
            Column("successes", .detail, number: true) { String($0.counters.successes) },
            Column("rate-limited", .detail, number: true) { String($0.counters.rateLimited) },
            Column("prompt-tokens", .detail, number: true) { String($0.counters.promptTokens) },
            Column("completion-tokens", .detail, number: true) { String($0.counters.completionTokens) },
            .lasts(.detail), .firstOut(.detail), .quotaLeft(.detail), .rate(.detail), .risk(.detail),
        ],
        name: { $0.id })
}

extension AccountView {
    fileprivate var spent: Money { Money(pico: counters.costPico) }

    /// `2 usable, 1 resting`, in the order of the states.
    fileprivate var states: String? {
        let some = KeyState.allCases.compactMap { state in
            byState[state.rawValue].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }
        return some.isEmpty ? nil : some.joined(separator: ", ")
    }

    /// In the colour of the best of its keys.
    fileprivate var statesCell: Cell {
        let best = KeyState.allCases.first { byState[$0.rawValue] ?? 0 > 0 }
        return Cell(states, best?.tone ?? .plain)
    }

    /// `credits-out 41 s`, `:free rate-limited 4 h`; a guess says so.
    fileprivate func restsCell(_ human: Human) -> Cell {
        let some = rests.map { rest in
            [rest.model, rest.because, human.left(rest.until), rest.stated ? nil : "(guessed)"]
                .compactMap { $0 }.joined(separator: " ")
        }
        return some.isEmpty ? Cell(nil) : Cell(some.joined(separator: ", "), .warning)
    }

    fileprivate var restsListed: String? {
        let some = rests.map { rest in
            let end = rest.until.map { "until \($0) \(rest.stated ? "stated" : "guessed")" }
            return [rest.model, rest.because, end].compactMap { $0 }.joined(separator: " ")
        }
        return some.isEmpty ? nil : some.joined(separator: ", ")
    }

    fileprivate func membersCell(_ human: Human) -> Cell {
        Cell(listed(members) { [$0.name, $0.state.rawValue, human.left($0.until)] })
    }

    fileprivate var membersListed: String? { listed(members) { [$0.name, $0.state.rawValue, $0.until] } }

    private func listed(_ members: [Member]?, _ words: (Member) -> [String?]) -> String? {
        guard let members, !members.isEmpty else { return nil }
        let some = members.map { words($0).compactMap { $0 }.joined(separator: " ") }
        let more = keys > members.count ? ["\(keys - members.count) more"] : []
        return (some + more).joined(separator: ", ")
    }
}

extension ChangeReport<AccountView> {
    static let accounts = ChangeReport(name: { $0.id })
}
