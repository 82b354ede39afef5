/// CSV and TSV.
enum Delimited {
    /// One line with its newline.
    static func line(_ cells: [(text: String, isNumber: Bool)], _ format: Format) -> String {
        let separator = format == .csv ? "," : "\t"
        return cells.map { format == .csv ? csv($0.text, isNumber: $0.isNumber) : Escaped.line($0.text) }
            .joined(separator: separator) + "\n"
    }

    /// RFC 4180, and a leading `'` where a spreadsheet would compute the text
    /// (a formula begins with one of `= + - @`).
    static func csv(_ text: String, isNumber: Bool) -> String {
        var cell = Escaped.line(text)
        if !isNumber, let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
            cell = "'" + cell
        }
        guard cell.contains(where: { $0 == "\"" || $0 == "," }) || cell.hasPrefix(" ") || cell.hasSuffix(" ")
        else {
            return cell
        }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
