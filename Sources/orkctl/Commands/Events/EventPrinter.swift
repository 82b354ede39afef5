internal import ArgumentParser
internal import ORKit

/// Columns, filters and limits, for what is printed line by line.
struct RowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Columns to show, in this order.", valueName: "a,b"),
        completion: Completions.columns)
    var columns: String?

    @Option(
        help: ArgumentHelp("COLUMN=VALUE, COLUMN!=VALUE or COLUMN~GLOB (repeatable).", valueName: "test"),
        completion: Completions.filters)
    var filter: [String] = []

    @Option(help: ArgumentHelp("Only the newest so many; none for all.", valueName: "n"))
    var limit: Quantity?

    @Flag(help: "Leave the header line out.")
    var noHeader = false
}

/// Prints events one by one, because nobody knows how many will come: columns
/// of a table have the widths that are usual, not those of the widest value.
struct EventPrinter {
    private let session: Session
    private let columns: [Column<EventRecord>]
    private let filter: RowFilter<EventRecord>
    private var header: Bool
    /// Only a JSON document has to be whole.
    private var document: [EventRecord] = []
    private var isEmpty = true

    private static let widths = [
        "at": 19, "severity": 8, "kind": 9, "subject": 16, "event": 14, "by": 18, "request": 13, "code": 18,
    ]

    init(_ options: RowOptions, _ session: Session) throws {
        self.session = session
        let all = Listing.events.columns
        columns = try ListOptions.columns(options.columns, from: all, format: session.format)
        filter = try RowFilter(options.filter, columns: all)
        header = !options.noHeader
    }

    var filters: Bool { !filter.isEmpty }

    /// A gap is shown to whoever asked for anything.
    func shows(_ record: EventRecord) -> Bool { record.kind == "gap" || filter.matches(record) }

    mutating func print(_ record: EventRecord) throws {
        isEmpty = false
        if session.format == .json {
            document.append(record)
            return
        }
        try head()
        let out = session.out
        switch session.format {
        case .json: break
        case .jsonl: try out.write(JSONOutput.line(record))
        case .name: try out.write(Escaped.line(record.cursor) + "\n")
        case .csv, .tsv:
            let cells = columns.map { (text: $0.value(record) ?? "", isNumber: $0.isNumber) }
            try out.write(Delimited.line(cells, session.format))
        case .table, .wide: try out.write(line(columns.map { ($0.name, $0.cell(record, session.human)) }))
        }
    }

    mutating func end() throws {
        if session.format == .json {
            let envelope = ListEnvelope(schema: Listing.events.schema, items: document)
            return try session.out.write(JSONOutput.document(envelope))
        }
        if session.format == .csv || session.format == .tsv { try head() }
        if isEmpty, session.format.isTable, !session.globals.quiet { session.diagnostics.say("no events") }
    }

    private mutating func head() throws {
        guard header else { return }
        header = false
        switch session.format {
        case .csv, .tsv:
            try session.out.write(Delimited.line(columns.map { ($0.name, false) }, session.format))
        case .table, .wide: try session.out.write(line(columns.map { ($0.name, Cell($0.header, .dim)) }))
        case .json, .jsonl, .name: break
        }
    }

    private func line(_ cells: [(name: String, cell: Cell)]) -> String {
        var line = ""
        for (index, (name, cell)) in cells.enumerated() {
            let space = max(0, (Self.widths[name] ?? 0) - Width.of(cell.text)) + 2
            line += session.style.paint(cell.text, cell.tone)
            if index + 1 < cells.count { line += String(repeating: " ", count: space) }
        }
        return line + "\n"
    }
}

extension Listing<EventRecord> {
    static let events = Listing(
        noun: "events", schema: "ork.events/1",
        columns: [
            // Whole seconds, UTC; programs get the rest.
            Column(
                "at", text: { row, _ in Cell(String(row.at.prefix(19).map { $0 == "T" ? " " : $0 })) },
                value: { $0.at }),
            Column(
                "severity", words: EventRecord.severities,
                text: { row, _ in Cell(row.severity, row.tone) }, value: { $0.severity }),
            Column("kind", words: EventRecord.kinds) { $0.kind },
            Column("subject") { $0.subject },
            Column("event") { $0.event },
            Column("by", .wide) { $0.by },
            Column("request", .wide) { $0.request },
            Column("code", .wide) { $0.code?.rawValue },
            Column("text") { $0.text },
            Column("key", .detail) { $0.noun == "key" ? $0.subject : nil },
            Column("client", .detail) { $0.noun == "client" ? $0.subject : nil },
            Column("rule", .detail) { $0.rule },
            Column("scope", .detail) { $0.scope },
            Column("cause", .detail) { $0.cause },
            Column("model", .detail) { $0.model },
            Column("until", .detail) { $0.until },
            Column("evidence", .detail) { $0.evidence },
            Column("incident", .detail) { $0.incident },
            Column("noun", .detail) { $0.noun },
            Column("cursor", .detail) { $0.cursor },
        ],
        name: { $0.cursor })
}

extension EventRecord {
    /// What `kind` and `severity` may be.
    static let kinds = ["key", "verdict", "quota", "budget", "audit", "condition", "daemon", "gap"]
    static let severities = ["info", "warning", "error"]

    fileprivate var tone: Tone {
        switch severity {
        case "error": .bad
        case "warning": .warning
        default: .dim
        }
    }
}
