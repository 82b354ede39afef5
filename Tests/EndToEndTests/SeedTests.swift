import MockUpstream
import ORKTestSupport
import Testing

@Suite("Keys from the environment") struct SeedTests {
    @Test(
        "keys in variables are in the pool once, after every start, and keep what happened to them",
        .proves("KP-19"))
    func variables() async throws {
        let canaries = (0..<3).map { Canary.upstreamKey("env \($0)") }
        let secrets = canaries.map(\.plain)
        var options = DaemonOptions(keys: [])
        options.environment = [
            "OPENROUTER_API_KEY": secrets[0],
            "OPENROUTER_API_KEYS": "\(secrets[1]), \(secrets[0]) ,\(secrets[2]),",
        ]
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            for secret in secrets { daemon.mock.add(key: secret, account: "user_" + secret.suffix(4)) }
            func keys() async throws -> [JSON] { try await daemon.orkctl("keys", "list", "-o", "json").items }
            let first = try await keys()
            let digests = Set(secrets.map { String(SHA256.hex($0.utf8).prefix(12)) })
            #expect(Set(first.compactMap { $0["fingerprint"]?.text }) == digests)
            #expect(first.count == 3)
            #expect(try await daemon.caller.chat().status == 200)
            let name = try #require(first[0]["name"]?.text)
            try await daemon.orkctl("keys", "disable", name)

            try await daemon.restart()
            let second = try await keys()
            #expect(second.map { $0["id"]?.integer } == first.map { $0["id"]?.integer })
            #expect(second.first { $0["name"]?.text == name }?["state"]?.text == "disabled")
            #expect(try await daemon.caller.chat().status == 200)

            // The process has them in its environment, where its operator put them, and nowhere else.
            var scan = SecretScan(canaries)
            scan.search(directory: daemon.scratch.path)
            #expect(scan.bytes > 0 && scan.hits.isEmpty)
        }
    }

    @Test("a key in a variable that cannot be one stops the start and is not repeated")
    func impossible() async throws {
        var options = DaemonOptions(keys: [])
        options.environment = ["OPENROUTER_API_KEYS": "sk-or-v1-abc def-canary-0123456789"]
        try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
            let ran = try await daemon.startExpectingExit()
            #expect(ran.status == 78)
            #expect(ran.stderr.contains("OPENROUTER_API_KEYS"))
            #expect(!ran.stderr.contains("canary"))
        }
    }
}
