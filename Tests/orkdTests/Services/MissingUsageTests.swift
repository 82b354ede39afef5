import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("usage that answers did not state")
struct MissingUsageTests {
    private let fixture: KeysFixture
    private let books = BooksBox()
    private let records = ScriptedGenerations()
    private static let user = UserID(7)

    init() throws {
        fixture = try KeysFixture()
        books.change { $0.load([Self.user: Books.Account(free: 1000)]) }
    }

    private func service() -> MissingUsage {
        let clock = fixture.clock
        return MissingUsage(fixture.store, books, probe: records, clock: { clock.now })
    }

    /// A key, and requests that it served, settled now.
    private func settle(_ numbers: ClosedRange<UInt64>, charged: Int64 = 0) async throws {
        let key = try #require(
            try await fixture.add("k\(numbers.lowerBound)", Int(numbers.lowerBound)).items.first)
        try await post(
            numbers.flatMap { number -> [Posting] in
                [
                    .reserve(
                        Reservation(
                            request: RequestID(raw: number), user: Self.user, client: ClientID(2), credits: 0)
                    ),
                    .settle(
                        Settlement(
                            request: RequestID(raw: number), user: Self.user, client: ClientID(2),
                            key: key.item.id, model: "a/b", end: .clientGone, usage: Usage(),
                            quality: .unknown, held: 0, charged: charged, generation: "gen-\(number)")),
                ]
            })
    }

    private func post(_ lines: [Posting]) async throws {
        try await fixture.store.transact(posting: { _, postings in postings += lines })
    }

    /// The journal writes the time of the machine.
    private func advance(_ milliseconds: Int64) {
        let ahead = SystemClock.now().wall.milliseconds(since: fixture.clock.now.wall)
        fixture.clock.advance(milliseconds: max(0, ahead) + milliseconds)
    }

    private func corrections() async throws -> [Correction] {
        try await fixture.store.read { db in
            var corrections: [Correction] = []
            try LedgerTable.walk(after: 0, db) { line, _ in
                for case .correct(let correction) in line.postings { corrections.append(correction) }
            }
            return corrections
        }
    }

    @Test("what the upstream knows is posted and charged, once, with the key that served it")
    func fetched() async throws {
        defer { fixture.store.close() }
        try await settle(1...1)
        records.know("gen-1", prompt: 8, completion: 17)
        advance(0)
        #expect(await service().check() == false && records.asked.isEmpty)
        advance(Inquiry.firstPause + 1)
        _ = await service().check()
        _ = await service().check()
        #expect(records.asked == [.init(generation: "gen-1", key: .of(Secret(KeysFixture.secret(1).utf8)))])
        #expect(try await corrections().map(\.charged) == [25])
        #expect(books.change { $0[Self.user] } == Books.Account(free: 975))
    }

    @Test("what it does not know yet is asked for again, later and later, then given up and left labelled")
    func notYet() async throws {
        defer { fixture.store.close() }
        try await settle(1...1)
        var asked: [Int] = []
        for _ in 0..<12 {
            advance(100_000)
            _ = await service().check()
            asked.append(records.asked.count)
        }
        // Four minutes and more between the later ones; after ten minutes none.
        #expect(asked.prefix(2) == [1, 2] && asked.suffix(4).allSatisfy { $0 == asked.last })
        records.know("gen-1", prompt: 8, completion: 17)
        advance(3_600_000)
        _ = await service().check()
        #expect(try await corrections().isEmpty)
    }

    @Test("many are asked for some at a time, until none is due")
    func many() async throws {
        defer { fixture.store.close() }
        try await settle(1...40)
        for number in 1...40 { records.know("gen-\(number)", prompt: 1, completion: 1) }
        advance(Inquiry.firstPause + 1)
        var rounds = 1
        while await service().check() { rounds += 1 }
        #expect(rounds == 3 && records.asked.count == 40)
        #expect(Set(try await corrections().map(\.request.raw)) == Set(1...40))
        #expect(books.change { $0[Self.user] } == Books.Account(free: 920))
    }

    @Test("a disabled key is not used; one that is gone cannot be asked any more")
    func keys() async throws {
        defer { fixture.store.close() }
        try await settle(1...1)
        records.know("gen-1", prompt: 8, completion: 17)
        _ = try await fixture.keys.disable(Selection(select: ["k1"]), .real)
        advance(Inquiry.firstPause + 1)
        _ = await service().check()
        #expect(records.asked.isEmpty)
        _ = try await fixture.keys.remove(Selection(select: ["k1"]), .real)
        advance(10_000)
        _ = await service().check()
        let later = fixture.clock.now.wall.advanced(byMilliseconds: 86_400_000)
        let left = try await fixture.store.read { try InquiryTable.due(at: later, limit: 9, $0).count }
        #expect(left == 0 && records.asked.isEmpty)
    }
}

/// An upstream that knows what the test says.
private final class ScriptedGenerations: GenerationProbe {
    struct Question: Hashable {
        var generation: String
        var key: Digest
    }

    private let state = Mutex<(known: [String: Usage], asked: [Question])>(([:], []))

    func usage(of generation: String, _ secret: Secret) async -> Inquiry.Answer {
        state.withLock {
            $0.asked.append(Question(generation: generation, key: .of(secret)))
            return $0.known[generation].map { .known($0) } ?? .notFound
        }
    }

    func know(_ generation: String, prompt: Int64, completion: Int64) {
        var usage = Usage()
        (usage.prompt, usage.completion, usage.total) = (prompt, completion, prompt + completion)
        usage.cost = Money(pico: 1)
        state.withLock { $0.known[generation] = usage }
    }

    var asked: [Question] { state.withLock { $0.asked } }
}
