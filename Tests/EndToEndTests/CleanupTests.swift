import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// Maintenance at the built daemon, with a ledger of five hundred days.
@Suite("Cleanup") struct CleanupTests {
    private static let classes: Set = [
        "expired-rests", "request-records", "ledger", "key-history", "audit", "events", "client-graces",
        "tombstones", "store-pages",
    ]

    private static var options: DaemonOptions {
        var options = DaemonOptions()
        options.environment["APIKEYROUTER_MAX_DECISIONS"] = "5"
        return options
    }

    private func python(_ words: [String]) async throws -> Program.Ran {
        try await Program("/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"]).run(words)
    }

    /// 2,000 rows of the ledger, and ten requests of now.
    private func fill(_ daemon: DaemonFixture) async throws {
        try await daemon.terminate()
        let script = """
            import sys, time
            sys.dont_write_bytecode = True
            sys.path.append(sys.argv[2])
            import fill
            fill.fill(sys.argv[1], fill.Size(2000, 20, 3, 5, 1, 500), int(time.time() * 1000))
            """
        let ran = try await python([
            "-c", script, daemon.stateDirectory + "/orkd.db", BuiltPrograms.packageRoot + "/Benchmarks/usage",
        ])
        #expect(ran.status == 0, "\(ran.stderr)")
        try await daemon.start()
        for _ in 0..<10 { #expect(try await daemon.caller.chat().status == 200) }
        // Asking for them has them written.
        #expect(try await daemon.orkctl("requests", "list", "-o", "json").items.count == 10)
    }

    private func counts(_ line: String = "", _ daemon: DaemonFixture) async throws -> [String: Int64] {
        let words = ["cleanup", "-o", "json"] + line.split(separator: " ").map(String.init)
        let ran = try await daemon.orkctl(words)
        #expect(ran.status == 0 && ran.stderr == "", "\(words): \(ran.stderr)")
        let found = try #require(ran.json?["item"]?["classes"])
        return Self.classes.reduce(into: [:]) { $0[$1] = found[$1]?.integer }
    }

    /// Of all there is, up to now.
    private func usage(_ daemon: DaemonFixture) async throws -> [String] {
        var told: [String] = []
        for group in ["client", "user", "key", "model", "day"] {
            told.append(
                try await daemon.orkctl(
                    "usage", "--by", group, "--since", "2020-01-01T00:00:00Z", "-o", "csv"
                ).stdout)
        }
        return told
    }

    /// The reader that shares no code with orkd.
    private func verify(_ daemon: DaemonFixture) async throws {
        let ran = try await python([
            "-B", BuiltPrograms.packageRoot + "/Tests/crash/ledger.py", daemon.stateDirectory + "/orkd.db",
        ])
        #expect(ran.status == 0, "\(ran.stderr)")
    }

    @Test(
        "what a dry run tells of each class goes, once; usage stays, and the ledger is verifiable",
        .proves("CL-03"))
    func scope() async throws {
        try await withDaemon(Self.options) { (daemon: DaemonFixture) async throws in
            try await fill(daemon)
            let before = try await usage(daemon)
            #expect(before[0].split(separator: "\n").count == 21)
            let told = try await counts("--dry-run", daemon)
            #expect(Set(told.keys) == Self.classes)
            #expect(told["request-records"] == 5 && (told["ledger"] ?? 0) > 400)
            for name in Self.classes {
                #expect(try await counts("--dry-run --class \(name)", daemon)[name] == told[name], "\(name)")
            }
            let done = try await counts("", daemon)
            for name in Self.classes.subtracting(["store-pages"]) {
                #expect(done[name] == told[name], "\(name)")
            }
            #expect((done["store-pages"] ?? 0) > 0)
            #expect(try await counts("", daemon).values.allSatisfy { $0 == 0 })
            #expect(try await usage(daemon) == before)
            try await daemon.terminate()
            try await verify(daemon)
            try await daemon.start()
            #expect(try await daemon.caller.chat().status == 200)
        }
    }

    @Test("killed while it cleans, it has lost nothing", .proves("CL-03"))
    func killed() async throws {
        try await withDaemon(Self.options) { (daemon: DaemonFixture) async throws in
            try await fill(daemon)
            let before = try await usage(daemon)
            for _ in 0..<3 {
                async let cleaning = daemon.orkctl("cleanup", "--class", "ledger")
                try await daemon.kill9()
                _ = try await cleaning
                try await verify(daemon)
                try await daemon.start()
                #expect(try await usage(daemon) == before)
            }
        }
    }

    @Test("cron may call it twice and side by side, and hears nothing of success", .proves("CL-02"))
    func cron() async throws {
        try await withDaemon(Self.options) { (daemon: DaemonFixture) async throws in
            try await fill(daemon)
            let told = try await counts("--dry-run", daemon)
            let done = try await withThrowingTaskGroup(of: [String: Int64].self) { group in
                for _ in 0..<4 { group.addTask { try await counts("", daemon) } }
                return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
            }
            #expect(
                done["ledger"] == told["ledger"] && done["request-records"] == told["request-records"],
                "\(told): \(done)")
            let quiet = try await daemon.orkctl("-q", "cleanup")
            #expect(quiet.status == 0 && quiet.stdout == "" && quiet.stderr == "")
            #expect(try await daemon.orkctl("cleanup", "--class", "nosuch").status == 64)
        }
    }
}
