/// Text from outside, made harmless for a terminal: it cannot move the cursor,
/// change colours, reorder what stands beside it, or begin a new line.
enum Escaped {
    /// Control, bidirectional and line-breaking characters as `\n`, `\t` or
    /// `\u{1b}`; everything else as it is.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isDangerous) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isDangerous(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        // Bidirectional marks, embeddings, overrides and isolates.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        // What nobody sees between two letters. Joiners stay: scripts and emoji need them.
        case 0x00AD, 0x180E, 0x200B, 0x2060...0x2064: true
        // Line and paragraph separator, byte order mark, invisible tags.
        case 0x2028, 0x2029, 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }
}
