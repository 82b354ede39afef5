/// Text of operators that is shown and written down as it is: names of
/// accounts, reasons, notes, tags.
enum PlainText {
    /// One line of 1 to `limit` scalars (a character can have any number of
    /// accents), none of which controls a
    /// terminal, turns the direction of what stands beside it, or is there
    /// without being seen (`reliability.md` B4-47).
    static func isLine(_ text: String, upTo limit: Int) -> Bool {
        !text.isEmpty && text.unicodeScalars.count <= limit && text.unicodeScalars.allSatisfy(isPlain)
    }

    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: false
        // Bidirectional marks, embeddings, overrides and isolates.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
        // Separators of lines, and what has no width. Joiners stay: scripts and emoji need them.
        case 0x00AD, 0x180E, 0x200B, 0x2028, 0x2029, 0x2060...0x2064, 0xFEFF, 0xE0000...0xE007F: false
        default: true
        }
    }
}
