/// Rows under headers: two spaces between columns, numbers to the right, the
/// last column unpadded.
struct Table {
    let headers: [String]
    let rightAligned: [Bool]
    var rows: [[Cell]] = []

    /// - Parameter width: where lines must end; nil for no limit.
    func rendered(style: Style, header: Bool, width: Int?) -> String {
        let widths = columnWidths(header: header, limit: width)
        var text = ""
        if header { text += line(headers.map { Cell($0, .dim) }, widths, style) }
        for row in rows { text += line(row, widths, style) }
        return text
    }

    private func columnWidths(header: Bool, limit: Int?) -> [Int] {
        var widths = headers.map { header ? Width.of($0) : 0 }
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], Width.of(cell.text))
            }
        }
        guard let limit else { return widths }
        // Take from the widest text column until the line fits; never below
        // what still tells one name from another.
        while widths.reduce(0, +) + 2 * (widths.count - 1) > limit {
            let texts = widths.indices.filter { !rightAligned[$0] && widths[$0] > 8 }
            guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() where index < widths.count {
            let text = Width.cut(cell.text, to: widths[index])
            let space = String(repeating: " ", count: max(0, widths[index] - Width.of(text)))
            let painted = style.paint(text, cell.tone)
            if index > 0 { line += "  " }
            if rightAligned[index] {
                line += space + painted
            } else {
                line += index == cells.count - 1 ? painted : painted + space
            }
        }
        return line + "\n"
    }
}
