internal import ORKit

/// How one noun is listed and shown.
struct Listing<Row: Codable & Sendable>: Sendable {
    /// In the plural: `keys`.
    let noun: String
    let schema: String
    let columns: [Column<Row>]
    /// What `-o name` and `-q` print.
    let name: @Sendable (Row) -> String

    /// Prints a list.
    ///
    /// - Parameter fetch: one page of at most so many rows after the cursor.
    func list(
        _ session: Session, _ options: ListOptions,
        fetch: @escaping (_ limit: Int, _ cursor: String?) throws -> ListEnvelope<Row>
    ) throws {
        let chosen = try options.columns(from: columns, format: session.format)
        let filter = try RowFilter(options.filter, columns: columns)
        let order = try options.order(from: columns)
        let most = options.limit?.count
        var pages = Pages(most: most, isSorted: order != nil, isFiltered: !filter.isEmpty, fetch: fetch)

        if order == nil, !session.format.isTable, session.format != .json {
            // Line by line, so that memory does not grow with the pool.
            var printer = RowPrinter(self, chosen, session, header: !options.noHeader)
            try pages.each { row in
                guard filter.matches(row) else { return false }
                try printer.print(row)
                return true
            }
            return try printer.end()
        }
        var rows: [Row] = []
        try pages.each { row in
            guard filter.matches(row) else { return false }
            rows.append(row)
            return true
        }
        if let order { order.sort(&rows) }
        if let most { rows = Array(rows.prefix(most)) }
        try print(rows, chosen, session, header: !options.noHeader)
    }

    /// Prints a few rows in full.
    func show(_ session: Session, _ rows: [Row]) throws {
        guard session.format == .table else {
            let chosen = columns.filter { session.format == .wide || $0.level != .detail }
            return try print(rows, chosen, session, header: true)
        }
        let width = columns.map { $0.name.count }.max() ?? 0
        for (index, row) in rows.enumerated() {
            if index > 0 { try session.out.write("\n") }
            for column in columns {
                let cell = column.cell(row, session.human)
                guard cell.text != "-" else { continue }
                let space = String(repeating: " ", count: width - column.name.count + 2)
                try session.out.write(column.name + space + session.style.paint(cell.text, cell.tone) + "\n")
            }
        }
    }

    /// Prints rows that are all there.
    func print(_ rows: [Row], _ session: Session) throws {
        let chosen = columns.filter { $0.level == .table || ($0.level == .wide && session.format != .table) }
        try print(rows, chosen, session, header: true)
    }

    private func print(_ rows: [Row], _ chosen: [Column<Row>], _ session: Session, header: Bool) throws {
        if session.format == .json {
            return try session.out.write(JSONOutput.document(ListEnvelope(schema: schema, items: rows)))
        }
        guard session.format.isTable else {
            var printer = RowPrinter(self, chosen, session, header: header)
            for row in rows { try printer.print(row) }
            return try printer.end()
        }
        guard !rows.isEmpty else {
            if !session.globals.quiet { session.diagnostics.say("no \(noun)") }
            return
        }
        var table = Table(headers: chosen.map(\.header), rightAligned: chosen.map(\.isNumber))
        table.rows = rows.map { row in chosen.map { $0.cell(row, session.human) } }
        let width = session.out.isTerminal ? Width.ofTerminal(session.out.descriptor) : nil
        try session.page(table.rendered(style: session.style, header: header, width: width))
    }
}

/// Rows as lines: JSON lines, CSV, TSV or names.
private struct RowPrinter<Row: Codable & Sendable> {
    private let listing: Listing<Row>
    private let columns: [Column<Row>]
    private let session: Session
    private var header: Bool

    init(_ listing: Listing<Row>, _ columns: [Column<Row>], _ session: Session, header: Bool) {
        self.listing = listing
        self.columns = columns
        self.session = session
        self.header = header
    }

    mutating func print(_ row: Row) throws {
        try head()
        switch session.format {
        case .jsonl: try session.out.write(JSONOutput.line(row))
        case .name: try session.out.write(Escaped.line(listing.name(row)) + "\n")
        default:
            let cells = columns.map { (text: $0.value(row) ?? "", isNumber: $0.isNumber) }
            try session.out.write(Delimited.line(cells, session.format))
        }
    }

    /// A program that reads a table wants its head even without rows.
    mutating func end() throws { try head() }

    private mutating func head() throws {
        guard header, session.format == .csv || session.format == .tsv else { return }
        header = false
        try session.out.write(Delimited.line(columns.map { ($0.name, false) }, session.format))
    }
}

/// A list fetched page by page, no further than it is needed.
private struct Pages<Row: Codable & Sendable> {
    let most: Int?
    let isSorted: Bool
    let isFiltered: Bool
    let fetch: (Int, String?) throws -> ListEnvelope<Row>

    private static var page: Int { 1000 }

    /// - Parameter take: whether the row counts against the limit.
    mutating func each(_ take: (Row) throws -> Bool) throws {
        var taken = 0
        var cursor: String?
        repeat {
            let wanted = isSorted || isFiltered ? Self.page : min(Self.page, (most ?? .max) - taken)
            let envelope = try fetch(wanted, cursor)
            for row in envelope.items {
                if !isSorted, let most, taken >= most { return }
                if try take(row) { taken += 1 }
            }
            // The same cursor twice would never end.
            guard let next = envelope.next, next != cursor else { return }
            cursor = next
        } while isSorted || taken < most ?? .max
    }
}
