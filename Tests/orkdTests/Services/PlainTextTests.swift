import Testing

@testable import orkd

/// `reliability.md` B4-47.
@Suite("text of operators")
struct PlainTextTests {
    @Test("what controls, turns or hides is no line; letters of any script and emoji are")
    func lines() {
        for scalar in [
            "\0", "\t", "\n", "\r", "\u{1B}", "\u{7F}", "\u{80}", "\u{9B}", "\u{AD}", "\u{61C}", "\u{180E}",
            "\u{200B}", "\u{200E}", "\u{200F}", "\u{2028}", "\u{2029}", "\u{202A}", "\u{202E}", "\u{2060}",
            "\u{2066}",
            "\u{2069}", "\u{FEFF}", "\u{E0041}",
        ] {
            #expect(!PlainText.isLine("a\(scalar)b", upTo: 9), "\(scalar.debugDescription)")
        }
        for text in ["a b", "Ünïcödé", "日本語", "ي", "👩‍👩‍👧", "= 1 + 1", "a\u{200D}b"] {
            #expect(PlainText.isLine(text, upTo: 9), "\(text)")
        }
        #expect(!PlainText.isLine("", upTo: 9) && !PlainText.isLine("0123456789", upTo: 9))
        #expect(PlainText.isLine("012345678", upTo: 9))
    }
}
