import Testing

@testable import ORKit

@Suite("Packed request records")
struct RecordPackingTests {
    private func text(_ dice: inout Dice) -> String {
        ["", "a", "openai/gpt-4o:free", "über", String(repeating: "x", count: 300)].randomElement(
            using: &dice) ?? ""
    }

    private func number(_ dice: inout Dice) -> Int64 {
        [0, 1, -1, 127, 128, .max, .min, Int64.random(in: 0...100_000, using: &dice)].randomElement(
            using: &dice) ?? 0
    }

    private func attempt(_ dice: inout Dice) -> AttemptRecord {
        var verdict = Verdict.ok
        if Bool.random(using: &dice) {
            verdict = Verdict(
                scope: FailureScope.allCases.randomElement(using: &dice) ?? .key,
                cause: Cause.allCases.randomElement(using: &dice) ?? .ok,
                remedy: [Remedy.relay, .rotate, .retry, .giveUp].randomElement(using: &dice) ?? .relay,
                statedUntil: Bool.random(using: &dice) ? WallTime(milliseconds: number(&dice)) : nil,
                statedBy: Bool.random(using: &dice) ? TimeSource.allCases.randomElement(using: &dice) : nil,
                evidence: text(&dice), rule: text(&dice),
                account: Bool.random(using: &dice) ? text(&dice) : nil,
                provider: Bool.random(using: &dice) ? text(&dice) : nil,
                fingerprint: Bool.random(using: &dice) ? dice.next() : 0)
        }
        return AttemptRecord(
            key: KeyID(number(&dice)), choice: Choice.allCases.randomElement(using: &dice) ?? .sticky,
            usable: Int(number(&dice)), total: Int(number(&dice)),
            status: UInt16.random(in: 0...599, using: &dice),
            verdict: verdict, startedMicroseconds: number(&dice), microseconds: number(&dice))
    }

    /// One that is kept: something kept a key from the request.
    private func census(_ dice: inout Dice) -> Census {
        var census = Census()
        for part in Census.Part.allCases where Bool.random(using: &dice) {
            census[part] = UInt32(truncatingIfNeeded: number(&dice))
        }
        census.disabled = 1
        return census
    }

    private func record(_ dice: inout Dice) -> RequestRecord {
        var usage = Usage()
        if Bool.random(using: &dice) {
            usage.prompt = number(&dice)
            usage.completion = number(&dice)
            usage.total = number(&dice)
            usage.cached = number(&dice)
            usage.cacheWrite = number(&dice)
            usage.reasoning = number(&dice)
        }
        if Bool.random(using: &dice) { usage.cost = Money(pico: number(&dice)) }
        return RequestRecord(
            id: RequestID(raw: dice.next()), client: ClientID(number(&dice)),
            user: Bool.random(using: &dice) ? UserID(number(&dice)) : .house,
            method: RequestMethod.allCases.randomElement(using: &dice) ?? .get, path: text(&dice),
            model: Bool.random(using: &dice) ? text(&dice) : nil, stream: Bool.random(using: &dice),
            status: UInt16.random(in: 0...599, using: &dice),
            code: Bool.random(using: &dice) ? ErrorCode.allCases.randomElement(using: &dice) : nil,
            end: RequestEnd.allCases.randomElement(using: &dice) ?? .complete,
            candidates: Bool.random(using: &dice) ? census(&dice) : nil,
            queue: Bool.random(using: &dice)
                ? QueueRecord(
                    position: .random(in: 0 ... .max, using: &dice),
                    milliseconds: .random(in: .min ... .max, using: &dice)) : nil,
            attempts: (0..<Int.random(in: 0...4, using: &dice)).map { _ in attempt(&dice) },
            bytesIn: number(&dice),
            bytesOut: number(&dice), firstByteMicroseconds: Bool.random(using: &dice) ? number(&dice) : nil,
            microseconds: number(&dice), usage: usage,
            quality: UsageQuality.allCases.randomElement(using: &dice) ?? .none,
            generation: Bool.random(using: &dice) ? text(&dice) : nil)
    }

    /// In one row, however far apart their ids are.
    private func pack(_ records: [RequestRecord]) -> [UInt8] {
        guard let first = records.first else { return [] }
        var row = RecordBatch.Row(first)
        for record in records.dropFirst() { row.add(record) }
        return row.body
    }

    /// No Equatable on purpose in the product. `print` tells of a class no more
    /// than its name.
    private func everyField(_ records: [RequestRecord]) -> String {
        var text = ""
        dump(records, to: &text)
        return text
    }

    @Test("what is packed comes back as it was")
    func roundTrip() throws {
        var dice = Dice(seed: 47)
        for _ in 0..<300 {
            let records = (0..<Int.random(in: 1...20, using: &dice)).map { _ in record(&dice) }
            let back = try #require(RequestRecord.unpack(pack(records)))
            #expect(everyField(back) == everyField(records))
        }
    }

    @Test("an unknown version, a cut and a surplus are refused")
    func malformed() {
        var dice = Dice(seed: 48)
        let bytes = pack([record(&dice), record(&dice)])
        #expect(RequestRecord.unpack([UInt8]()) == nil)
        #expect(RequestRecord.unpack([2] + bytes.dropFirst()) == nil)
        #expect(RequestRecord.unpack(bytes + [0]) == nil)
        for count in 0..<bytes.count { #expect(RequestRecord.unpack(Array(bytes[..<count])) == nil) }
        #expect(RequestRecord.unpack([1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == nil)
    }

    @Test("no changed byte makes it trap")
    func mutated() {
        var dice = Dice(seed: 49)
        for _ in 0..<2000 {
            var bytes = pack([record(&dice), record(&dice)])
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            _ = RequestRecord.unpack(bytes)
        }
    }

    @Test("an ordinary record takes less than 100 bytes")
    func size() {
        var usage = Usage()
        usage.prompt = 1200
        usage.completion = 300
        usage.total = 1500
        usage.cost = Money(pico: 5_800_000)
        let attempt = AttemptRecord(
            key: KeyID(12), choice: .sticky, usable: 10, total: 20, status: 200, verdict: .ok,
            startedMicroseconds: 20,
            microseconds: 30_000)
        let records = (0..<100).map { i in
            RequestRecord(
                id: RequestID(raw: 1 << 60 + UInt64(i) << 20), client: ClientID(3), method: .post,
                path: "/v1/chat/completions", model: "openai/gpt-4o-mini", stream: true, status: 200,
                code: nil,
                end: .complete, attempts: [attempt], bytesIn: 1024, bytesOut: 4000,
                firstByteMicroseconds: 3000,
                microseconds: 30_000, usage: usage, quality: .exact,
                generation: "gen-1790000000-AbCdEfGhIjKlMnOpQrSt")
        }
        #expect(pack(records).count < 100 * 100)
    }
}
