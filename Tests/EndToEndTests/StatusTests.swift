import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("Status from the shell") struct StatusTests {
    @Test("status tells what runs and what is wrong, to people and to programs", .proves("SH-06"))
    func status() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            let empty = try await daemon.orkctl("status")
            #expect(empty.status == 2)
            #expect(empty.stdout.contains("not serving"))
            #expect(empty.stdout.contains("✗ no-upstream-key"))
            #expect(empty.stdout.contains("next: orkctl keys add NAME"))
            #expect(try await daemon.orkctl("-q", "status").status == 2)

            try await daemon.orkctl("keys", "add", "a", stdin: daemon.newSecret("a"))
            let serving = try await daemon.orkctl("status")
            #expect(serving.status == 0)
            #expect(serving.stdout.contains("127.0.0.1:\(daemon.port)"))
            #expect(serving.stdout.contains("1 usable of 1"))
            let item = try await daemon.orkctl("status", "-o", "json").json?["item"]
            #expect(item?["serving"]?.text == "serving")
            #expect(item?["keys"]?["by_state"]?["usable"]?.integer == 1)
            #expect(item?["store"]?["synchronous"]?.integer == 2)
            #expect(item?["pid"]?.integer == Int64(daemon.pid))
        }
    }

    @Test("--watch shows it anew until a signal ends it, also over a restart of the daemon", .proves("SH-06"))
    func watch() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            let lines = try daemon.talk("status", "--watch=100ms", "-o", "jsonl", onTerminal: false)
            try await lines.shows { $0.split(separator: "\n").count >= 2 && $0.contains("not-serving") }
            try await daemon.addKey("a")
            try await lines.shows(#""serving":"serving""#)
            try await daemon.terminate()
            try await lines.shows("daemon-absent")
            try await daemon.start()
            let before = lines.shown.count
            try await lines.shows { $0.dropFirst(before).contains(#""serving":"serving""#) }
            lines.signal(SIGTERM)
            #expect(try await lines.end() == 143)

            // For a person each frame takes the place of the one before.
            let screen = try daemon.talk("keys", "list", "--watch", onTerminal: true)
            try await screen.shows("usable")
            #expect(screen.shown.hasPrefix("\u{1B}[H\u{1B}[J"))
            screen.signal(SIGTERM)
            #expect(try await screen.end() == 143)
            #expect(try await daemon.orkctl("status", "--watch=1ms").status == 64)
        }
    }

    @Test("no colour without a terminal, colour on one and when it is asked for", .proves("SH-08"))
    func colour() async throws {
        var options = DaemonOptions(keys: ["a", "b"])
        options.environment = ["TERM": "xterm-256color"]
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            try await daemon.orkctl("keys", "disable", "b")
            let reply = try await daemon.caller.chat()
            let id = try #require(reply.value("ork-request"))
            let coloured = [
                ["status"], ["keys", "list"], ["clients", "list"], ["keys", "test", "a"], ["explain", id],
            ]
            for words in coloured {
                let plain = try await daemon.orkctl(words)
                #expect(plain.status == 0)
                #expect(!(plain.stdout + plain.stderr).contains("\u{1B}"), "\(words)")
                let painted = try await daemon.orkctl(words + ["--color", "always"])
                #expect(painted.stdout.contains("\u{1B}["), "\(words)")
            }
            #expect(
                !(try await daemon.orkctl("keys", "list", "--color", "always", "-o", "json").stdout.contains(
                    "\u{1B}")))
            let seen = try daemon.talk("keys", "list", onTerminal: true)
            #expect(try await seen.end() == 0)
            #expect(seen.shown.contains("\u{1B}[32musable"))
            let refused = try daemon.talk("keys", "list", "--no-color", onTerminal: true)
            #expect(try await refused.end() == 0)
            #expect(!refused.shown.contains("\u{1B}"))
        }
    }

    @Test("what would ask on a terminal asks nobody elsewhere, whatever is piped in", .proves("SH-08"))
    func questions() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            for words in [["keys", "remove", "a"], ["clients", "remove", "test"], ["keys", "rotate", "a"]] {
                let piped = try await daemon.orkctl(words, stdin: Data("y\ny\n".utf8))
                #expect(piped.status == 6)
                #expect(piped.stderr.contains("--yes"))
            }
            let asked = try daemon.talk("keys", "remove", "a", onTerminal: true)
            try await asked.shows("remove a? [y/N] ")
            try asked.type("n\n")
            #expect(try await asked.end() == 6)
            #expect(try await daemon.key("a")["state"]?.text == "usable")
            let agreed = try daemon.talk("keys", "remove", "a", onTerminal: true)
            try await agreed.shows("[y/N] ")
            try agreed.type("y\n")
            #expect(try await agreed.end() == 0)
            #expect(agreed.shown.contains("a removed"))
        }
    }
}
