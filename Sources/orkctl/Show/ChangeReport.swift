internal import ORKit

/// How the answer to a change is shown.
struct ChangeReport<Item: Codable & Sendable>: Sendable {
    let name: @Sendable (Item) -> String
    /// What a person reads about one thing, after a dry run too.
    private var line: @Sendable (Change<Item>, Human) -> String

    init(name: @escaping @Sendable (Item) -> String) {
        self.name = name
        line = { change, _ in
            "\(name(change.item)) \(change.outcome)\(change.detail.map { ": \($0)" } ?? "")"
        }
    }

    /// The same, with another line for people.
    func saying(_ line: @escaping @Sendable (Change<Item>, Human) -> String) -> ChangeReport {
        var report = self
        report.line = line
        return report
    }

    func print(_ envelope: ChangeEnvelope<Item>, _ session: Session) throws {
        let out = session.out
        switch session.format {
        case .json: try out.write(JSONOutput.document(envelope))
        case .jsonl: for change in envelope.items { try out.write(JSONOutput.line(change)) }
        case .csv, .tsv:
            try out.write(Delimited.line(["name", "outcome", "changed"].map { ($0, false) }, session.format))
            for change in envelope.items {
                let cells = [name(change.item), change.outcome, String(change.changed)]
                try out.write(Delimited.line(cells.map { ($0, false) }, session.format))
            }
        case .name: for change in envelope.items { try out.write(Escaped.line(name(change.item)) + "\n") }
        case .table, .wide:
            guard !session.globals.quiet else { break }
            for change in envelope.items { try out.write(Escaped.line(line(change, session.human)) + "\n") }
            if envelope.items.isEmpty { session.diagnostics.say("nothing matches") }
            if envelope.dryRun { try out.write("nothing was changed\n") }
        }
        if !session.format.isJSON { envelope.warnings.forEach(session.diagnostics.warn) }
    }
}
