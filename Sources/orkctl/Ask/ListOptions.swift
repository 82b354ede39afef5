internal import ArgumentParser
internal import ORKit

/// The options of every list.
struct ListOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Columns to show, in this order.", valueName: "a,b"),
        completion: Completions.columns)
    var columns: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Sort by a column; -COLUMN for the largest first.", valueName: "[-]column"),
        completion: Completions.sorts)
    var sort: String?

    @Option(
        help: ArgumentHelp("COLUMN=VALUE, COLUMN!=VALUE or COLUMN~GLOB (repeatable).", valueName: "test"),
        completion: Completions.filters)
    var filter: [String] = []

    @Option(help: ArgumentHelp("At most so many; none for all.", valueName: "n"))
    var limit: Quantity?

    @Flag(help: "Leave the header line out.")
    var noHeader = false

    @OptionGroup var repetition: WatchOption

    func columns<Row>(from all: [Column<Row>], format: Format) throws -> [Column<Row>] {
        try Self.columns(columns, from: all, format: format)
    }

    /// - Parameter columns: as they were named; nil for the usual ones.
    static func columns<Row>(_ columns: String?, from all: [Column<Row>], format: Format) throws
        -> [Column<Row>]
    {
        guard let columns else {
            return all.filter { $0.level == .table || ($0.level == .wide && format != .table) }
        }
        return try columns.split(separator: ",").map { try all.named(String($0)) }
    }

    func order<Row>(from all: [Column<Row>]) throws -> Order<Row>? {
        guard let sort else { return nil }
        let isDown = sort.hasPrefix("-")
        return Order(column: try all.named(String(isDown ? sort.dropFirst() : sort[...])), isDown: isDown)
    }
}

/// A wish for an order. Absent values come last either way.
struct Order<Row> {
    let column: Column<Row>
    let isDown: Bool

    func sort(_ rows: inout [Row]) {
        // Each value is computed once; the index keeps equal rows in order.
        let keyed = rows.enumerated().map {
            (index: $0.offset, row: $0.element, value: column.value($0.element))
        }
        rows = keyed.sorted { a, b in
            switch (a.value, b.value) {
            case (nil, nil): a.index < b.index
            case (nil, _): false
            case (_, nil): true
            case (let x?, let y?): x == y ? a.index < b.index : isBefore(x, y) != isDown
            }
        }.map(\.row)
    }

    private func isBefore(_ x: String, _ y: String) -> Bool {
        guard column.isNumber, let a = Double(x), let b = Double(y) else { return x < y }
        return a < b
    }
}
