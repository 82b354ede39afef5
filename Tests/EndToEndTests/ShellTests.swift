import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// `orkctl shell` and the completion of bash, on terminals.
@Suite("Shell") struct ShellTests {
    private func onTerminal() -> DaemonOptions {
        var options = DaemonOptions(keys: ["alpha-1", "beta-1"])
        options.environment["TERM"] = "xterm"
        return options
    }

    @Test(
        "on a terminal: live names, history without secrets, and a sane terminal after Ctrl-C, Ctrl-Z and SIGTERM",
        .proves("SH-07"))
    func terminal() async throws {
        try await withDaemon(onTerminal()) { (daemon: DaemonFixture) async throws in
            let environment = daemon.environment.merging([
                "ORKD_SOCKET": daemon.socket, "ORKCTL_HISTFILE": daemon.inputs + "/state/history",
            ]) { $1 }
            let verdict = try await Python(environment: environment).run(
                "shell_check.py",
                [
                    try BuiltPrograms.path("orkctl"), BuiltPrograms.packageRoot + "/completions/orkctl.bash",
                    "alpha-1", "test",
                ])
            expectAllTrue(verdict, atLeast: 17)
        }
    }

    @Test("the shell outlives its daemon, says that it is offline, and finds the next one", .proves("SH-07"))
    func restart() async throws {
        var options = onTerminal()
        options.environment["ORKCTL_HISTFILE"] = "/dev/null"
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let shell = try daemon.talk("shell", onTerminal: true)
            try await shell.shows("ork 2/2> ")
            try shell.type("keys disable beta-1\r")
            try await shell.shows("ork 1/2> ")
            try await daemon.terminate()
            try shell.type("keys show al\t\r")
            try await shell.shows("[daemon-absent]")
            try await shell.shows("ork (offline)> ")
            try await daemon.start()
            try shell.type("keys show alp\t\r")
            let shown = try await shell.shows { $0.components(separatedBy: "ork 1/2> ").count == 3 }
            #expect(shown.contains("keys show alpha-1"))
            try shell.type("exit\r")
            #expect(try await shell.end() == 0)
        }
    }

    @Test("off a terminal: one command a line, the first failure ends it, and commands eat no lines")
    func batch() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let script = """
                # A comment, and a blank line

                keys disable a --reason 'it''s out'
                orkctl keys add b
                keys enable a
                """
            let stopped = try await daemon.orkctl("shell", stdin: script)
            #expect(stopped.status == 65)
            #expect(stopped.stdout == "a disabled\n")
            #expect(stopped.stderr.contains("the secret is empty"))
            #expect(stopped.stderr.contains("line 4 ended with 65; the rest was not run"))
            let whole = try await daemon.orkctl("shell", "--keep-going", stdin: script)
            #expect(whole.status == 3)
            #expect(whole.stdout == "a unchanged\na enabled\n")
            let json = try await daemon.orkctl("shell", "-o", "json", stdin: "keys list\n")
            #expect(json.status == 0 && json.items.count == 1)
            #expect(try await daemon.orkctl("shell", stdin: "shell\n").status == 64)
            #expect(try await daemon.orkctl("shell", stdin: "keys show 'a\n").status == 64)
            #expect(try await daemon.orkctl("shell", stdin: "exit\nnosuch\n").status == 0)
            let closed = try await daemon.orkctl("shell", "--socket", "/nonexistent/s", stdin: "keys list")
            #expect(closed.status == 69)
        }
    }
}
