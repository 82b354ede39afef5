import Foundation
import ORKTestSupport
import Testing

/// The short form of `make crash`: orkd dies under load, and an independent
/// reader holds its ledger against the upstream's bills and what callers saw.
@Suite("Crashes") struct CrashTests {
    /// A file system in a file can be mounted, and lose its power.
    static let hasLoopDevices = geteuid() == 0 && access("/dev/loop-control", W_OK) == 0

    private func run(_ words: String...) async throws -> Program.Ran {
        // Takes a place among the daemons; the one that dies is the script's own.
        try await withDaemon(DaemonOptions(keys: []), start: false) { (_: DaemonFixture) async throws in
            var python = Program(
                "/usr/bin/python3",
                environment: [
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "ORK_BIN_DIR": BuiltPrograms.directory,
                ])
            python.patience = .seconds(400)
            let script = BuiltPrograms.packageRoot + "/Tests/crash/crash.py"
            return try await python.run([script, "--pace", "0.3"] + words)
        }
    }

    private func figures(_ ran: Program.Ran) -> String { ran.stdout + ran.stderr }

    @Test("killed twenty times at random and at each of ten points, nothing that a caller saw is missing")
    func killed() async throws {
        let ran = try await run("--kills", "20", "--points", "1")
        #expect(ran.status == 0, "\(figures(ran))")
        let zeros = ["missing", "duplicate", "phantom", "unreserved", "unbalanced", "open"].map { "\($0) 0" }
        #expect(ran.stdout.contains(zeros.joined(separator: ", ")), "\(figures(ran))")
        print("crash: \(ran.stdout)")
    }

    @Test("answers that do not wait for the disk are missed: the reader would notice")
    func unawaited() async throws {
        let ran = try await run("--kills", "12", "--without", "wait")
        #expect(ran.status == 0, "\(figures(ran))")
        print("crash: \(ran.stdout)")
    }

    @Test(
        "with the power of its disk cut six times nothing that a caller saw is missing",
        .enabled(if: CrashTests.hasLoopDevices, "only root can mount"))
    func cut() async throws {
        let ran = try await run("--kills", "0", "--cuts", "6")
        #expect(ran.status == 0, "\(figures(ran))")
        print("crash: \(ran.stdout)")
    }

    @Test(
        "commits that are not synced are missed when the power is cut",
        .enabled(if: CrashTests.hasLoopDevices, "only root can mount"))
    func unsynced() async throws {
        let ran = try await run("--kills", "0", "--cuts", "6", "--without", "sync")
        #expect(ran.status == 0, "\(figures(ran))")
        print("crash: \(ran.stdout)")
    }
}
