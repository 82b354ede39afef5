// Durations and times as people type them, shared by the CLI, the
// configuration file and the control API.

extension Int64 {
    /// Milliseconds from `90s`, `15m`, `24h`, `30d`, `500ms`, or a sum of them
    /// such as `1h30m`. Nil for anything else, also for a bare number.
    public init?(duration text: some StringProtocol) {
        let units: [(String, Int64)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        var total: Int64 = 0
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard let value = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !("0"..."9").contains($0) }
            guard let scale = units.first(where: { $0.0 == unit })?.1 else { return nil }
            rest = rest.dropFirst(unit.count)
            let (part, tooLong) = value.multipliedReportingOverflow(by: scale)
            let (sum, tooMuch) = total.addingReportingOverflow(part)
            guard !tooLong, !tooMuch else { return nil }
            total = sum
        }
        self = total
    }

    /// Milliseconds as the shortest exact sum of units: `1h30m`.
    public var durationText: String {
        guard self > 0 else { return "0s" }
        var rest = self
        var text = ""
        for (unit, scale) in [
            ("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
        ] {
            if rest >= scale {
                text += "\(rest / scale)\(unit)"
                rest %= scale
            }
        }
        return text
    }
}
