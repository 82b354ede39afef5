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

    /// What keys, clients and pools may be called: 1 to 64 letters, digits or
    /// `. _ - @ + :` of ASCII, a letter or digit first.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.first.map(isLetterOrDigit) == true
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "._-@+:".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
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
