import Foundation
import Glibc
import MockUpstream
import ORKTestSupport
import Testing

/// A small file system of its own in place of the daemon's directory.
private struct SmallDisk {
    let path: String

    /// Only root may mount, and not everywhere.
    static let isPossible: Bool = {
        let place = FileManager.default.temporaryDirectory.path + "/ork-mount-\(getpid())"
        try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        defer { rmdir(place) }
        guard mount("tmpfs", place, "tmpfs", 0, "size=64k") == 0 else { return false }
        return umount(place) == 0
    }()

    init(over path: String) throws {
        self.path = path
        try #require(mount("tmpfs", path, "tmpfs", 0, "size=6m,mode=700") == 0)
    }

    func end() { umount2(path, Int32(MNT_DETACH)) }

    /// Takes every byte that is left.
    func fill(_ name: String) {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let block = [UInt8](repeating: 0x78, count: 4096)
        while write(file, block, block.count) > 0 {}
        close(file)
    }

    func remove(_ name: String) { unlink(path + "/" + name) }
}

@Suite("A full disk", .enabled(if: SmallDisk.isPossible)) struct FullDiskTests {
    private func readiness(_ daemon: DaemonFixture) async throws -> Int {
        try await daemon.caller(key: nil).get("/readiness").status
    }

    private func disable(_ daemon: DaemonFixture, _ reason: String) async throws -> Int {
        let body: JSON = ["select": ["a"], "reason": .string(reason)]
        return try await daemon.control("POST", "/v1/keys/disable", body).status
    }

    @Test(
        "new requests are refused at once, changes when the room kept for them is used; then all is as before"
    )
    func full() async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            let disk = try SmallDisk(over: daemon.stateDirectory)
            defer { disk.end() }
            try await daemon.start()
            try await daemon.addKey("a")
            let caller = daemon.caller(key: try await daemon.addClient("test"))
            #expect(try await readiness(daemon) == 200)

            disk.fill("filler")
            let long = String(repeating: "because ", count: 20)
            var changes = 0
            while try await readiness(daemon) == 200, changes < 200 {
                #expect(try await disable(daemon, long + String(changes)) == 200)
                changes += 1
            }
            #expect(try await readiness(daemon) == 503)
            let refused = try await caller.chat()
            #expect(refused.status == 503 && refused.errorCode == "storage-unavailable")
            #expect(daemon.relayed.isEmpty)
            #expect(try await disable(daemon, "on the room that was kept") == 200)

            disk.fill("filler2")
            var status = 200
            for number in 0..<200 where status == 200 {
                status = try await disable(daemon, long + "again" + String(number))
            }
            #expect(status == 503)
            #expect(try await daemon.control("GET", "/v1/health").json?["item"]?["status"]?.text == "down")

            disk.remove("filler")
            disk.remove("filler2")
            try await daemon.logged { $0.contains("storage-unavailable") && $0.contains(": over") }
            #expect(try await readiness(daemon) == 200)
            #expect(try await daemon.control("POST", "/v1/keys/enable", ["select": ["a"]]).status == 200)
            #expect(try await caller.chat().status == 200)
            let records = try await daemon.control("GET", "/v1/requests").json?["items"]?.elements ?? []
            #expect(records.count == 1)
            try await daemon.terminate()
        }
    }

    @Test("a daemon that was killed on a full disk starts as soon as there is room")
    func killed() async throws {
        try await withDaemon(start: false) { (daemon: DaemonFixture) async throws in
            let disk = try SmallDisk(over: daemon.stateDirectory)
            defer { disk.end() }
            try await daemon.start()
            for name in ["a", "b", "c"] { try await daemon.addKey(name) }
            disk.fill("filler")
            try await daemon.kill9()
            disk.remove("orkd.db.ballast")
            disk.fill("filler2")
            let refused = try await daemon.startExpectingExit()
            #expect(refused.status == 75)
            #expect(refused.stderr.contains("[storage-unavailable]"))
            disk.remove("filler")
            try await daemon.start()
            #expect(try await daemon.key("c")["name"]?.text == "c")
            try await daemon.terminate()
        }
    }
}
