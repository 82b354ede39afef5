import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Starts that cannot succeed: a sentence, a code, and nothing touched.
@Suite("Starts that fail") struct BadStartTests {
    private func expect(
        _ ran: Program.Ran, _ status: Int32, _ code: String, _ words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(ran.status == status, "\(ran.stderr)", sourceLocation: sourceLocation)
        for text in words + ["[\(code)]"] {
            #expect(ran.stderr.contains(text), "\(text) in \(ran.stderr)", sourceLocation: sourceLocation)
        }
    }

    @Test("an unknown setting is named with line, column and the nearest name: 78")
    func unknownSetting() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try daemon.writeConfiguration(adding: "levle = \"info\"\n[proxi]\nlisten = \"127.0.0.1:0\"\n")
            let lines = try String(contentsOfFile: daemon.configFile, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            let line = try #require(lines.firstIndex { $0.hasPrefix("levle") }) + 1
            let ran = try await daemon.startExpectingExit()
            expect(ran, 78, "config-invalid", "\(daemon.configFile):\(line):1: ", "log.levle", "log.level")
            #expect(ran.stderr.contains(":\(line + 1):") || ran.stderr.contains(":\(line + 2):"))
            // The same words from the checks, which start nothing.
            expect(
                try await daemon.startExpectingExit(arguments: ["--check"]), 78, "config-invalid", "log.levle"
            )
            let check = try await daemon.orkctl("config", "check", daemon.configFile, "-o", "json")
            #expect(check.status == 2)
            #expect(check.items.first?["line"]?.integer == Int64(line))
            #expect(check.items.first?["column"]?.integer == 1)
            #expect(check.items.first?["hint"]?.text?.contains("log.level") == true)
            #expect(try await daemon.caller.chat().status == 200)
            try daemon.writeConfiguration()
            #expect(try await daemon.startExpectingExit(arguments: ["--check"]).stdout == "valid\n")
        }
    }

    @Test("a socket path that is too long, or in a directory that is not ours: 78")
    func socketPath() async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            let long = daemon.scratch.path + "/run/" + String(repeating: "x", count: 100)
            expect(
                try await daemon.startExpectingExit(arguments: ["--socket", long]), 78,
                "socket-path-too-long",
                "\(long.utf8.count) bytes", "107", "hint: orkd --socket")
            let run = daemon.scratch.path + "/run"
            chmod(run, 0o777)
            expect(
                try await daemon.startExpectingExit(), 78, "directory-unsafe", run, "chmod go-w \(run)")
            chmod(run, 0o700)
            let link = daemon.scratch.path + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: run)
            expect(
                try await daemon.startExpectingExit(arguments: ["--socket", link + "/s"]), 78,
                "directory-unsafe", "symbolic link")
            try Data("mine".utf8).write(to: URL(fileURLWithPath: daemon.socket))
            expect(try await daemon.startExpectingExit(), 78, "file-unsafe", "not a socket")
            #expect(try String(contentsOfFile: daemon.socket, encoding: .utf8) == "mine")
        }
    }

    @Test("a directory of another user: 78", .enabled(if: geteuid() == 0, "only root can give files away"))
    func otherOwner() async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            for path in [daemon.scratch.path + "/run", daemon.stateDirectory] {
                chown(path, 65534, 65534)
                expect(
                    try await daemon.startExpectingExit(), 78, "directory-unsafe", "it belongs to uid 65534",
                    "chown 0 \(path)")
                chown(path, 0, 0)
            }
        }
    }

    @Test("3 second daemons, with this socket or another, leave the first alone: 75", .proves("B4-44"))
    func second() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            expect(
                try await daemon.startExpectingExit(), 75, "already-running", "orkd with pid \(daemon.pid)",
                "hint: orkctl status")
            // Also when only the state is shared, or only the socket.
            let other = daemon.scratch.path + "/run/other.sock"
            expect(
                try await daemon.startExpectingExit(arguments: ["--socket", other]), 75, "already-running")
            #expect(!FileManager.default.fileExists(atPath: other))
            expect(
                try await daemon.startExpectingExit(arguments: ["--state", "memory"]), 75, "already-running")
            #expect(try await daemon.orkctl("status").status == 0)
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("a port that is taken is named: 75")
    func port() async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            let ran = try await daemon.startExpectingExit(arguments: [
                "--listen", "127.0.0.1:\(daemon.mock.port)",
            ])
            expect(ran, 75, "address-in-use", "127.0.0.1:\(daemon.mock.port)")
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
        }
    }

    @Test("a stale socket is told apart from none, and is taken over")
    func stale() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            try await daemon.kill9()
            #expect(FileManager.default.fileExists(atPath: daemon.socket))
            let ran = try await daemon.orkctl("status")
            #expect(ran.status == 69)
            #expect(ran.stderr.contains("nobody listens at \(daemon.socket)"))
            #expect(ran.stderr.contains("hint: start it:"))
            try await daemon.start()
            #expect(try await daemon.orkctl("status").status == 0)
            #expect(try await daemon.terminate() == 0)
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
            #expect(try await daemon.orkctl("status").stderr.contains("there is no socket at"))
        }
    }
}
