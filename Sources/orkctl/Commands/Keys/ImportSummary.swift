internal import ORKit

/// The result of an import.
enum ImportSummary {
    /// How many rejected lines are named one by one.
    private static let named = 10

    static func print(_ reports: [ImportReport], _ session: Session) throws {
        switch session.format {
        case .json where reports.count == 1: try session.out.write(JSONOutput.document(reports[0]))
        case .json:
            try session.out.write(JSONOutput.document(ListEnvelope(schema: "ork.imports/1", items: reports)))
        // Written while they came.
        case .jsonl: break
        case .csv, .tsv: try printDelimited(reports, session)
        case .name:
            for report in reports { try session.out.write(report.fingerprints.map { $0 + "\n" }.joined()) }
        case .table, .wide:
            guard !session.globals.quiet else { return }
            for report in reports { try printText(report, session) }
        }
    }

    private static func printText(_ report: ImportReport, _ session: Session) throws {
        let counts = report.counts
        for line in report.rejections.prefix(named) {
            session.diagnostics.say("line \(line.line)   \(line.message)   [\(line.code.rawValue)]")
        }
        if counts.rejected > named { session.diagnostics.say("and \(counts.rejected - named) more lines") }
        var text: String
        if report.dryRun {
            text =
                "would add \(counts.added), leave \(counts.duplicates) unchanged, reject \(counts.rejected)"
            if counts.reactivated > 0 { text += ", bring back \(counts.reactivated)" }
            if counts.restored > 0 { text += ", restore \(counts.restored)" }
            text += " of \(counts.lines); nothing was changed"
        } else {
            text = "added \(counts.added)   unchanged \(counts.duplicates)"
            if counts.reactivated > 0 { text += "   brought back \(counts.reactivated)" }
            if counts.restored > 0 { text += "   restored \(counts.restored)" }
            text += "   rejected \(counts.rejected)"
        }
        try session.out.write(text + "\n")
        try printCodes(report, session)
        if let checks = report.checks { try session.out.write("checked: \(checks.text)\n") }
    }

    private static func printCodes(_ report: ImportReport, _ session: Session) throws {
        let counts = report.counts
        guard counts.rejected > 0 else { return }
        var byCode: [ErrorCode: Int] = [:]
        for line in report.rejections { byCode[line.code, default: 0] += 1 }
        let groups = byCode.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
        let listed = groups.map { "\($0.value) × \($0.key.rawValue)" }.joined(separator: "   ")
        let isPart =
            report.rejections.count < counts.rejected ? "   (of the first \(report.rejections.count))" : ""
        if !listed.isEmpty { try session.out.write("  \(listed)\(isPart)\n") }
    }

    private static func printDelimited(_ reports: [ImportReport], _ session: Session) throws {
        let names = ["lines", "added", "unchanged", "reactivated", "restored", "rejected", "bytes"]
        let checked = reports.contains { $0.checks != nil } ? ImportChecks().classes.map(\.name) : []
        try session.out.write(Delimited.line((names + checked).map { ($0, true) }, session.format))
        for report in reports {
            let counts = report.counts
            let values = [
                counts.lines, counts.added, counts.duplicates, counts.reactivated, counts.restored,
                counts.rejected,
            ]
            let classes = (report.checks?.classes ?? []).map { String($0.count) }
            let cells = values.map(String.init) + [String(counts.bytes)] + classes
            try session.out.write(Delimited.line(cells.map { ($0, true) }, session.format))
        }
    }
}

extension ImportChecks {
    /// Each class as programs and as people call it; the good ones first.
    fileprivate var classes: [(name: String, words: String, count: Int)] {
        [
            ("valid", "valid", valid), ("accounts", "accounts", accounts),
            ("free-tier", "free tier", freeTier), ("spent", "limit used up", spent),
            ("expiring", "expiring within 7 days", expiring), ("limited", "limited", limited),
            ("expired", "expired", expired), ("management", "management keys", management),
            ("key-rejected", "rejected", rejected), ("unreachable", "unreachable", unreachable),
            ("duplicates", "duplicates", duplicates),
        ]
    }

    /// How many are good, and what else there is.
    fileprivate var text: String {
        let present = classes.dropFirst().filter { $0.count > 0 }.map { "   \($0.words) \($0.count)" }
        return "valid \(valid)" + present.joined()
    }
}
