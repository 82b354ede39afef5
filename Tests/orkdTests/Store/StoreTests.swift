import Foundation
import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("the store")
struct StoreTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("a new database has the newest schema, is marked as ours and private")
    func freshDatabase() throws {
        let store = try fixture.open()
        defer { store.close() }
        let condition = try store.condition()
        #expect(condition.schema == Migration.all.count)
        #expect(condition.synchronous == 2)
        #expect(condition.bytes > 0)
        for name in fixture.names {
            let mode = try FileManager.default.attributesOfItem(atPath: fixture.directory + "/" + name)
            #expect(mode[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        // The header in the file itself, not in the log, says so at once.
        #expect(
            try FileExamination(path: fixture.path).examine(newest: 99) == .ours(schema: Migration.all.count))
    }

    @Test("the numbers of the migrations rise by one from one")
    func migrationNumbers() { #expect(Migration.all.map(\.number) == Array(1...Migration.all.count)) }

    @Test("the writer syncs every commit and alone checkpoints; readers never write [ST-01]")
    func pragmas() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let writer = try await store.transact { db in
            try (Int.fetchOne(db, sql: "PRAGMA synchronous"), String.fetchOne(db, sql: "PRAGMA journal_mode"))
        }
        #expect(writer.0 == 2)
        #expect(writer.1 == "wal")
        try await store.read { (db: Database) throws in
            #expect(try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint") == 0)
            #expect(try Int.fetchOne(db, sql: "PRAGMA mmap_size") ?? 0 == 0)
            #expect(throws: DatabaseError.self) { try db.execute(sql: "DELETE FROM setting") }
        }
    }

    /// The log of a process that was killed while it began its first commit
    /// may have any length; SQLite reads nothing of one that is no log at all.
    @Test(
        "a log in which nothing stands yet keeps nobody from starting [ST-01]",
        arguments: [0, 1, 24, 31, 32, 33, 56, 4151], [Set<String>(), ["orkd.db-shm"]])
    func begunLog(_ length: Int, _ lost: Set<String>) async throws {
        let store = try fixture.open()
        try await store.transact { try SettingTable.put(.strategy, "lru", $0) }
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed, without: lost)
        let log = Array(try killed.bytes("orkd.db-wal"))
        store.close()
        let whole = try StoreFixture()
        try whole.write(Array(fixture.bytes()))
        for bytes in [Array(log.prefix(length)), Array(repeating: 0xAA, count: length)] {
            try whole.write(bytes, "orkd.db-wal")
            if lost.isEmpty { try whole.write(Array(killed.bytes("orkd.db-shm")), "orkd.db-shm") }
            let again = try whole.open()
            #expect(try await again.read { try SettingTable.value(.strategy, $0) } == "lru")
            again.close()
        }
    }

    @Test("a try to write changes nothing, and puts something on disk only when it is meant [HL-02]")
    func tryWriting() async throws {
        let store = try fixture.open()
        defer { store.close() }
        let schema = try store.condition().schema
        func logSize() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: fixture.path + "-wal")[.size] as? Int ?? -1
        }
        let before = try logSize()
        await store.tryWriting(really: false)
        #expect(try logSize() == before)
        await store.tryWriting(really: true)
        #expect(try logSize() > before)
        #expect(try store.condition().schema == schema)
    }

    @Test("an older database is copied before it is migrated [ST-07]")
    func copyBeforeMigration() async throws {
        let store = try fixture.open()
        try await store.transact { try SettingTable.put(.strategy, "lru", $0) }
        store.close()
        let next = Migration(
            number: Migration.all.count + 1, name: "next", sql: "CREATE TABLE extra (a INTEGER) STRICT;")
        let newer = try fixture.open(schema: Migration.all + [next])
        #expect(try newer.condition().schema == next.number)
        #expect(try newer.loadStrategy() == .lru)
        newer.close()
        let copies = try FileManager.default.contentsOfDirectory(atPath: fixture.directory + "/backups")
        #expect(copies.count == 1)
        let copy = fixture.directory + "/backups/" + (copies.first ?? "")
        #expect(try FileExamination(path: copy).examine(newest: 99) == .ours(schema: Migration.all.count))
        // And the way back is closed for the older program.
        #expect(throws: CodedError.self) { try fixture.open().close() }
    }

    @Test("a migration that fails leaves the schema before it")
    func failedMigration() throws {
        try fixture.open().close()
        let bad = Migration(
            number: Migration.all.count + 1, name: "bad",
            sql: "CREATE TABLE extra (a); CREATE TABLE extra (a);")
        #expect(throws: CodedError.self) { try fixture.open(schema: Migration.all + [bad]).close() }
        let store = try fixture.open()
        defer { store.close() }
        #expect(try store.condition().schema == Migration.all.count)
        #expect(try store.readNow { try $0.tableExists("extra") } == false)
    }

    @Test("memory mode has the same schema and no file [ST-02]")
    func memory() throws {
        let store = try Store(.memory, at: StoreFixture.now) { _ in .random() }
        defer { store.close() }
        #expect(try store.condition().schema == Migration.all.count)
        #expect(try store.condition().path == "memory")
        #expect(fixture.names.isEmpty)
    }

    @Test("ids of keys are never given out twice, not even after removal and restart")
    func keyIDs() async throws {
        let store = try fixture.open()
        let ids = store.reserveKeyIDs(3)
        #expect(ids.count == 3)
        #expect(store.reserveKeyIDs(1).lowerBound == ids.upperBound)
        let row = try KeyRow.sample(ids.upperBound, secret: .canary(1), store.sealing)
        try await store.transact { db in
            _ = try KeyTable.insert(row, db)
            try KeyTable.remove(row, at: StoreFixture.now, db)
        }
        store.close()
        let again = try fixture.open()
        defer { again.close() }
        #expect(again.reserveKeyIDs(1).lowerBound > ids.upperBound)
    }

    @Test("keys, what was learnt about them and the strategy are the same after a restart [ST-03]")
    func restart() async throws {
        let store = try fixture.open()
        var facts = KeyFacts()
        facts.counters.attempts = 12
        facts.counters.costPico = 5_800_000
        facts.latency = 41.5
        facts.lastUsedAt = StoreFixture.now
        facts.lastError = "rate limited"
        facts.invalidSince = StoreFixture.now
        facts.rests = [
            Rest(
                scope: .modelAtKey, model: "a/b", cause: .rateLimited, until: StoreFixture.now,
                since: StoreFixture.now,
                stated: true, guesses: 2, rule: "429", evidence: "said so")
        ]
        let row = try KeyRow.sample(1, secret: .canary(1), store.sealing)
        let known = facts
        try await store.transact { _ = try KeyTable.insert(row, $0) }
        store.journal.keep(row.id, known)
        store.journal.keep(
            Transition(
                key: row.id, at: StoreFixture.now, from: .usable, to: .invalid, trigger: "401", evidence: "e",
                until: nil))
        try await store.transact { try SettingTable.put(.strategy, Strategy.weighted.rawValue, $0) }
        store.close()

        let again = try fixture.open()
        defer { again.close() }
        let records = try again.loadKeys()
        #expect(records.count == 1)
        #expect(records.first?.facts == known)
        #expect(records.first?.secret.isEqual(to: .canary(1)) == true)
        #expect(try again.loadStrategy() == .weighted)
        let history = try again.readNow {
            try KeyTransitionTable.history(of: row.id, before: .max, limit: 9, $0)
        }
        #expect(history.map(\.transition.to) == [.invalid])
    }

    @Test("facts of a key that was removed meanwhile are not written")
    func factsOfRemoved() async throws {
        let store = try fixture.open()
        defer { store.close() }
        store.journal.keep(KeyID(77), KeyFacts())
        try await store.transact { _ in }
        #expect(try store.readNow { try Int.fetchOne($0, sql: "SELECT count(*) FROM key_facts") } == 0)
    }
}
