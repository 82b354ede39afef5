import MockUpstream
import ORKTestSupport
import Testing

/// The built daemon on a disk that fails, other than for want of room
/// (ruling 27).
@Suite("A disk that fails", .enabled(if: FailingCalls.arePossible, "no process may be traced here"))
struct FailingDiskTests {
    private func requests(_ daemon: DaemonFixture) async throws -> [Int64?] {
        try await daemon.orkctl("usage", "--by", "client", "-o", "json").items.map { $0["requests"]?.integer }
    }

    @Test("a sync that fails ends the daemon as a failure, and nothing is written before the next start")
    func lostSync() async throws {
        try await withDaemon(DaemonOptions(keys: ["a", "b"])) { (daemon: DaemonFixture) async throws in
            #expect(try await daemon.caller.complete().status == 200)
            let disk = try await FailingCalls("fdatasync:error=EIO:when=1", on: "orkd.db", of: daemon)
            // A secret that goes is overwritten at once, in the log as well. The answer may come too late.
            _ = try await daemon.orkctl("keys", "remove", "a", "--yes")
            #expect(try await daemon.exit() == 75)
            #expect(daemon.log.contains("orkd: a sync of the database failed   [storage-unavailable]"))
            let later = try await disk.end()
            #expect(later.isEmpty, "\(later)")
            try await daemon.start()
            #expect(try await daemon.caller.complete().status == 200)
            #expect(daemon.keysUsed.last == "b")
            #expect(try await requests(daemon) == [2])
        }
    }

    @Test(
        "a disk that takes nothing cuts what runs and refuses what comes; then all is as before, and written")
    func unwritable() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let gate = Gate()
            daemon.mock.script(.everything, .stream(chunks: 9) { $0.gates = [3: gate] })
            let running = Task { try await daemon.caller.chat(stream: true) }
            try await gate.reached()
            let disk = try await FailingCalls("pwrite64:error=EIO", on: "orkd.db-wal", of: daemon)
            let refused = try await daemon.caller.chat()
            #expect(refused.status == 503 && refused.errorCode == "storage-unavailable")
            let cut = try await running.value
            gate.open()
            #expect(!cut.complete && cut.text.contains("storage-unavailable"), "\(cut.text)")
            #expect(try await daemon.caller(key: nil).get("/readiness").status == 503)

            _ = try await disk.end()
            try await eventually("it serves again") {
                try await daemon.caller(key: nil).get("/readiness").status == 200
            }
            #expect(try await daemon.caller.complete().status == 200)
            #expect(try await requests(daemon) == [3])
        }
    }
}
