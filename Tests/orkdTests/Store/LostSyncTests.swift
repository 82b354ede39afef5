import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

/// Pages that a sync has lost look written, to SQLite and to the next sync:
/// until another process has written them anew, the log is the only copy.
@Suite("A disk that fails under the database", .timeLimit(.minutes(5))) struct LostSyncTests {
    private let fixture: StoreFixture
    private let reports = JournalReports()
    private let store: Store

    init() throws {
        fixture = try StoreFixture()
        store = try fixture.open(observer: reports.observer)
    }

    /// So much, if nothing else is said, that the log is written into the
    /// database afterwards.
    private func write(_ bytes: Int = 4020 * 4096) async throws {
        try await store.transact { db in
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS much (bytes BLOB)")
            try db.execute(sql: "INSERT INTO much VALUES (zeroblob(?))", arguments: [bytes])
        }
    }

    /// Nothing is written into the database any more, and a new process finds
    /// so many rows in the log.
    private func expectKept(_ rows: Int) async throws {
        let before = try fixture.bytes()
        try await write()
        store.journal.truncateLog()
        store.close()
        #expect(try fixture.bytes() == before)

        let restarted = try StoreFixture()
        try fixture.copyAsKilled(to: restarted, without: ["orkd.db-shm"])
        let store = try restarted.open(masterKey: fixture.masterKey)
        defer { store.close() }
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM much") } == rows)
        #expect(try restarted.bytes("orkd.db-wal").isEmpty)
    }

    @Test("a sync that fails while the log is written into it is told, and the log stays for the next")
    func inCheckpoint() async throws {
        let disk = try FailingDisk(.sync, under: store.journal.writer)
        try await write()
        await reports.first("lost sync")
        try disk.mend()
        try await expectKept(2)
        #expect(reports.all == ["lost sync"])
    }

    @Test("so it is when the log is emptied of something secret")
    func inEmptying() async throws {
        let disk = try FailingDisk(.sync, under: store.journal.writer)
        try await write(1)
        store.journal.truncateLog()
        await reports.first("lost sync")
        try disk.mend()
        try await expectKept(2)
    }

    @Test("so it is when a commit's own sync fails")
    func inCommit() async throws {
        let disk = try FailingDisk(.sync, .log, under: store.journal.writer)
        await #expect {
            try await write()
        } throws: {
            ($0 as? CodedError)?.code == .storageUnavailable
        }
        await reports.first("lost sync")
        try disk.mend()
        try await expectKept(1)
    }

    @Test(
        "what it does not take stays in the log, and nobody new is served until it does",
        arguments: [false, true])
    func unwritable(isForSecret: Bool) async throws {
        defer { store.close() }
        let secret = String(repeating: "canary", count: 10_000)
        try await store.transact { try SettingTable.put(.strategy, secret, $0) }
        let before = try fixture.bytes()
        let disk = try FailingDisk(.write, under: store.journal.writer)
        if isForSecret {
            try await store.transact { try SettingTable.put(.strategy, "lru", $0) }
            store.journal.truncateLog()
        } else {
            try await write()
        }
        await reports.first("storage-unavailable true")
        #expect(try fixture.bytes() == before)
        try disk.mend()
        await reports.first("storage-unavailable false")
        #expect(try fixture.bytes() != before)
        let isLeft = try fixture.everything().range(of: Data("canarycanary".utf8)) != nil
        #expect(isLeft != isForSecret)
        #expect(reports.all == ["storage-unavailable true", "storage-unavailable false"])
    }

    @Test("no start goes on with a log that cannot be written into it, but for want of room")
    func atStart() throws {
        defer { store.close() }
        let writer = store.journal.writer
        func settle(_ fault: FailingDisk.Fault) throws {
            try writer.writeWithoutTransaction { try SettingTable.touch(at: StoreFixture.now, $0) }
            let disk = try FailingDisk(fault, under: writer)
            defer { try? disk.mend() }
            try DatabaseOpening.settle(writer, .file(fixture.path))
        }
        #expect { try settle(.sync) } throws: { ($0 as? DatabaseError)?.isLostSync == true }
        #expect { try settle(.write) } throws: { ($0 as? DatabaseError)?.isBrokenDisk == true }
        try settle(.full)
    }

    @Test("so it is when the last of all, at the close, fails: the database stays open")
    func atClose() async throws {
        try await write(1)
        _ = try FailingDisk(.sync, under: store.journal.writer)
        store.close()
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM much") } == 1)
        #expect(try !fixture.bytes("orkd.db-wal").isEmpty)
    }
}
