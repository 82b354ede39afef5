// Show: how results look, for people and for programs.
// Here: formats, tables, colours, progress, numbers and times as people read them, escaping.
// Not here: calls, questions, decisions. May import ORKit, Glibc, FoundationEssentials (JSON only).

/// One column of a list, and one line of a `show`.
struct Column<Row>: Sendable {
    /// Where a column appears.
    enum Level: Sendable {
        /// In every table.
        case table
        /// In `-o wide`, CSV and TSV as well.
        case wide
        /// Only when one thing is shown.
        case detail
    }

    /// As in `--columns` and in the head of CSV and TSV: `in-flight`.
    let name: String
    let level: Level
    /// Right-aligned, and sorted by value.
    let isNumber: Bool
    /// For programs: absolute times, plain numbers; nil when absent.
    let value: @Sendable (Row) -> String?
    /// All that it can be, where these are few words.
    let words: [String]?
    /// For people, when that differs.
    let text: (@Sendable (Row, Human) -> Cell)?

    init(
        _ name: String, _ level: Level = .table, number isNumber: Bool = false, words: [String]? = nil,
        text: (@Sendable (Row, Human) -> Cell)? = nil, value: @escaping @Sendable (Row) -> String?
    ) {
        self.name = name
        self.level = level
        self.isNumber = isNumber
        self.words = words
        self.text = text
        self.value = value
    }

    var header: String {
        String(name.map { $0 == "-" ? " " : $0 }).uppercased()
    }

    func cell(_ row: Row, _ human: Human) -> Cell {
        text?(row, human) ?? Cell(value(row))
    }
}

/// A text with a meaning that may be shown as a colour. Escaped already.
struct Cell: Equatable {
    var text: String
    var tone: Tone

    /// - Parameter text: from wherever; nil and empty are shown as `-`.
    init(_ text: String?, _ tone: Tone = .plain) {
        self.text = text.flatMap { $0.isEmpty ? nil : Escaped.line($0) } ?? "-"
        self.tone = tone
    }
}
