import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Whose a key is, learnt from the upstream.
@Suite("Accounts behind keys") struct AccountsTests {
    /// Adds keys of two accounts that nobody names: `a` and `b` of one, `c` of
    /// another.
    private func add(_ daemon: DaemonFixture, _ more: String...) async throws {
        for (name, account) in [("a", "x"), ("b", "x"), ("c", "y")] {
            let secret = daemon.newSecret(name, account: account)
            let ran = try await daemon.orkctl(
                ["keys", "add", name] + more, stdin: Data((secret + "\n").utf8))
            #expect(ran.status == 0, "\(ran.stderr)")
        }
    }

    private func account(_ key: String, _ daemon: DaemonFixture) async throws -> String? {
        try await daemon.key(key)["account"]?.text
    }

    @Test("asked when a key is added, the account is known, and an empty one is tried once")
    func asked() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon)
            #expect(try await account("a", daemon) == "user_x")
            #expect(try await account("c", daemon) == "user_y")
            daemon.mock.script(.key(daemon.secret("a")), .refuse(.creditsOut))
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["a", "c"])
            #expect(try await daemon.key("b")["state"]?.text == "exhausted")
        }
    }

    @Test("told by an answer, it is kept, and comes back after a kill")
    func told() async throws {
        try await withDaemon(DaemonOptions(keys: [])) { (daemon: DaemonFixture) async throws in
            try await add(daemon, "--no-check")
            #expect(try await account("a", daemon) == nil)
            for key in ["a", "b"] { daemon.mock.script(.key(daemon.secret(key)), .refuse(.creditsOut)) }
            #expect(try await daemon.caller.chat().status == 200)
            #expect(daemon.keysUsed == ["a", "b", "c"])
            try await eventually("the account is in the key's row") {
                try await account("b", daemon) == "user_x"
            }
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await account("a", daemon) == "user_x")
            #expect(try await daemon.key("a")["state"]?.text == "exhausted")
            #expect(try await account("c", daemon) == nil)
            #expect(try await daemon.orkctl("keys", "set", "a", "--account", "mine").status == 0)
            #expect(try await account("a", daemon) == "mine")
        }
    }
}
