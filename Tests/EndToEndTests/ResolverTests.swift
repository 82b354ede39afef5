import Foundation
import MockUpstream
import ORKTestSupport
import Testing

@Suite("A name server that hangs") struct ResolverTests {
    private static let address = "127.77.0.1"

    private func threads(of daemon: DaemonFixture) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/task").count
    }

    @Test(
        "delays nobody but those who need it, who are told in time, and it passes",
        .enabled(if: geteuid() == 0, "only root can serve port 53 and mount over resolv.conf"))
    func hanging() async throws {
        let server = try LiveProgram(
            "/usr/bin/python3", [BuiltPrograms.packageRoot + "/Tests/dns/name_server.py", Self.address],
            environment: ["PATH": "/usr/bin:/bin"], onTerminal: false)
        defer { server.signal(9) }
        try await server.shows("ready\n")
        let scratch = try ScratchDirectory(prefix: "ork-dns")
        defer { scratch.remove() }
        let settings = "nameserver \(Self.address)\noptions timeout:1 attempts:2\n"
        let file = try scratch.file("resolv.conf", Data(settings.utf8)).path
        var options = DaemonOptions()
        options.startedBy = [
            "/usr/bin/unshare", "--mount", "/bin/sh", "-c",
            "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", file,
        ]
        options.set("upstream", "private_addresses = true")
        options.set("upstream", "connect = \"500ms\"")
        options.set("pool", "attempts = 1")
        try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
            var named = options
            named.set("upstream", "base_url = \"http://upstream.ork.test:\(daemon.mock.port)/api/v1\"")
            try daemon.writeConfiguration(named)
            try await daemon.start()
            try await daemon.provision()
            let before = try threads(of: daemon)
            let caller = daemon.caller
            let began = ContinuousClock.now
            let waiting = (0..<50).map { _ in Task { try await caller.chat() } }
            for _ in 0..<50 {
                #expect(try await caller.get("/liveness").status == 200)
                #expect(try await daemon.caller(key: nil).chat().status == 401)
            }
            for task in waiting {
                let reply = try await task.value
                #expect(reply.status == 502 && reply.errorCode == "upstream-unreachable")
            }
            #expect(ContinuousClock.now - began < .seconds(5))
            // One look-up for all who ask for the same name.
            #expect(try threads(of: daemon) <= before + 4)
            try server.type("\n")
            try await server.shows("answering\n")
            let deadline = ContinuousClock.now + .seconds(10)
            var status = 0
            while status != 200, ContinuousClock.now < deadline { status = try await caller.chat().status }
            #expect(status == 200)
        }
    }
}
