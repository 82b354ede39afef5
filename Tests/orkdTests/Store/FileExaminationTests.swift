import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("examination of a database file before it is opened")
struct FileExaminationTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("another program's database is refused and stays as it is")
    func foreignStaysUntouched() throws {
        try fixture.make("CREATE TABLE t (a); INSERT INTO t VALUES (1); PRAGMA application_id = 7;")
        fixture.refuses(.databaseForeign)
    }

    @Test("a database without an application id but with tables is somebody's")
    func anonymousStaysUntouched() throws {
        try fixture.make("CREATE TABLE t (a)")
        fixture.refuses(.databaseForeign)
    }

    @Test(
        "a file that is no database is refused",
        arguments: ["hello", "", String(repeating: "x", count: 10_000)])
    func textStaysUntouched(_ text: String) throws {
        try fixture.write(Array((text + "!").utf8))
        fixture.refuses(.databaseForeign)
    }

    @Test("a database of a newer release is refused and stays as it is")
    func newerStaysUntouched() throws {
        try fixture.make(
            "CREATE TABLE t (a); PRAGMA application_id = 0x6F726B31; PRAGMA user_version = 4711;")
        fixture.refuses(.databaseNewer)
    }

    @Test("a database that is cut off is refused and stays as it is")
    func cutStaysUntouched() throws {
        try fixture.open().close()
        try fixture.write(Array(try fixture.bytes().prefix(5000)))
        fixture.refuses(.databaseCorrupt)
    }

    @Test("a damaged page of what a start reads is found before anything is written")
    func damagedStaysUntouched() async throws {
        let store = try fixture.open()
        for number in 1...40 {
            let row = try KeyRow.sample(Int64(number), secret: .canary(number), store.sealing)
            try await store.transact { _ = try KeyTable.insert(row, $0) }
        }
        let root = try store.readNow {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'key'")
        }
        store.close()
        let page = try #require(root)
        var bytes = try fixture.bytes()
        bytes.replaceSubrange(
            (page - 1) * 4096..<(page - 1) * 4096 + 64, with: Data(repeating: 0xA5, count: 64))
        try fixture.write(Array(bytes))
        fixture.refuses(.databaseCorrupt)
    }

    @Test("a database of a newer release is refused also where only the log says so")
    func newerInTheLog() async throws {
        let store = try fixture.open()
        defer { store.close() }
        try await store.transact { try $0.execute(sql: "PRAGMA user_version = 4711") }
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed)
        killed.refuses(.databaseNewer, masterKey: fixture.masterKey)
    }

    @Test("a log that was being emptied when the process was killed is no damage")
    func halfCheckpoint() async throws {
        let store = try fixture.open()
        for number in 1...200 {
            let row = try KeyRow.sample(Int64(number), secret: .canary(number), store.sealing)
            try await store.transact { _ = try KeyTable.insert(row, $0) }
        }
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed)
        store.close()
        // The first page is written first, and says how many there will be.
        let before = try killed.bytes()
        let after = try fixture.bytes()
        try #require(after.count > before.count)
        try killed.write(Array(after.prefix(4096) + before.dropFirst(4096)))
        let again = try killed.open(masterKey: fixture.masterKey)
        defer { again.close() }
        #expect(try again.loadKeys().count == 200)
    }

    @Test("a log without its database is not thrown away", arguments: [true, false])
    func logAlone(_ isThere: Bool) async throws {
        let store = try fixture.open()
        defer { store.close() }
        try await store.transact { try SettingTable.put(.strategy, "lru", $0) }
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed, without: ["orkd.db"])
        if isThere { try killed.write([]) }
        killed.refuses(.databaseCorrupt, masterKey: fixture.masterKey)
    }

    @Test("a path may hold whatever means something in a URI")
    func oddPath() throws {
        let directory = fixture.directory + "/50% of #1?mode=rwc"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        for _ in 0..<2 {
            try Store(.file(directory + "/orkd.db"), at: StoreFixture.now) { _ in fixture.masterKey }.close()
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
                == ["orkd.db", "orkd.db.ballast"])
    }

    @Test("a file that others may read is refused with the command that repairs it")
    func looseFile() throws {
        try fixture.open().close()
        try fixture.setMode(0o644, "orkd.db")
        fixture.refuses(.fileUnsafe)
    }

    @Test("a directory that others may enter is refused")
    func looseDirectory() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.directory)
        fixture.refuses(.directoryUnsafe)
    }

    @Test("a symbolic link is refused")
    func symbolicLink() throws {
        try fixture.make("CREATE TABLE t (a)", as: "elsewhere.db")
        try FileManager.default.createSymbolicLink(
            atPath: fixture.path, withDestinationPath: fixture.directory + "/elsewhere.db")
        fixture.refuses(.fileUnsafe)
    }

    @Test("a second name of the file is refused")
    func hardLink() throws {
        try fixture.open().close()
        try FileManager.default.linkItem(atPath: fixture.path, toPath: fixture.directory + "/second")
        fixture.refuses(.fileUnsafe)
    }

    @Test("a log that is somebody else's link is refused too")
    func linkedLog() throws {
        try fixture.open().close()
        try FileManager.default.createSymbolicLink(
            atPath: fixture.path + "-wal", withDestinationPath: "/dev/null")
        fixture.refuses(.fileUnsafe)
    }

    @Test("an empty file is a new database")
    func emptyIsNew() throws {
        try fixture.write([])
        try fixture.open().close()
    }
}
