import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Every test with a daemon looks for its secrets when it ends. Here: that it
/// finds them.
@Suite("Leaked secrets") struct LeakTests {
    @Test(
        "a secret planted in a file, the environment or an answer is found, and fails the test",
        .proves("T13"))
    func planted() async throws {
        let leak = Canary.upstreamKey("planted")
        try await expectLeak(leak, in: ["state/debug.log", "logs/stderr", "/proc/PID/environ"]) {
            (daemon: DaemonFixture) in
            let text = Data("Authorization: Bearer \(leak.plain)".utf8).base64EncodedString()
            try daemon.scratch.file("state/debug.log", Data("{\"header\":\"\(text)\"}\n".utf8))
            let log = try FileHandle(forWritingTo: URL(fileURLWithPath: daemon.scratch.path + "/logs/stderr"))
            try log.seekToEnd()
            try log.write(contentsOf: Data(leak.plain.utf8))
        }
    }

    @Test("a secret in an answer to a caller or in the output of orkctl is found", .proves("T13"))
    func answered() async throws {
        let leak = Canary.upstreamKey("planted")
        try await expectLeak(leak, in: ["an answer of", "output of orkctl keys list", "state/orkd.db-wal"]) {
            (daemon: DaemonFixture) in
            // An upstream that tells the caller what it must not.
            daemon.mock.script(.everything, .json(["debug": .string(leak.plain)]))
            #expect(try await daemon.caller.chat().status == 200)
            // An operator who writes a secret where secrets do not belong.
            let set = try await daemon.control(
                "PATCH", "/v1/keys",
                ["select": ["a"], "metadata": ["note": .string(String(leak.plain.dropFirst(9)))]])
            #expect(set.status == 200, "\(set.text)")
            _ = try await daemon.orkctl("keys", "list", "-o", "json")
        }
    }

    @Test("the master key is looked for too, and may be in its own file alone", .proves("T13"))
    func masterKey() async throws {
        try await withKnownIssue {
            try await withDaemon { (daemon: DaemonFixture) async throws in
                #expect(daemon.search().hits.isEmpty)
                #expect(daemon.search().bytes > 10_000)
                let file = URL(fileURLWithPath: daemon.stateDirectory + "/master.key")
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                let standard = text.filter { !$0.isNewline }.replacing("-", with: "+").replacing(
                    "_", with: "/")
                let decoded = try #require(Data(base64Encoded: standard))
                try daemon.scratch.file("state/core", Data("x".utf8) + decoded)
                try daemon.scratch.file("run/note", Data("key \(text)".utf8))
                let places = Set(daemon.search().hits.map(\.place))
                #expect(places == ["state/core", "run/note"])
            }
        } matching: { issue in
            issue.comments.contains { $0.rawValue.hasPrefix("a secret was found: master key ") }
        }
    }

    @Test("a daemon inside another one's turn is refused: they could wait for each other's places for ever")
    func inside() async throws {
        try await withDaemon(DaemonOptions(keys: []), start: false) { (_: DaemonFixture) async throws in
            await #expect(throws: DaemonInsideDaemon.self) {
                try await withDaemon(DaemonOptions(keys: []), start: false) {
                    (_: DaemonFixture) async throws in
                }
            }
        }
    }

    /// Plants, and expects hits in places that begin so; any other issue is
    /// one.
    private func expectLeak(
        _ leak: Canary, in places: [String], _ plant: @escaping (DaemonFixture) async throws -> Void
    ) async throws {
        var options = DaemonOptions()
        options.environment = ["DEBUG_KEY": leak.plain]
        try await withKnownIssue {
            try await withDaemon(options, start: false) { (daemon: DaemonFixture) async throws in
                daemon.watch(leak)
                try await daemon.start()
                try await daemon.provision()
                try await plant(daemon)
                let found = daemon.search().hits.filter { $0.canary == leak.name }.map(\.place)
                for place in places { #expect(found.contains { $0.hasPrefix(place) }, "\(place): \(found)") }
            }
        } matching: { issue in
            issue.comments.contains { $0.rawValue.hasPrefix("a secret was found: planted ") }
        }
    }
}
