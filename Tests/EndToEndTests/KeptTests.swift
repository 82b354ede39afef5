import MockUpstream
import ORKTestSupport
import Testing

/// How much of what happened is kept: at the built daemon.
@Suite("What is kept") struct KeptTests {
    private func run(_ line: String, _ daemon: DaemonFixture, ends status: Int32 = 0) async throws
        -> Program.Ran
    {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == status, "\(line): \(ran.stdout)\(ran.stderr)")
        return ran
    }

    private func removed(_ class: String, _ daemon: DaemonFixture, dryRun: Bool = false) async throws
        -> Int64?
    {
        try await run("cleanup --class \(`class`) -o json" + (dryRun ? " --dry-run" : ""), daemon)
            .json?["item"]?["classes"]?[`class`]?.integer
    }

    @Test(
        "of 20 requests the newest 10 are kept when so many may be, each with its story",
        .proves("PO-08"))
    func requests() async throws {
        var options = DaemonOptions()
        options.environment["APIKEYROUTER_MAX_DECISIONS"] = "10"
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var ids: [String] = []
            for _ in 0..<20 {
                let reply = try await daemon.caller.chat()
                #expect(reply.status == 200)
                ids.append(try #require(reply.value("ork-request")))
            }
            func listed() async throws -> [String] {
                try await run("requests list --limit none -o json", daemon).items.compactMap {
                    $0["id"]?.text
                }
            }
            #expect(try await listed() == ids.reversed())
            #expect(try await removed("request-records", daemon, dryRun: true) == 10)
            #expect(try await listed().count == 20)
            #expect(try await removed("request-records", daemon) == 10)
            #expect(try await listed() == ids.suffix(10).reversed())
            #expect(try await removed("request-records", daemon) == 0)
            for (place, id) in ids.enumerated() {
                let ran = try await run("explain \(id) -o json", daemon, ends: place < 10 ? 4 : 0)
                if place < 10 { #expect(ran.failure?["code"]?.text == "request-not-found") }
            }
            try await daemon.restart()
            #expect(try await listed() == ids.suffix(10).reversed())
            let setting = try await run("config show state.request_count -o json", daemon).items.first
            #expect(setting?["value"]?.text == "10")
            #expect(setting?["source"]?.text == "env:APIKEYROUTER_MAX_DECISIONS")
        }
    }

    @Test(
        "each change of a key's state is told with from, to, trigger and time, the newest so many of all keys",
        .proves("PO-09"))
    func transitions() async throws {
        var options = DaemonOptions(keys: ["a", "b"])
        options.environment["APIKEYROUTER_MAX_TRANSITIONS"] = "10"
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            func history(_ key: String) async throws -> [JSON] {
                try await run("keys history \(key) --limit none -o json", daemon).items
            }
            _ = try await run("keys disable b", daemon)
            for _ in 0..<10 {
                _ = try await run("keys disable a", daemon)
                _ = try await run("keys enable a", daemon)
            }
            let all = try await history("a")
            #expect(all.count >= 20)
            let newest = try #require(all.first)
            #expect(newest["from"]?.text == "disabled" && newest["to"]?.text == "usable")
            #expect(newest["trigger"]?.text == "enable" && newest["at"]?.text?.isEmpty == false)
            #expect((try await removed("key-history", daemon, dryRun: true) ?? 0) >= 11)
            #expect((try await removed("key-history", daemon) ?? 0) >= 11)
            #expect(try await history("a").map(\.encoded) == all.prefix(10).map(\.encoded))
            #expect(try await history("b").isEmpty)
            #expect(try await removed("key-history", daemon) == 0)
            try await daemon.restart()
            #expect(try await history("a").map(\.encoded) == all.prefix(10).map(\.encoded))
        }
    }
}
