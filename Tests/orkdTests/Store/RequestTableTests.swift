import GRDB
import ORKit
import Testing

@testable import orkd

@Suite("packed request records")
struct RequestTableTests {
    private let store: Store
    private let start = StoreFixture.now.milliseconds

    init() throws { store = try Store(.memory, at: StoreFixture.now) { _ in .random() } }

    private func append(_ records: [RequestRecord]) async throws -> Int {
        try await store.transact { try RequestTable.append(records, $0) }
    }

    private func found(_ record: RequestRecord) async throws -> Bool {
        try await store.read { try RequestTable.record(record.id, $0)?.id == record.id }
    }

    @Test("records of one commit are one row, a long stream has its own, and each is found")
    func longStream() async throws {
        defer { store.close() }
        let short = (0..<20).map { RequestRecord.sample($0, at: start + Int64($0) * 100) }
        let long = RequestRecord.sample(0, at: start - 600_000)
        #expect(try await append(short + [long]) == 2)
        for record in short + [long] { #expect(try await found(record)) }
        #expect(try await !found(.sample(500, at: start)))
        #expect(try await !found(.sample(0, at: start - 300_000)))
    }

    @Test("a backlog of minutes becomes rows that are never wider than the look-up")
    func backlog() async throws {
        defer { store.close() }
        let records = (0..<600).map { RequestRecord.sample(0, at: start + Int64($0) * 500) }
        let rows = try await append(records.shuffled())
        #expect(rows == 67)
        for record in records { #expect(try await found(record)) }
        let widest = try await store.read {
            try Int64.fetchOne($0, sql: "SELECT max(last_id - first_id) FROM request_batch")
        }
        #expect(widest ?? .max <= Int64(RequestTable.span))
    }

    @Test("rows of overlapping commits hide nobody")
    func overlap() async throws {
        defer { store.close() }
        var all: [RequestRecord] = []
        for commit in 0..<40 {
            let records = (0..<5).map {
                RequestRecord.sample(UInt64(commit * 5 + $0), at: start + Int64($0) * 700)
            }
            _ = try await append(records)
            all += records
        }
        for record in all { #expect(try await found(record)) }
    }

    @Test("a commit that is repeated after a doubtful failure keeps everything once")
    func repeated() async throws {
        defer { store.close() }
        let records = (0..<10).map { RequestRecord.sample($0, at: start) }
        _ = try await append(records)
        _ = try await append(records + [.sample(10, at: start)])
        #expect(
            try await store.read { try Int.fetchOne($0, sql: "SELECT sum(count) FROM request_batch") } == 11)
    }

    @Test("the oldest rows go first, in steps")
    func pruning() async throws {
        defer { store.close() }
        for day in 0..<10 { _ = try await append([.sample(0, at: start + Int64(day) * 86_400_000)]) }
        let limit = WallTime(milliseconds: start + 5 * 86_400_000)
        #expect(try await store.read { try RequestTable.count(before: limit, $0) } == 5)
        #expect(try await store.transact { try RequestTable.removeOldest(before: limit, rows: 3, $0) } == 3)
        #expect(try await store.transact { try RequestTable.removeOldest(before: limit, rows: 3, $0) } == 2)
        #expect(try await store.transact { try RequestTable.removeOldest(before: limit, rows: 3, $0) } == nil)
        #expect(try await found(.sample(0, at: start + 5 * 86_400_000)))
    }

    @Test("damaged bytes are a named error, not a trap")
    func damaged() async throws {
        defer { store.close() }
        let record = RequestRecord.sample(0, at: start)
        _ = try await append([record])
        try await store.transact { try $0.execute(sql: "UPDATE request_batch SET body = x'FF00FF'") }
        await #expect {
            _ = try await found(record)
        } throws: {
            ($0 as? CodedError)?.code == .databaseCorrupt
        }
    }
}
