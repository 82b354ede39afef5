import Testing

@testable import orkctl

@Suite("tables")
struct TableTests {
    private let plain = Style(isOn: false)

    @Test("two spaces between columns, numbers to the right, the last column unpadded")
    func aligned() {
        var table = Table(headers: ["NAME", "COUNT", "NOTE"], rightAligned: [false, true, false])
        table.rows = [[Cell("a"), Cell("1204"), Cell("x")], [Cell("long-name"), Cell("7"), Cell(nil)]]
        #expect(
            table.rendered(style: plain, header: true, width: nil) == """
                NAME       COUNT  NOTE
                a           1204  x
                long-name      7  -

                """)
    }

    @Test("wide characters count as two cells")
    func wide() {
        var table = Table(headers: ["A", "B"], rightAligned: [false, false])
        table.rows = [[Cell("鍵"), Cell("1")], [Cell("ab"), Cell("2")]]
        #expect(table.rendered(style: plain, header: false, width: nil) == "鍵  1\nab  2\n")
        #expect(Width.cut("abcdef", to: 4) == "abc…")
    }

    @Test("what does not fit is taken from the widest text, never from numbers")
    func cut() {
        var table = Table(headers: ["NAME", "N"], rightAligned: [false, true])
        table.rows = [[Cell(String(repeating: "x", count: 40)), Cell("123456")]]
        let lines = table.rendered(style: plain, header: true, width: 30).split(separator: "\n")
        #expect(lines.allSatisfy { Width.of(String($0)) <= 30 } && lines[1].hasSuffix("…  123456"))
    }

    @Test("colour stands round the text and does not move columns")
    func colour() {
        var table = Table(headers: ["A", "B"], rightAligned: [false, false])
        table.rows = [[Cell("x", .bad), Cell("y")]]
        #expect(
            table.rendered(style: Style(isOn: true), header: false, width: nil) == "\u{1B}[31mx\u{1B}[0m  y\n"
        )
    }

    @Test(
        "colour is on for people only, and the flags and variables are obeyed",
        arguments: [
            (ColorChoice.auto, false, true, [:], true), (.auto, false, false, [:], false),
            (.auto, false, true, ["NO_COLOR": "1"], false), (.auto, false, true, ["NO_COLOR": ""], true),
            (.auto, false, true, ["TERM": "dumb"], false),
            (.auto, false, false, ["CLICOLOR_FORCE": "1"], true),
            (.always, false, false, ["NO_COLOR": "1"], true), (.never, false, true, [:], false),
            (.always, true, true, [:], false),
        ] as [(ColorChoice, Bool, Bool, [String: String], Bool)])
    func whenColoured(
        choice: ColorChoice, no: Bool, terminal: Bool, environment: [String: String], isOn: Bool
    ) {
        #expect(
            Style(choice: choice, noColor: no, isTerminal: terminal, environment: { environment[$0] }).isOn
                == isOn)
    }
}
