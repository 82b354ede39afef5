import Testing

@testable import ORKit

@Suite("Batches of request records")
struct RecordBatchTests {
    private func record(
        _ milliseconds: Int64, client: Int64 = 3, status: UInt16 = 200, lasted: Int64 = 42_000
    ) -> RequestRecord {
        RequestRecord(
            id: RequestID(raw: RequestID.floor(wallMilliseconds: milliseconds).raw | UInt64(client)),
            client: ClientID(client), method: .post, path: "/v1/chat/completions", model: "m", stream: false,
            status: status, code: nil, end: .complete, attempts: [], bytesIn: 1, bytesOut: 2,
            firstByteMicroseconds: nil, microseconds: lasted, usage: Usage(), quality: .none, generation: nil)
    }

    private func batch(_ records: [RequestRecord]) -> RecordBatch {
        var batch = RecordBatch()
        for record in records { batch.add(record) }
        return batch
    }

    @Test("every record is in one row, which tells its bounds, and no row is wider than a look-up")
    func rows() throws {
        var dice = Dice(seed: 5)
        for _ in 0..<200 {
            let times = (0..<Int.random(in: 1...60, using: &dice)).map { place in
                Int64.random(in: 1...20_000, using: &dice) * 64 + Int64(place)
            }
            let batch = batch(times.map { record($0) })
            var found: [RequestID] = []
            for row in batch.rows {
                let ids = try #require(RequestRecord.unpack(row.body)).map(\.id)
                #expect(ids.min() == row.first && ids.max() == row.last && ids.count == row.count)
                #expect(row.last.raw - row.first.raw <= RecordBatch.span)
                found += ids
            }
            #expect(found.sorted() == times.map { record($0).id }.sorted())
            #expect(batch.count == times.count)
        }
    }

    @Test("requests that end in another order than they began share a row")
    func unordered() {
        #expect(batch([3000, 1000, 2000, 1500].map { record($0) }).rows.count == 1)
    }

    @Test("long streams and short requests that end by turns fill one row each")
    func turns() {
        let records = (0..<50).flatMap { [record(1_000_000 + $0), record(400_000 + $0)] }
        #expect(batch(records).rows.map(\.count) == [50, 50])
    }

    @Test("sorted first, they go into as few rows as they fill")
    func fewest() {
        #expect(RecordBatch((0..<90).map { record($0 * 500) }.reversed()).rows.count == 10)
    }

    @Test("of a client those that were answered well count, and the last end of them [CK-11]")
    func uses() {
        let batch = batch([
            record(1000), record(1100, status: 429), record(900, lasted: 1_000_000), record(1200, client: 9),
            record(1300, client: ClientID.anonymous.raw),
        ])
        #expect(batch.uses.map(\.client.raw) == [3, 9])
        #expect(batch.uses.map(\.requests) == [2, 1])
        #expect(batch.uses.map(\.last) == [1900, 1242])
        #expect(batch.rows.map(\.failed) == [1])
    }
}
