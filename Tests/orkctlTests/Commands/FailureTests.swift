import Foundation
import ORKit
import Testing

@Suite("errors and exit codes")
struct FailureTests {
    @Test(
        "an error of the daemon keeps its words and gets its exit code",
        arguments: [
            (ErrorCode.keyNotFound, 404, Int32(4)), (.keyExists, 409, 5), (.versionLost, 409, 5),
            (.tooMany, 409, 6),
            (.forbidden, 403, 77), (.draining, 503, 75), (.badValue, 400, 64), (.routeUnknown, 404, 76),
            (.internalError, 500, 70),
        ])
    func codes(code: ErrorCode, status: Int, exit: Int32) throws {
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/keys/enable", status: status, body: Samples.error(code, "so it is"))
        ])
        let ran = try orkctl("keys", "enable", "x", daemon: daemon)
        #expect(ran.code == exit)
        #expect(ran.err.hasPrefix("orkctl: keys enable: so it is   [\(code.rawValue)]\n") && ran.out.isEmpty)
        #expect(ran.err.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("  hint: ") })
    }

    @Test("in JSON modes an error is one JSON object on stderr", arguments: ["json", "jsonl", "json=1"])
    func json(format: String) throws {
        let daemon = try FakeDaemon([
            .init(expect: "GET /v1/keys", status: 404, body: Samples.error(.keyNotFound, "there is no “x”"))
        ])
        let ran = try orkctl("keys", "show", "x", "-o", format, daemon: daemon)
        #expect(ran.code == 4 && ran.out.isEmpty && ran.err.split(separator: "\n").count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(ran.err.utf8)) as? [String: [String: Any]]
        #expect(object?["error"]?["code"] as? String == "key-not-found")
        #expect(object?["error"]?["exit"] as? Int == 4)
        #expect(object?["error"]?["message"] as? String == "there is no “x”")
        #expect(object?["error"]?["hint"] as? String == "see which exist:   orkctl keys list")
    }

    @Test(
        "bad usage exits 64 and says where to read",
        arguments: [
            ["keys", "add", "--frob"], ["keys", "list", "--state", "sleepy"], ["keys", "enable"],
            ["keys", "lst"], ["kyes"],
            ["keys", "set", "a"], ["keys", "list", "--limit", "many"],
            ["keys", "list", "--sort", "name", "--sort", "id"],
            ["status", "--timeout", "10"], ["keys", "set", "a", "--account", ""], ["keys", "prune", "-y"],
            ["requests", "list", "--since", "lately"], ["explain"], ["keys", "list", "-o", "xml"],
        ])
    func usage(arguments: [String]) throws {
        let ran = try orkctl(arguments)
        #expect(ran.code == 64 && ran.err.contains("[usage]") && ran.out.isEmpty, "\(ran.err)")
    }

    @Test(
        "a mistyped command is guessed",
        arguments: [
            (["kyes"], "orkctl keys"), (["keys", "lst"], "orkctl keys list"),
            (["clients", "rotat"], "orkctl clients rotate"),
            (["stauts"], "orkctl status"),
        ])
    func guesses(arguments: [String], meant: String) throws {
        #expect(try orkctl(arguments).err.contains("did you mean:   \(meant)\n"))
    }

    @Test("no socket, nobody listening, no socket at all: three different sentences, all exit 69")
    func absent() throws {
        let none = try orkctl("status", "--socket", "/nonexistent/s")
        #expect(none.code == 69 && none.err.contains("there is no socket at /nonexistent/s"))
        #expect(none.err.contains("hint: start it:"))
        let file = try TemporaryDirectory.file("")
        let plain = try orkctl("status", "--socket", file)
        #expect(plain.code == 69 && plain.err.contains("is not a socket"))
        var stale = ""
        do { stale = try FakeDaemon.staleSocket() }
        let refused = try orkctl("status", "--socket", stale)
        #expect(refused.code == 69 && refused.err.contains("nobody listens at"))
        #expect(try orkctl("status", "--socket", "/" + String(repeating: "x", count: 120)).code == 78)
    }

    @Test("another version of the API is refused with 76, and so is what is no orkd")
    func otherVersion() throws {
        let other = try FakeDaemon([.init(expect: "GET /v1/status", body: "{}", headers: ["Orkd-API": "2"])])
        let ran = try orkctl("status", daemon: other)
        #expect(ran.code == 76 && ran.err.contains("orkd speaks version 2 of the control API, orkctl 1"))
        let stranger = try FakeDaemon([.init(expect: "GET /v1/status", body: "{}", headers: ["Orkd-API": ""])]
        )
        #expect(try orkctl("status", daemon: stranger).err.contains("is not orkd"))
        let nonsense = try FakeDaemon([.init(expect: "GET /v1/status", body: "{\"item\":3}")])
        #expect(try orkctl("status", daemon: nonsense).code == 76)
    }

    @Test("a daemon that does not answer costs no more than --timeout, exit 75")
    func timeout() throws {
        let daemon = try FakeDaemon([.init(expect: "GET /v1/status", body: "", isStalled: true)])
        let ran = try orkctl("status", "--timeout", "100ms", daemon: daemon)
        #expect(ran.code == 75 && ran.err.contains("[timed-out]"))
    }

    @Test(
        "a secret on the command line stops everything and is not repeated [SH-08]",
        arguments: [
            ["keys", "add", "main", Samples.keySecret], ["keys", "add", "--secret=\(Samples.keySecret)"],
            ["clients", "show", Samples.clientSecret], ["explain", Samples.clientSecret],
            ["-x\(Samples.keySecret)"],
            ["---completion", "keys", "--", "name", Samples.keySecret, "-o", "json"],
        ])
    func secretOnArgv(arguments: [String]) throws {
        let daemon = try FakeDaemon()
        let ran = try orkctl(arguments, daemon: daemon)
        let all = ran.out + ran.err
        #expect(daemon.calls.isEmpty)
        #expect(!all.contains(Samples.keySecret) && !all.contains(Samples.clientSecret))
        #expect(ran.code == 64 && all.contains("secret-on-argv"))
    }

    @Test(
        "fingerprints, masks and ordinary names do not trip the guard",
        arguments: [
            "0a1b2c3d4e5f", "sk-or-v1-…9c41", "task-force-with-a-very-long-name", "gw_live_…9c41", "sk-short",
            "sha256:0a1b2c3d4e5f0a1b2c3d4e5f0a1b2c3d4e5f",
        ])
    func harmlessArguments(name: String) throws {
        let body = Samples.list("ork.keys/1", [Samples.key])
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: body)])
        #expect(try orkctl("keys", "show", name, "-q", daemon: daemon).code == 0)
    }

    @Test("a secret in the daemon's words does not reach stderr")
    func scrubbed() throws {
        let words = "bad key \(Samples.keySecret) and \(Samples.clientSecret)"
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/keys/enable", status: 400, body: Samples.error(.badValue, words))
        ])
        let ran = try orkctl("keys", "enable", "x", daemon: daemon)
        #expect(ran.err.contains("bad key ‹secret› and ‹secret›"))
    }

    @Test("text from outside cannot act on a terminal, in any format", arguments: ListTests.formats)
    func escapes(format: String) throws {
        var key = Samples.key
        key.name = "a\u{1B}[31m\u{9B}2J\u{202E}b\nc"
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: Samples.list("ork.keys/1", [key]))])
        let ran = try orkctl("keys", "list", "-o", format, daemon: daemon)
        #expect(ran.code == 0)
        let dangerous: Set<Unicode.Scalar> = ["\u{1B}", "\u{9B}", "\u{202E}"]
        #expect(!ran.out.unicodeScalars.contains { dangerous.contains($0) })
        #expect(!ran.out.contains("b\nc"))
    }

    @Test("a cell that a spreadsheet would compute is made text")
    func formulas() throws {
        var key = Samples.key
        key.name = "=HYPERLINK(\"x\",\"y\")"
        let daemon = try FakeDaemon([.init(expect: "GET /v1/keys", body: Samples.list("ork.keys/1", [key]))])
        let ran = try orkctl("keys", "list", "-o", "csv", "--columns", "name", "--no-header", daemon: daemon)
        #expect(ran.out == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\n")
    }
}

extension FakeDaemon {
    /// A socket file that a daemon left behind.
    static func staleSocket() throws -> String {
        let daemon = try FakeDaemon()
        let path = try TemporaryDirectory.make() + "/stale"
        // The name outlives the listener, which a rename keeps out of its clean-up.
        try FileManager.default.moveItem(atPath: daemon.socket, toPath: path)
        return path
    }
}
