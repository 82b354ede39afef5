internal import ORKit

/// The state of the daemon on one screen, what is wrong last.
struct StatusScreen {
    private let report: StatusReport
    private let session: Session

    init(_ report: StatusReport, _ session: Session) {
        self.report = report
        self.session = session
    }

    var text: String {
        let style = session.style
        let word = report.serving == "not-serving" ? "not serving" : report.serving
        let tone: Tone = report.serving == "serving" ? .good : .bad
        let uptime = Human.span(Int64(exactly: (report.uptimeSeconds * 1000).rounded()) ?? 0)
        var text =
            "orkd \(Escaped.line(report.version))   up \(uptime)   \(style.paint(Escaped.line(word), tone))\n"
        let lefts = rows.map { Self.padded($0.left.name, 9) + " " + $0.left.value }
        let leftWidth = lefts.map(Width.of).max() ?? 0
        for (left, row) in zip(lefts, rows) {
            let right = Self.padded(row.right.name, 9) + " " + row.right.value
            text += "  " + Self.padded(left, leftWidth + 3) + right + "\n"
        }
        if !report.conditions.isEmpty { text += "\n" }
        let width = report.conditions.map { $0.code.rawValue.count }.max() ?? 0
        for condition in report.conditions {
            let isError = condition.severity == "error"
            let code = Self.padded(condition.code.rawValue, width)
            text += "  " + style.paint("\(isError ? "✗" : "!") \(code)", isError ? .bad : .warning)
            text += "   \(Escaped.line(condition.text))\n"
            if let hint = condition.hint { text += "      next: \(Escaped.line(hint))\n" }
        }
        return text
    }

    private typealias Pair = (name: String, value: String)

    private var rows: [(left: Pair, right: Pair)] {
        let traffic = report.traffic
        let store = report.store
        let clients =
            report.clients.usable == report.clients.total
            ? Human.count(report.clients.total)
            : "\(Human.count(report.clients.usable)) usable of \(Human.count(report.clients.total))"
        return [
            (
                (
                    "proxy",
                    report.listeners.isEmpty ? "none" : Escaped.line(report.listeners.joined(separator: " "))
                ),
                ("control", Escaped.line(report.socket))
            ),
            (("upstream", Escaped.line(report.upstream)), ("auth", Escaped.line(report.auth))),
            (("keys", keys), ("clients", clients)),
            (
                (
                    "traffic",
                    "\(Human.decimal(traffic.perSecond)) req/s   \(Human.count(traffic.inFlight)) in flight"
                ),
                ("streams", Human.count(traffic.streams))
            ),
            (
                ("requests", "\(Human.count(traffic.requests))   \(Human.count(traffic.failed)) failed"),
                ("retries", Human.count(traffic.retries))
            ),
            (
                ("database", database(store)),
                ("journal", "\(Human.milliseconds(store.behindMilliseconds)) behind")
            ),
            (("strategy", report.strategy.rawValue), ("memory", Human.bytes(report.memoryBytes))),
        ]
    }

    /// `5 usable, 1 resting, 1 disabled of 7`, always with the usable ones.
    private var keys: String {
        let counts = KeyState.allCases.compactMap { state -> String? in
            let count = report.keys.byState[state.rawValue] ?? 0
            return count > 0 || state == .usable ? "\(Human.count(count)) \(state.rawValue)" : nil
        }
        return counts.joined(separator: ", ") + " of \(Human.count(report.keys.total))"
    }

    private func database(_ store: StatusReport.StoreReport) -> String {
        guard store.path != "memory" else { return "in memory" }
        let safety = store.synchronous == 2 ? "" : "   synchronous \(store.synchronous)"
        return "schema \(store.schema), \(Human.bytes(store.bytes))\(safety)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - Width.of(text)))
    }
}
