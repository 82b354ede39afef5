internal import ORKit

extension Listing<RequestView> {
    static let requests = Listing(
        noun: "requests", schema: "ork.requests/1",
        columns: [
            Column("id") { $0.id },
            Column("started", text: { Cell($1.ago($0.startedAt)) }, value: { $0.startedAt }),
            Column("client") { $0.client },
            Column("model") { $0.model },
            Column("status", number: true, text: { row, _ in row.statusCell }, value: { String($0.status) }),
            Column("code") { $0.code?.rawValue },
            Column("key") { $0.attempts.last?.key },
            Column("attempts", number: true) { String($0.attempts.count) },
            Column(
                "tokens", number: true, text: { row, _ in Cell(Human.count(row.usage.totalTokens)) },
                value: { String($0.usage.totalTokens) }),
            Column("cost", number: true) { $0.usage.cost },
            Column(
                "time", number: true, text: { row, _ in Cell(Human.milliseconds(row.milliseconds)) },
                value: { Human.decimal($0.milliseconds) }),
            Column("user", .wide) { $0.user },
            Column("method", .wide) { $0.method },
            Column("path", .wide) { $0.path },
            Column("stream", .wide) { $0.stream ? "yes" : "no" },
            Column("end", .wide) { $0.end },
            Column(
                "first-byte", .wide, number: true,
                text: { row, _ in Cell(row.firstByteMilliseconds.map(Human.milliseconds)) },
                value: { $0.firstByteMilliseconds.map { Human.decimal($0) } }),
            Column("bytes-in", .wide, number: true) { String($0.bytesIn) },
            Column("bytes-out", .wide, number: true) { String($0.bytesOut) },
            Column("prompt-tokens", .wide, number: true) { String($0.usage.promptTokens) },
            Column("completion-tokens", .wide, number: true) { String($0.usage.completionTokens) },
            Column("usage", .wide) { $0.usage.quality },
            Column("generation", .wide) { $0.generation },
            Column("estimate", .detail, number: true) { $0.cost?.estimate },
            Column("error", .detail, number: true) { $0.cost?.errorText },
            Column("prices-as-of", .detail) { $0.cost?.pricesText },
        ],
        name: { $0.id })
}

extension ComparedCostView {
    /// How far the estimate was off: `0.0003 (25.00 %)`.
    var errorText: String? {
        error.map { error in errorPercent.map { "\(error) (\($0) %)" } ?? error }
    }

    var pricesText: String {
        pricesAreOverridden ? "overridden" : pricesAsOf + (pricesAreLater ? ", after it began" : "")
    }
}

extension RequestView {
    fileprivate var statusCell: Cell {
        switch status {
        case 0: Cell("gone", .dim)
        case 200..<400: Cell(String(status), end == "complete" ? .good : .warning)
        case 400..<500: Cell(String(status), .warning)
        default: Cell(String(status), .bad)
        }
    }
}
