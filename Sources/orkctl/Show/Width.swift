import Glibc

/// How many cells of a terminal a text takes, and how many there are.
enum Width {
    static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + (isWide($1) ? 2 : 1) }
    }

    /// The front of the text in at most that many cells, with `…` in the last
    /// one when something was cut off.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width, width > 0 else { return text }
        var result = ""
        var used = 1
        for character in text {
            used += isWide(character) ? 2 : 1
            if used > width { break }
            result.append(character)
        }
        return result + "…"
    }

    /// Lines of at most that many cells, broken between words, each with its
    /// newline.
    static func wrapped(_ text: String, to width: Int) -> String {
        var (result, line) = ("", "")
        for word in text.split(separator: " ") {
            if !line.isEmpty, of(line) + 1 + of(String(word)) > width {
                result += line + "\n"
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return result + line + "\n"
    }

    /// `COLUMNS`, else what the terminal says, else 80.
    static func ofTerminal(_ descriptor: Int32) -> Int {
        if let text = Environment["COLUMNS"], let columns = Int(text), columns > 0 { return columns }
        return size(descriptor)?.columns ?? 80
    }

    static func size(_ descriptor: Int32) -> (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// East Asian wide characters and emoji (UAX #11). What takes no cell of
    /// its own never gets here as the first of a character, see `Escaped`.
    private static func isWide(_ character: Character) -> Bool {
        guard let first = character.unicodeScalars.first, first.value >= 0x1100 else { return false }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            return true
        // Two letters of a flag are one character of two cells.
        case 0x1F1E6...0x1F1FF: return character.unicodeScalars.count > 1
        default: return first.properties.isEmojiPresentation
        }
    }
}
