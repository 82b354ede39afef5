internal import ORKit

extension Listing<QuotaView> {
    static let quotas = Listing(
        noun: "keys", schema: "ork.quotas/1",
        columns: [
            Column("name") { $0.name },
            Column(
                "capacity", words: Capacity.allCases.map(\.rawValue),
                text: { row, _ in Cell(row.capacity?.rawValue, row.capacity?.tone ?? .dim) },
                value: { $0.capacity?.rawValue }),
            Column("used", text: { row, _ in Cell(row.used { Human.count($0) }) }, value: { $0.used() }),
            Column("left", text: { row, _ in Cell(row.left { Human.count($0) }) }, value: { $0.left() }),
            Column("window") { $0.window },
            Column("reset", text: { Cell($1.left($0.reset)) }, value: { $0.reset }),
            Column("lasts", text: { $0.lasts($1) }, value: { $0.forecast?.exhausted }),
            Column("upstream", text: { row, _ in row.upstreamCell }, value: { $0.upstream?.left }),
            Column("state", .wide, text: { row, _ in Cell(row.state.rawValue, row.state.tone) }) {
                $0.state.rawValue
            },
            Column("unit", .wide) { $0.unit?.rawValue },
            Column("requests-limit", .wide, number: true) { $0.requests.map { String($0.limit) } },
            Column("requests-left", .wide, number: true) { $0.requests.map { String($0.left) } },
            Column("tokens-limit", .wide, number: true) { $0.tokens.map { String($0.limit) } },
            Column("tokens-left", .wide, number: true) { $0.tokens.map { String($0.left) } },
            Column("account", .wide) { $0.account },
            Column("pool", .wide) { $0.pool },
            Column("until", .detail, text: { Cell($1.left($0.until)) }, value: { $0.until }),
            Column("because", .detail) { $0.because },
            Column("resting-models", .detail) { row in
                row.restingModels.map { "\($0.model) until \($0.until)" }.joined(separator: ", ")
            },
            Column("rate", .detail) { row in
                row.forecast.map { "\(Human.decimal($0.perHour)) \($0.unit.rawValue) an hour" }
            },
            Column("risk", .detail) { $0.forecast?.risk?.rawValue },
            Column("confidence", .wide) { $0.forecast?.confidence.rawValue },
            Column("uncertainty", .detail) { row in
                row.forecast.map { "\(Human.decimal($0.uncertainty * 100)) %" }
            },
            Column("upstream-limit", .detail) { $0.upstream?.limit },
            Column("upstream-used", .detail) { $0.upstream?.used },
            Column("upstream-reset", .detail) { row in
                [row.upstream?.reset?.rawValue, row.upstream?.resetAt].compactMap { $0 }
                    .joined(separator: ", at ")
            },
            Column("free-requests", .detail) { row in
                row.upstream?.freeRequests?.words
            },
            Column("limits", .detail, text: { row, human in Cell(row.limits?.words(human.left)) }) {
                $0.limits?.words { $0 }
            },
            Column("asked-at", .detail, text: { Cell($1.ago($0.upstream?.at)) }, value: { $0.upstream?.at }),
            Column("version", .detail, number: true) { String($0.version) },
        ],
        name: { $0.name })
}

extension QuotaView {
    /// `780/1000 requests, 5/10 tokens`.
    fileprivate func used(_ number: (Int64) -> String = { String($0) }) -> String? {
        listed { "\(number($0.used))/\(number($0.limit)) \($1)" }
    }

    /// `220 requests, 5 tokens`.
    fileprivate func left(_ number: (Int64) -> String = { String($0) }) -> String? {
        listed { "\(number($0.left)) \($1)" }
    }

    private func listed(_ words: (Count, String) -> String) -> String? {
        let some = [requests.map { words($0, "requests") }, tokens.map { words($0, "tokens") }]
            .compactMap { $0 }
        return some.isEmpty ? nil : some.joined(separator: ", ")
    }

    /// How long still; with a mark of how sure that is.
    fileprivate func lasts(_ human: Human) -> Cell {
        guard let forecast else { return Cell(nil) }
        guard let left = human.left(forecast.exhausted) else {
            return Cell(forecast.exhausted == nil ? "to its reset" : nil, .dim)
        }
        let words = "\(left) (\(forecast.confidence.rawValue))"
        return Cell(words, forecast.risk == .critical ? .warning : .plain)
    }

    fileprivate var upstreamCell: Cell {
        guard let left = upstream?.left.flatMap({ Money(decimal: $0.utf8) }) else { return Cell(nil) }
        let limit = upstream?.limit.flatMap { Money(decimal: $0.utf8) }
        return Cell(
            Human.dollars(left) + (limit.map { " of " + Human.dollars($0) } ?? "") + " left",
            left.pico > 0 ? .plain : .warning)
    }
}

extension QuotaView.Upstream.Free {
    /// `12 of 50 left`.
    var words: String {
        [left, limit].map { $0.map(String.init) ?? "?" }.joined(separator: " of ") + " left"
    }
}

extension [QuotaView.Limit] {
    /// `429-free-tier-daily: 0 of 50 left, begins anew in 6 h`; nil when there
    /// is none.
    func words(_ time: (String?) -> String?) -> String? {
        guard !isEmpty else { return nil }
        return map { limit in
            let numbers = [limit.left, limit.limit].map { $0.map(String.init) ?? "?" }
            let end = time(limit.resetAt).map { ", begins anew in \($0)" } ?? ""
            return "\(limit.rule): \(numbers.joined(separator: " of ")) left\(end)"
        }.joined(separator: "; ")
    }
}

extension Capacity {
    fileprivate var tone: Tone {
        switch self {
        case .abundant: .good
        case .constrained: .plain
        case .critical, .recovering: .warning
        case .exhausted: .bad
        }
    }
}

extension ChangeReport<QuotaView> {
    static let quotas = ChangeReport(name: { $0.name })
}
