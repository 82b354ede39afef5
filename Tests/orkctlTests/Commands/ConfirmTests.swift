import ORKit
import Testing

@Suite("questions")
struct ConfirmTests {
    private static let removed = Samples.change("ork.keys.change/1", Samples.key, "removed")

    @Test(
        "without a terminal nothing is asked, and nothing done without --yes: exit 6 [SH-08]",
        arguments: [
            ["keys", "remove", "a"], ["keys", "rotate", "a"], ["keys", "prune", "--state", "broken"],
            ["clients", "remove", "a"], ["clients", "rotate", "a", "-q"], ["clients", "prune", "--expired"],
        ])
    func noTerminal(arguments: [String]) throws {
        let daemon = try FakeDaemon()
        let ran = try orkctl(arguments, daemon: daemon, input: "y\n")
        #expect(ran.code == 6 && ran.err.contains("[not-confirmed]") && ran.err.contains("--yes"))
        #expect(daemon.calls.isEmpty && daemon.complaints.isEmpty)
    }

    @Test("on a terminal a person is asked; yes goes on, anything else stops")
    func terminal() throws {
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys/remove", body: Self.removed)])
        let yes = try Terminal(["keys", "remove", "main-1"], daemon: daemon)
        try yes.expect("remove main-1? [y/N] ")
        yes.type("y\n")
        let agreed = try yes.end()
        #expect(agreed.code == 0 && agreed.out == "main-1 removed\n")

        let other = try FakeDaemon()
        let no = try Terminal(["keys", "remove", "main-1"], daemon: other)
        try no.expect("[y/N] ")
        no.type("\n")
        let refused = try no.end()
        #expect(refused.code == 6 && refused.err.contains("nothing was changed") && other.calls.isEmpty)
    }

    @Test("prune shows what would go before it asks")
    func prune() throws {
        let preview = Samples.change("ork.keys.change/1", Samples.key, "removed", dryRun: true)
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/keys/prune", body: preview),
            .init(expect: "POST /v1/keys/prune", body: Self.removed),
        ])
        let terminal = try Terminal(["keys", "prune", "--state", "broken"], daemon: daemon)
        try terminal.expect("would remove 1 keys: main-1")
        try terminal.expect("[y/N] ")
        terminal.type("yes\n")
        #expect(try terminal.end().code == 0)
        #expect(daemon.calls.map(\.line) == ["POST /v1/keys/prune?dry_run=true", "POST /v1/keys/prune"])
    }

    @Test("--no-input asks nothing on a terminal either")
    func noInput() throws {
        let daemon = try FakeDaemon()
        let ran = try Terminal(["keys", "remove", "a", "--no-input"], daemon: daemon).end()
        #expect(ran.code == 6 && daemon.calls.isEmpty)
        #expect(try Terminal(["keys", "add", "a", "--no-input"], daemon: daemon).end().code == 64)
    }

    @Test("a secret typed at the prompt is not shown [KP-02]")
    func secretPrompt() throws {
        let body = Samples.change("ork.keys.change/1", Samples.key, "added")
        let daemon = try FakeDaemon([.init(expect: "POST /v1/keys", body: body)])
        let terminal = try Terminal(["keys", "add", "main-1"], daemon: daemon)
        try terminal.expect("Secret for main-1 (not shown): ")
        // A slip, taken back, and the line as it should be.
        terminal.type("wrong\u{15}\(Samples.keySecret)x\u{7F}\r")
        let ran = try terminal.end()
        #expect(ran.code == 0 && ran.out.hasPrefix("added main-1"))
        #expect(!ran.err.contains(Samples.keySecret.suffix(10)) && !ran.err.contains("wrong"))
        #expect(daemon.calls.first?.body.contains(#""secret":"\#(Samples.keySecret)""#) == true)
    }

    @Test("nothing typed is an error; Ctrl-C is 130 [KP-02]")
    func emptyPrompt() throws {
        let daemon = try FakeDaemon()
        let empty = try Terminal(["keys", "add", "a"], daemon: daemon)
        try empty.expect("(not shown): ")
        empty.type("\r")
        #expect(try empty.end().code == 65)
        let cancelled = try Terminal(["keys", "add", "a"], daemon: daemon)
        try cancelled.expect("(not shown): ")
        cancelled.type("abc\u{3}")
        #expect(try cancelled.end().code == 130)
        #expect(daemon.calls.isEmpty)
    }
}
