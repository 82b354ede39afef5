import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("The control socket") struct ControlSocketTests {
    /// Everybody's last resort: uid and gid of `nobody`.
    private static let nobody = "65534"

    @Test(
        "orkctl reaches the daemon by its socket alone; the data port administers nothing", .proves("SH-02"))
    func socketOnly() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let orkctl = Program(
                try BuiltPrograms.path("orkctl"),
                environment: ["PATH": "/usr/bin:/bin", "HOME": daemon.scratch.path])
            let ran = try await orkctl.run(["keys", "list", "-o", "name", "--socket", daemon.socket])
            #expect(ran.status == 0 && ran.stdout == "a\n")
            #expect(try await orkctl.run(["--socket=" + daemon.socket, "status"]).status == 0)
            func mode(_ path: String) throws -> Int {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                return try #require(attributes[.posixPermissions] as? Int)
            }
            // To its group at most, to others never.
            #expect(try mode(daemon.socket) & 0o007 == 0)
            #expect(try mode(daemon.scratch.path + "/run") & 0o022 == 0)
            #expect(try mode(daemon.stateDirectory) & 0o077 == 0)
            let listeners = try await daemon.control("GET", "/v1/status").json?["item"]?["listeners"]?
                .elements
            #expect(listeners?.compactMap(\.text) == ["127.0.0.1:\(daemon.port)"])
            for target in ["/v1/status", "/v1/clients", "/v1/daemon/drain", "/v1/config"] {
                let reply = try await daemon.caller.post(target, [:])
                #expect(reply.json?["schema"] == nil, "\(target)")
            }
            #expect(try await daemon.orkctl("status").status == 0)
        }
    }

    @Test("a page in a browser, and a caller of another version, are refused")
    func strangers() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            func status(_ headers: [(String, String)]) async throws -> Int {
                try await daemon.control("GET", "/v1/status", headers: headers).status
            }
            #expect(try await status([("Host", "orkd")]) == 200)
            #expect(try await status([("Host", "evil.example")]) == 403)
            #expect(try await status([("Host", "orkd"), ("Origin", "http://localhost")]) == 403)
            #expect(try await status([("Host", "orkd"), ("Orkd-API", "2")]) == 400)
        }
    }

    @Test(
        "another user cannot open the socket, and one who could has no role", .proves("SH-02"),
        .enabled(if: geteuid() == 0, "only root can be another user"))
    func otherUser() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let nobody = try Nobody(daemon)
            defer { nobody.remove() }
            let closed = try await nobody.orkctl("status")
            #expect(closed.status == 77)
            #expect(closed.stderr.contains("permission denied   [forbidden]"))
            // Even where somebody opens the way: the peer's identity decides.
            try nobody.openTheWay(daemon)
            for words in [
                ["status"], ["keys", "list"], ["keys", "disable", "a"], ["clients", "add", "x", "-q"],
            ] {
                let ran = try await nobody.orkctl(words)
                #expect(ran.status == 77, "\(words): \(ran.stderr)")
                #expect(ran.stdout == "")
            }
            #expect(try await daemon.key("a")["state"]?.text == "usable")
            #expect(try await daemon.orkctl("clients", "list", "-q").stdout == "test\n")
        }
    }

    @Test(
        "a member of the viewer group may look and change nothing", .proves("SH-02"),
        .enabled(if: geteuid() == 0, "only root can be another user"))
    func viewer() async throws {
        let group = try #require(getgrgid(65534).map { String(cString: $0.pointee.gr_name) })
        var options = DaemonOptions()
        options.set("control", "viewer_group = \"\(group)\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let nobody = try Nobody(daemon)
            defer { nobody.remove() }
            try nobody.openTheWay(daemon)
            #expect(try await nobody.orkctl("keys", "list", "-q").stdout == "a\n")
            #expect(try await nobody.orkctl("status").status == 0)
            for words in [
                ["keys", "disable", "a"], ["daemon", "drain"], ["clients", "remove", "test", "--yes"],
            ] {
                let ran = try await nobody.orkctl(words + ["-o", "json"])
                #expect(ran.status == 77, "\(words)")
                #expect(ran.failure?["code"]?.text == "forbidden")
            }
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    /// `orkctl` as another user, from a place that this user can read.
    private struct Nobody {
        let place: ScratchDirectory
        let program: Program

        init(_ daemon: DaemonFixture) throws {
            place = try ScratchDirectory(prefix: "ork-nobody")
            let copy = place.path + "/orkctl"
            try FileManager.default.copyItem(atPath: try BuiltPrograms.path("orkctl"), toPath: copy)
            for path in [place.path, copy] { chmod(path, 0o755) }
            program = Program(
                "/usr/bin/setpriv", environment: ["PATH": "/usr/bin:/bin", "ORKD_SOCKET": daemon.socket],
                directory: "/")
        }

        func orkctl(_ words: String...) async throws -> Program.Ran { try await orkctl(words) }

        func orkctl(_ words: [String]) async throws -> Program.Ran {
            let id = ControlSocketTests.nobody
            return try await program.run(
                ["--reuid=" + id, "--regid=" + id, "--clear-groups", place.path + "/orkctl"] + words)
        }

        /// As if an operator had been careless with the rights of the files.
        func openTheWay(_ daemon: DaemonFixture) throws {
            for path in [daemon.scratch.path, daemon.scratch.path + "/run"] { chmod(path, 0o711) }
            chmod(daemon.socket, 0o666)
        }

        func remove() { place.remove() }
    }
}
