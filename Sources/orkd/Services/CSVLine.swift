/// One line of comma-separated values (RFC 4180), quotes included; a value
/// does not go over the end of its line.
enum CSVLine {
    /// Nil when a quote is out of place or the bytes are not UTF-8.
    static func cells(_ line: UnsafeRawBufferPointer) -> [String]? {
        var cells: [String] = []
        var cell: [UInt8] = []
        var position = 0
        func finish() -> Bool {
            guard let text = String(validating: cell, as: UTF8.self) else { return false }
            cells.append(text)
            cell.removeAll(keepingCapacity: true)
            return true
        }
        while true {
            if position < line.count, line[position] == UInt8(ascii: "\"") {
                position += 1
                while true {
                    guard position < line.count else { return nil }
                    let byte = line[position]
                    position += 1
                    guard byte == UInt8(ascii: "\"") else {
                        cell.append(byte)
                        continue
                    }
                    guard position < line.count, line[position] == UInt8(ascii: "\"") else { break }
                    cell.append(byte)
                    position += 1
                }
                guard position == line.count || line[position] == UInt8(ascii: ",") else { return nil }
            } else {
                while position < line.count, line[position] != UInt8(ascii: ",") {
                    guard line[position] != UInt8(ascii: "\"") else { return nil }
                    cell.append(line[position])
                    position += 1
                }
                while let last = cell.last, last == 0x20 || last == 0x09 { cell.removeLast() }
                cell.removeSubrange(..<(cell.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? cell.endIndex))
            }
            guard finish() else { return nil }
            guard position < line.count else { return cells }
            position += 1
        }
    }
}
