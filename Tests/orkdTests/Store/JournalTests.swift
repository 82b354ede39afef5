import Dispatch
import Foundation
import GRDB
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("the journal")
struct JournalTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    /// Holds the writer in the middle of a commit until `open` is called. Only
    /// the writer's own thread waits for that.
    private final class Barrier: Sendable {
        private let inside = AsyncStream<Void>.makeStream()
        private let release = DispatchSemaphore(value: 0)

        /// Returns when the writer is held.
        func close(_ store: Store) async -> Task<Void, any Error> {
            let task = Task { [entered = inside.continuation, release] in
                try await store.transact { _ in
                    entered.finish()
                    release.wait()
                }
            }
            for await _ in inside.stream {}
            return task
        }

        func open() { release.signal() }
    }

    /// Nothing tells that a change was queued, because nobody but a test
    /// needs to know.
    private func queued(_ count: Int, _ store: Store) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while store.journal.monitor.withLock({ store.journal.intake.changes.count }) < count {
            try #require(ContinuousClock.now < deadline)
            await Task.yield()
        }
    }

    private func settings(_ store: Store) async throws -> [String] {
        try await store.read {
            try String.fetchAll($0, sql: "SELECT name FROM setting WHERE name LIKE 'x%' ORDER BY name")
        }
    }

    private static func put(_ name: String, _ db: Database) throws {
        try db.execute(sql: "INSERT INTO setting VALUES (?, '')", arguments: [name])
    }

    @Test("everything that waits is one commit")
    func groupCommit() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let barrier = Barrier()
        defer { barrier.open() }
        let first = await barrier.close(store)
        let before = store.journal.report().commits
        let changes = (0..<50).map { number in
            Task { try await store.transact { try Self.put("x\(number)", $0) } }
        }
        try await queued(50, store)
        store.journal.submit(RecordBatch((0..<100).map { .sample($0, at: StoreFixture.now.milliseconds) }))
        store.journal.keep(KeyID(1), KeyFacts())
        barrier.open()
        try await first.value
        for change in changes { try await change.value }
        #expect(try await settings(store).count == 50)
        let report = store.journal.report()
        #expect(report.commits == before + 2)
        #expect(report.records == 100)
        #expect(report.recordRows == 1)
    }

    @Test("a change that throws leaves nothing and takes nobody with it")
    func savepoints() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let barrier = Barrier()
        defer { barrier.open() }
        let first = await barrier.close(store)
        let good = Task { try await store.transact { try Self.put("x-good", $0) } }
        let bad = Task {
            try await store.transact { db in
                try Self.put("x-bad", db)
                throw CodedError(.badValue)
            }
        }
        let wrong = Task {
            try await store.transact { db in
                try Self.put("x-wrong", db)
                try Self.put("x-wrong", db)
            }
        }
        try await queued(3, store)
        barrier.open()
        try await first.value
        try await good.value
        await #expect(throws: CodedError.self) { try await bad.value }
        await #expect(throws: CodedError.self) { try await wrong.value }
        #expect(try await settings(store) == ["x-good"])
    }

    @Test("a dry run answers as the real one would and leaves nothing")
    func dryRun() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let count = try await store.transact(dryRun: true) { db in
            try Self.put("x", db)
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM setting WHERE name = 'x'")
        }
        #expect(count == 1)
        #expect(try await settings(store).isEmpty)
    }

    @Test("a failing audit row takes the change back [EN-05]")
    func auditInTheSameTransaction() async throws {
        let store = try fixture.open()
        defer { store.close() }
        try await store.transact { db in
            try db.execute(
                sql: "CREATE TEMP TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        let row = try KeyRow.sample(1, secret: .canary(1), store.sealing)
        await #expect(throws: CodedError.self) {
            try await store.transact { db in
                _ = try KeyTable.insert(row, db)
                try AuditTable.append("keys.add", row.name, by: Order.real.actor, at: StoreFixture.now, db)
            }
        }
        #expect(try await store.read { try KeyTable.count($0) } == 0)
    }

    @Test("a full disk fails who waits, keeps the rest in memory and is over when there is room")
    func fullDisk() async throws {
        let heard = JournalReports()
        let store = try fixture.open(observer: heard.observer)
        defer { store.close() }
        try await store.transact { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let record = RequestRecord.sample(
            1, at: StoreFixture.now.milliseconds, path: String(repeating: "p", count: 50_000))
        let barrier = Barrier()
        defer { barrier.open() }
        let first = await barrier.close(store)
        store.journal.submit(RecordBatch([record]))
        let change = Task { try await store.transact { try Self.put("x", $0) } }
        try await queued(1, store)
        barrier.open()
        try await first.value
        await #expect {
            try await change.value
        } throws: {
            ($0 as? CodedError)?.code == .storageUnavailable
        }
        #expect(heard.all == ["storage-unavailable true"])
        #expect(store.journal.report().records == 0)

        try await store.transact { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        // As soon as the room that was given up is ours again.
        await heard.first("storage-unavailable false")
        #expect(heard.all == ["storage-unavailable true", "storage-unavailable false"])
        #expect(store.journal.report().records == 1)
        #expect(store.journal.report().dropped == 0)
        let (id, path) = (record.id, record.path)
        #expect(try await store.read { try RequestTable.record(id, $0)?.path } == path)
    }

    @Test("a disk that takes nothing at all is told apart from a full one, and is over as well")
    func readOnlyDisk() async throws {
        let heard = JournalReports()
        let store = try fixture.open(observer: heard.observer)
        defer { store.close() }
        func allowWrites(_ allowed: Bool) async throws {
            try await store.journal.writer.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA query_only = \(allowed ? "OFF" : "ON")")
            }
        }
        try await allowWrites(false)
        await #expect {
            try await store.transact { try Self.put("x", $0) }
        } throws: {
            ($0 as? CodedError)?.code == .storageUnavailable
        }
        await heard.first("broken disk")
        try await allowWrites(true)
        await heard.first("storage-unavailable false")
        #expect(heard.all.first == "storage-unavailable true")
        try await store.transact { try Self.put("x-y", $0) }
        #expect(try await settings(store).contains("x-y"))
    }

    @Test("a disk that was full is written again as soon as there is room, though nobody writes")
    func fullDiskUnattended() async throws {
        // The writer's thread is held there, so a slow test misses nothing.
        let ballast = Mutex<[String: Int]>([:])
        let file = URL(fileURLWithPath: fixture.directory + "/orkd.db.ballast")
        let heard = JournalReports { report in
            let size = try? Data(contentsOf: file).count
            ballast.withLock { $0[report] = size }
        }
        let store = try fixture.open(observer: heard.observer)
        defer { store.close() }
        #expect(try fixture.bytes("orkd.db.ballast").count == 2 << 20)
        try await store.transact { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let large = String(repeating: "x", count: 100_000)
        await #expect(throws: CodedError.self) {
            try await store.transact { try SettingTable.put(.strategy, large, $0) }
        }
        await heard.first("storage-unavailable false")
        #expect(heard.all == ["storage-unavailable true", "storage-unavailable false"])
        // It was given up for the second try, which it could not help.
        #expect(ballast.withLock { $0["storage-unavailable true"] } == 0)
        #expect(ballast.withLock { $0["storage-unavailable false"] } == 2 << 20)
    }

    @Test("the room on the disk is taken, given up once, and taken again")
    func ballast() throws {
        let path = fixture.directory + "/ballast"
        let ballast = Ballast(path: path)
        #expect(!ballast.giveUp())
        #expect(ballast.take())
        #expect(ballast.take())
        #expect(try fixture.bytes("ballast").count == 2 << 20)
        #expect(ballast.giveUp())
        #expect(try fixture.bytes("ballast").isEmpty)
        #expect(!ballast.giveUp())
        // Not at once: the disk is as full as it was.
        #expect(!ballast.take())
        #expect(!Ballast(path: fixture.directory + "/none/ballast").take())
    }

    @Test("a full queue drops, counts and says so")
    func fullQueue() async throws {
        let heard = JournalReports()
        let store = try fixture.open(observer: heard.observer)
        defer { store.close() }
        let barrier = Barrier()
        defer { barrier.open() }
        let first = await barrier.close(store)
        let records = (0..<1000).map { RequestRecord.sample(UInt64($0), at: StoreFixture.now.milliseconds) }
        for _ in 0..<(Journal.capacity / 1000) { store.journal.submit(RecordBatch(records)) }
        store.journal.submit(RecordBatch(Array(records.prefix(10))))
        barrier.open()
        try await first.value
        try await store.transact { _ in }
        #expect(store.journal.report().dropped == 10)
        #expect(heard.all.first == "journal-behind true")
    }

    @Test("closing writes what is queued, and nothing is taken afterwards")
    func closing() async throws {
        let store = try fixture.open()
        let record = RequestRecord.sample(1, at: StoreFixture.now.milliseconds)
        store.journal.submit(RecordBatch([record]))
        store.close()
        await #expect(throws: CodedError.self) { try await store.transact { _ in } }
        let again = try fixture.open()
        defer { again.close() }
        #expect(try await again.read { try RequestTable.record(record.id, $0) } != nil)
    }

    @Test("requests that were answered well are counted for their client, others not [CK-11]")
    func clientUse() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let row = ClientRow(
            id: ClientID(0), name: "c", digest: .of(.canary(1)), environment: .live, masked: "…",
            permissions: .standard, enabled: true, disabledReason: nil, tags: [:], note: nil, expiresAt: nil,
            addedAt: StoreFixture.now, version: 1)
        let client = try await store.transact { try ClientTable.insert(row, $0).id }
        var records = (0..<4).map {
            RequestRecord.sample(
                UInt64($0), at: StoreFixture.now.milliseconds, client: client.raw, status: $0 == 3 ? 429 : 200
            )
        }
        records.append(.sample(9, at: StoreFixture.now.milliseconds, client: 4711))
        store.journal.submit(RecordBatch(records))
        try await store.transact { _ in }
        let use = try await store.read { try ClientUseTable.use(of: client, $0) }
        #expect(use.requests == 3)
        #expect(use.last == StoreFixture.now.advanced(byMilliseconds: 42))
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM client_use") } == 1)
    }
}
