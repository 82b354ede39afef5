import Foundation
import GRDB
import Testing

@testable import orkd

@Suite("the write-ahead log")
struct WriteAheadLogTests {
    private let fixture: StoreFixture
    private let pool: DatabasePool
    private let log: WriteAheadLog

    init() throws {
        fixture = try StoreFixture()
        pool = try DatabasePool(path: fixture.path)
        try pool.write { try $0.execute(sql: "CREATE TABLE thing (bytes BLOB)") }
        let path = fixture.path + "-wal"
        log = try pool.writeWithoutTransaction { try WriteAheadLog(path: path, $0) }
    }

    private func write(_ bytes: Int) throws {
        try pool.write { try $0.execute(sql: "INSERT INTO thing VALUES (zeroblob(?))", arguments: [bytes]) }
    }

    private func size(_ name: String) throws -> Int { try fixture.bytes(name).count }

    /// Longer than `enough` by 22 frames.
    private func writeALongOne() throws { try write(4020 * 4096) }

    /// How many of these pages of the log the kernel has in memory.
    private func present(_ pages: Range<Int>) throws -> Int {
        let file = open(fixture.path + "-wal", O_RDONLY)
        defer { close(file) }
        let length = pages.upperBound * 4096
        let bytes = try #require(mmap(nil, length, PROT_READ, MAP_SHARED, file, 0))
        try #require(bytes != MAP_FAILED)
        defer { munmap(bytes, length) }
        var states = [UInt8](repeating: 0, count: pages.upperBound)
        try #require(mincore(bytes, length, &states) == 0)
        return states[pages].count { $0 & 1 == 1 }
    }

    /// As a kernel does that needs the room for something else.
    private func forget() {
        let file = open(fixture.path + "-wal", O_RDWR)
        fdatasync(file)
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
        close(file)
    }

    @Test("A long log is written into the database after the commit, not with it, and begins anew")
    func emptied() throws {
        try writeALongOne()
        #expect(try size("orkd.db") < 1 << 20)
        try log.tend(pool, at: 0)
        #expect(try size("orkd.db") > 4000 * 4096)
        let length = try size("orkd.db-wal")
        try write(1 << 20)
        #expect(try size("orkd.db-wal") == length)
    }

    @Test("A short log stays where it is")
    func kept() throws {
        try write(1 << 20)
        try log.tend(pool, at: 0)
        #expect(try size("orkd.db") < 1 << 20)
    }

    @Test("What the kernel has given up of a log is in memory again before it is written")
    func broughtBack() async throws {
        try writeALongOne()
        try log.tend(pool, at: 0)
        forget()
        try #require(try present(2..<32) == 0, "needs a directory for temporary files that is on a disk")
        try write(1)
        try log.tend(pool, at: 1_000_000_000)
        // Nobody tells when the disk has brought it.
        let deadline = ContinuousClock.now + .seconds(300)
        while try present(2..<32) < 30 {
            try #require(ContinuousClock.now < deadline)
            await Task.yield()
        }
        #expect(try present(48..<1000) == 0)
    }

    @Test("A log that somebody still reads is emptied when that has ended")
    func read() throws {
        try pool.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM thing") }
        let snapshot = try pool.makeSnapshot()
        try writeALongOne()
        try log.tend(pool, at: 0)
        #expect(try size("orkd.db") < 1 << 20)
        try snapshot.close()
        try write(1)
        try log.tend(pool, at: 0)
        #expect(try size("orkd.db") > 4000 * 4096)
    }
}
