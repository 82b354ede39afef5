import Testing

@testable import orkctl

@Suite("text from outside")
struct EscapedTests {
    @Test("every scalar of Unicode is printable after escaping, or was not a scalar anybody sees")
    func everything() {
        var escaped = 0
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = Escaped.line("a" + String(Character(scalar)))
            let isHarmless = text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
                    .unassigned:
                    false
                default: !scalar.properties.isDefaultIgnorableCodePoint
                }
            }
            if !isHarmless { Issue.record("U+\(String(value, radix: 16)) came through") }
            if text.utf8.count > 5 { escaped += 1 }
        }
        #expect(escaped > 900_000)
    }

    @Test(
        "what an operator reads",
        arguments: [
            ("plain", "plain"), ("schlüssel 鍵 🔑", "schlüssel 鍵 🔑"), ("a\u{1B}[31mb", "a\\u{1b}[31mb"),
            ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{9B}2J", "\\u{9b}2J"), ("\u{202E}x", "\\u{202e}x"),
            ("a\u{200B}b", "a\\u{200b}b"), ("e\u{301}", "e\u{301}"), ("\u{301}e", "\\u{301}e"),
            ("\u{1B}\u{301}", "\\u{1b}\\u{301}"), ("", ""),
        ])
    func examples(text: String, shown: String) { #expect(Escaped.line(text) == shown) }

    @Test("a heap of accents is not drawn over the lines above")
    func accents() {
        let text = Escaped.line("e" + String(repeating: "\u{301}", count: 10))
        #expect(text == "e\u{301}\u{301}\u{301}\u{301}" + String(repeating: "\\u{301}", count: 6))
    }

    @Test(
        "widths are those of a terminal",
        arguments: [
            ("abc", 3), ("鍵", 2), ("e\u{301}", 1), ("🔑", 2), ("🪪", 2), ("🚀", 2), ("🇺🇸", 2), ("…", 1), ("→", 1),
            ("한", 2), ("ｆ", 2), ("✗", 1),
        ])
    func widths(text: String, cells: Int) { #expect(Width.of(text) == cells) }
}
