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
        try await store.transact { try RequestTable.append([RecordBatch(records)], $0) }
    }

    /// As a loop does: in the order of their ends.
    private func appendUnsorted(_ records: [RequestRecord]) async throws {
        var batch = RecordBatch()
        for record in records { batch.add(record) }
        let batches = [batch]
        _ = try await store.transact { try RequestTable.append(batches, $0) }
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
            try await appendUnsorted(records.reversed())
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

    @Test("of overlapping rows exactly the newest so many records are kept, in steps of any size")
    func number() async throws {
        defer { store.close() }
        var dice = SeededGenerator(seed: 11)
        let none = WallTime(milliseconds: 0)
        for round in 0..<60 {
            try await store.transact { try $0.execute(sql: "DELETE FROM request_batch") }
            var ids: [RequestID] = []
            for commit in 0..<Int.random(in: 1...12, using: &dice) {
                let records = (0..<Int.random(in: 1...9, using: &dice)).map { place in
                    RequestRecord.sample(
                        UInt64(commit * 10 + place),
                        at: start + Int64(commit) * 900 + Int64.random(in: -6000...6000, using: &dice))
                }
                try await appendUnsorted(records)
                ids += records.map(\.id)
            }
            ids.sort()
            let most = Int.random(in: 1...ids.count + 2, using: &dice)
            let surplus = max(0, ids.count - most)
            let oldest = try await store.read { try RequestTable.oldest(ofNewest: most, since: none, $0) }
            #expect(oldest == (ids.count < most ? nil : ids[surplus]), "round \(round)")
            guard let oldest else { continue }
            #expect(
                try await store.read { try RequestTable.count(below: oldest, since: none, $0) } == surplus)
            var removed = 0
            let rows = Int.random(in: 1...5, using: &dice)
            while true {
                let some = try await store.transact {
                    try RequestTable.removeOldest(below: oldest, rows: rows, $0)
                }
                guard some > 0 else { break }
                removed += some
            }
            #expect(removed == surplus)
            let left = try await store.read { db in
                try RequestTable.batches(firstBelow: .max, atLeast: 0, limit: .max, db).flatMap {
                    try RequestTable.records(of: $0, db).map(\.id)
                }
            }
            #expect(left.sorted() == Array(ids.suffix(most)))
            for id in left { #expect(try await store.read { try RequestTable.record(id, $0) } != nil) }
        }
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
