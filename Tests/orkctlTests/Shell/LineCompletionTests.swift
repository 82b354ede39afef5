import ORKit
import Testing

@testable import orkctl

@Suite("completion of a line")
struct LineCompletionTests {
    private let completion: LineCompletion

    init() throws { completion = LineCompletion(try #require(CommandTree.load())) }

    private func words(_ before: [String], _ text: String) -> [String] {
        completion.answer(before: before, text: text).words
    }

    @Test(
        "commands, aliases and help",
        arguments: [
            ([], "ke", ["keys"]), ([], "ex", ["exit", "explain"]), (["orkctl"], "ke", ["keys"]),
            (["keys"], "re", ["remove", "reset"]), (["-q", "keys"], "sh", ["show"]),
            (["--socket", "/x", "keys"], "sh", ["show"]), (["help", "keys"], "sh", ["show"]),
            (["nosuch"], "", []), (["keys", "nosuch"], "", []),
        ] as [([String], String, [String])])
    func commands(before: [String], text: String, expected: [String]) {
        #expect(words(before, text) == expected)
    }

    @Test("options, each once unless it is repeatable")
    func options() {
        #expect(words(["keys", "list"], "--st") == ["--state"])
        #expect(words(["keys", "list", "--state", "usable"], "--st") == ["--state"])
        #expect(words(["keys", "ls", "--provider", "x"], "--prov") == [])
        #expect(words(["keys", "list", "--"], "--st") == [])
    }

    @Test("values of options and arguments")
    func values() {
        #expect(words(["keys", "list", "--state"], "res") == ["resting"])
        #expect(words(["keys", "list"], "--state=res") == ["--state=resting"])
        #expect(words(["keys", "list", "--color"], "a") == ["always", "auto"])
        #expect(words(["config", "set", "strategy"], "st") == ["sticky"])
        #expect(words(["events", "--filter"], "sev") == ["severity="])
        #expect(completion.answer(before: ["events", "--filter"], text: "sev").isOpen)
        #expect(words(["events", "--filter"], "severity=e") == ["severity=error"])
        #expect(words(["requests", "list", "--columns"], "id,mod") == ["id,model"])
        #expect(words(["explain"], "no-up") == ["no-upstream-key"])
        #expect(completion.answer(before: ["keys", "import"], text: "x").wantsFiles)
    }

    @Test("only words that no shell would expand or show otherwise are offered")
    func hostile() throws {
        let names = [
            "main-1", "main-$(reboot)", "main-`id`", "main-\u{202E}x", "main-\u{1B}[2J", "main 2",
            "main-@+:._",
        ]
        let rows = names.map { name in
            var key = Samples.key
            key.name = name
            return key
        }
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/keys", body: Samples.list("ork.keys/1", rows))
        ])
        let ran = try orkctl(
            [
                "---completion", "keys", "show", "--", "positional@0", "2", "4", "orkctl", "keys", "show",
                "main",
            ], daemon: daemon)
        #expect(ran.out.split(separator: "\n") == ["main-1", "main-@+:._"])
    }
}
