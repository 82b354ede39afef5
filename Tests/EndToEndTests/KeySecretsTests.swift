import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// How a secret gets in, and that it never comes out.
@Suite("Secrets of keys") struct KeySecretsTests {
    @Test("on a terminal the secret is asked for and not shown; nothing typed is an error", .proves("KP-02"))
    func prompt() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            let secret = daemon.newSecret("asked")
            let typed = try daemon.talk("keys", "add", "asked", onTerminal: true)
            try await typed.shows("Secret for asked (not shown): ")
            try typed.type(secret + "\n")
            #expect(try await typed.end() == 0)
            #expect(typed.shown.contains("added asked"))
            #expect(!typed.shown.contains(secret.suffix(8)))
            daemon.keep(typed.shown, of: "terminal")
            #expect(try await daemon.key("asked")["state"]?.text == "usable")

            let empty = try daemon.talk("keys", "add", "empty", onTerminal: true)
            try await empty.shows("(not shown): ")
            try empty.type("\n")
            #expect(try await empty.end() != 0)
            #expect(empty.shown.contains("the secret is empty"))
            #expect(try await daemon.orkctl("keys", "list", "-o", "name").stdout == "asked\n")
        }
    }

    @Test("from a pipe or a file the secret is in no list of processes", .proves("KP-03"))
    func pipe() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            let secret = daemon.newSecret("piped")
            let piped = try daemon.talk("keys", "add", "-", onTerminal: false)
            // It has the secret and waits for the end of the line.
            try piped.type(secret)
            var scan = SecretScan([Canary(name: "piped", secret: secret)])
            scan.search(process: piped.pid)
            #expect(scan.bytes > 0 && scan.hits.isEmpty)
            try piped.type("\n")
            #expect(try await piped.end() == 0)
            daemon.keep(piped.shown, of: "pipe")
            let name = "key-" + secret.suffix(4)
            #expect(piped.shown.contains("added \(name)"))

            let file = daemon.inputs + "/secret"
            try Data(daemon.newSecret("filed").utf8).write(to: URL(fileURLWithPath: file))
            #expect(try await daemon.orkctl("keys", "add", "filed", "--from-file", file).status == 0)
            let credential = ["keys", "add", "sealed", "--from-credential", "nosuch"]
            #expect(try await daemon.orkctl(credential).status == 66)
            let names = try await daemon.orkctl("keys", "list", "-q").stdout
            #expect(Set(names.split(separator: "\n")) == ["filed", Substring(name)])
        }
    }

    @Test(
        "a secret among the arguments stops the command before anything, and is not repeated",
        arguments: [
            ["keys", "add", "x", "SECRET"], ["keys", "add", "SECRET"], ["keys", "show", "SECRET"],
            ["keys", "add", "x", "--from-file=SECRET"], ["--socket", "SECRET", "status"],
            ["nosuch", "SECRET"], ["keys", "set", "a", "--meta", "key=SECRET"],
        ])
    func argv(_ words: [String]) async throws {
        // No daemon is needed, and none is asked.
        let secret = Canary.upstreamKey("argv").plain
        let program = Program(try BuiltPrograms.path("orkctl"), environment: [:])
        for form in [[], ["-o", "json"]] {
            let ran = try await program.run(words.map { $0.replacing("SECRET", with: secret) } + form)
            #expect(ran.status == 64)
            #expect(ran.stdout == "")
            #expect(ran.stderr.contains("secret-on-argv"))
            #expect(!ran.stderr.contains(secret.suffix(12)))
        }
    }

    @Test(
        "after everything that can be done with a key, its secret is nowhere", .proves("KP-15"))
    func nowhere() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let canary = Canary(name: "a", secret: daemon.secret("a"))
            var answers = SecretScan([canary])
            func seen(_ reply: Reply) {
                answers.search(Data(reply.body), place: "answer")
                let head = reply.headers.map { $0.name + $0.value }.joined(separator: "\n")
                answers.search(Data(head.utf8), place: "head")
            }
            seen(try await daemon.caller.chat())
            daemon.mock.script(.everything, .status(400, body: #"{"error":{"message":"no"}}"#))
            seen(try await daemon.caller.chat())
            for target in [
                "/v1/keys", "/v1/keys?select=a", "/v1/keys/history?key=a", "/v1/config", "/v1/status",
            ] {
                seen(try await daemon.control("GET", target))
            }
            for words in [
                ["keys", "show", "a"], ["keys", "show", "a", "-o", "json"], ["keys", "list", "-o", "csv"],
                ["keys", "test", "a", "-v"], ["keys", "history", "a"],
                ["keys", "add", "a", "--show-request"],
            ] {
                #expect(try await daemon.orkctl(words, stdin: Data(daemon.secret("a").utf8)).status == 0)
            }
            let show = try await daemon.orkctl("keys", "show", "a", "-o", "json")
            let digest = SHA256.hex(daemon.secret("a").utf8)
            #expect(show.items.first?["fingerprint"]?.text == String(digest.prefix(12)))
            #expect(answers.bytes > 0 && answers.hits.isEmpty)
            try await daemon.terminate()
            // Database, log, lock, configuration: all that was written.
            #expect(daemon.search().hits.isEmpty)
            #expect(daemon.search().bytes > 10_000)
        }
    }
}
