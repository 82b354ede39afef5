import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// The built daemon on a disk that says of one sync that it failed (ruling 27):
/// strace says so in its place, and writes down what comes after it.
@Suite("A sync that fails") struct FailedSyncTests {
    private static let strace = "/usr/bin/strace"

    /// Not every container lets a process be traced.
    static let canTrace: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: strace)
        process.arguments = ["-o", "/dev/null", "/bin/true"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(
        "ends the daemon as a failure, and nothing is written into the database until the next start",
        .enabled(if: FailedSyncTests.canTrace, "no process may be traced here"))
    func ends() async throws {
        let scratch = try ScratchDirectory(prefix: "ork-sync")
        defer { scratch.remove() }
        let (script, trace) = (scratch.path + "/start", scratch.path + "/trace")
        func startWith(_ words: [String]) throws {
            let line = (["exec"] + words + ["\"$@\"\n"]).joined(separator: " ")
            try line.write(toFile: script, atomically: true, encoding: .utf8)
        }
        try startWith([])
        var options = DaemonOptions(keys: ["a", "b", "c"])
        options.startedBy = ["/bin/sh", script]
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.complete().status == 200)
            try await daemon.terminate()
            // The second of a thread, which is the writer's. What traces is no parent: the process is orkd's own.
            try startWith([
                Self.strace, "-D", "-f", "-s", "0", "-o", trace, "-P", daemon.stateDirectory + "/orkd.db",
                "-e",
                "trace=fdatasync,pwrite64", "-e", "inject=fdatasync:error=EIO:when=2",
            ])
            try await daemon.start()
            #expect(try await daemon.caller.complete().status == 200)
            func calls() throws -> [String] {
                try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").map(String.init)
            }
            // A secret that goes is overwritten at once, in the log as well: the first time it works.
            #expect(try await daemon.orkctl("keys", "remove", "a", "--yes").status == 0)
            try await eventually("the log is emptied") {
                try calls().count { $0.contains("fdatasync(") } == 2
            }
            #expect(try await daemon.orkctl("keys", "remove", "b", "--yes").status == 0)
            #expect(try await daemon.exit() == 75)
            #expect(daemon.log.contains("orkd: a sync of the database failed   [storage-unavailable]"))

            try await eventually("the trace is whole") {
                try calls().contains { $0.contains("exited with 75") }
            }
            let lost = try #require(try calls().firstIndex { $0.contains("(INJECTED)") })
            let later = try calls().dropFirst(lost + 1).filter { $0.contains("(") }
            #expect(later.isEmpty, "\(later)")

            try startWith([])
            try await daemon.start()
            #expect(try await daemon.caller.complete().status == 200)
            #expect(daemon.keysUsed.last == "c")
            let usage = try await daemon.orkctl("usage", "--by", "client", "-o", "json").items
            #expect(usage.compactMap { $0["requests"]?.integer } == [3], "\(usage)")
        }
    }
}
