import GRDB
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("the ledger on disk")
struct LedgerTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private static func reserve(_ number: UInt64, user: Int64 = 1, credits: Int64 = 40) -> Posting {
        .reserve(
            Reservation(
                request: RequestID(raw: number), user: UserID(user), client: ClientID(2), credits: credits))
    }

    private static func settle(_ number: UInt64, user: Int64 = 1, held: Int64 = 40, charged: Int64 = 25)
        -> Posting
    {
        .settle(
            Settlement(
                request: RequestID(raw: number), user: UserID(user), client: ClientID(2), key: KeyID(3),
                model: "a/b", end: .complete, usage: Usage(), quality: .exact, held: held, charged: charged,
                generation: nil))
    }

    private static let topUp = Posting.move(Movement(user: UserID(1), credits: 1000, reason: .topUp))

    /// Hears which postings are on disk.
    private final class Told: Sendable {
        private let stream = AsyncStream<UInt64>.makeStream()
        let contradictions = Mutex<[Posting]>([])
        private let troubles = AsyncStream<Void>.makeStream()

        var observer: Journal.Observer {
            .init(
                onCondition: { _, _ in self.troubles.continuation.yield() },
                onPosted: { tickets in
                    for ticket in tickets.values { self.stream.continuation.yield(ticket) }
                },
                onContradiction: { posting in self.contradictions.withLock { $0.append(posting) } })
        }

        func troubled() async {
            for await _ in troubles.stream { return }
        }

        func reached(_ ticket: UInt64) async {
            for await told in stream.stream where told >= ticket { return }
        }
    }

    private struct Line: Equatable {
        var sequence: Int64
        var postings: [Posting]
    }

    private func lines(_ store: Store) async throws -> [Line] {
        try await store.read { db in
            var lines: [Line] = []
            try LedgerTable.walk(after: 0, db) { line, _ in
                lines.append(Line(sequence: line.sequence, postings: line.postings))
            }
            return lines
        }
    }

    @Test("whoever posted is told when its lines are on disk, and not before")
    func toldWhenOnDisk() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        store.journal.post([Self.topUp, Self.reserve(1)], of: 0, through: 2)
        await told.reached(2)
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed)
        store.close()
        let again = try Store(.file(killed.path), at: StoreFixture.now) { _ in fixture.masterKey }
        #expect(again.recovered == 1)
        #expect(again.accounts[UserID(1)] == .init(free: 1000, held: 0))
        again.close()
    }

    @Test("what met a full disk follows the lines before it once there is room, not earlier")
    func fullDisk() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        defer { store.close() }
        store.journal.post([Self.topUp, Self.reserve(1)], of: 0, through: 2)
        await told.reached(2)
        try await store.transact { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        // Too much for the pages that are there, for the ballast too.
        let large = Posting.sent(
            RequestID(raw: 1), KeyID(3), generation: String(repeating: "g", count: 99_999))
        store.journal.post([large, Self.settle(1)], of: 0, through: 4)
        await told.troubled()
        #expect(try await lines(store).map(\.postings) == [[Self.topUp, Self.reserve(1)]])
        try await store.transact { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        await told.reached(4)
        #expect(
            try await lines(store) == [
                Line(sequence: 1, postings: [Self.topUp, Self.reserve(1)]),
                Line(sequence: 2, postings: [large, Self.settle(1)]),
            ])
    }

    @Test("a request that was settled in the same commit is one line; later ones follow it")
    func oneLine() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        store.journal.post([Self.topUp, Self.reserve(1), Self.settle(1), Self.reserve(2)], of: 0, through: 4)
        await told.reached(4)
        store.journal.post([Self.settle(2)], of: 0, through: 5)
        await told.reached(5)
        let lines = try await lines(store)
        #expect(lines.map(\.sequence) == [1, 2])
        #expect(lines[0].postings.count == 3 && lines[1].postings == [Self.settle(2)])
        #expect(lines[0].postings.compactMap(\.settlement?.isWhole) == [true])
        store.close()
        let again = try fixture.open()
        #expect(again.recovered == 0 && again.accounts[UserID(1)] == .init(free: 950, held: 0))
        again.close()
    }

    @Test("what a dead process left open is settled by the rule, once")
    func recovery() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        store.journal.post(
            [
                Self.topUp, Self.reserve(1), Self.reserve(2),
                .sent(RequestID(raw: 2), KeyID(9), generation: "gen-2"),
            ],
            of: 0, through: 4)
        await told.reached(4)
        store.close()
        let second = try fixture.open()
        #expect(second.recovered == 2)
        let settled = try await lines(second).last?.postings.compactMap(\.settlement) ?? []
        #expect(settled.map(\.end) == [.interrupted, .interrupted])
        #expect(settled.map(\.generation) == [nil, "gen-2"] && settled.map(\.key) == [nil, KeyID(9)])
        #expect(second.accounts[UserID(1)] == .init(free: 1000, held: 0))
        second.close()
        let third = try fixture.open()
        #expect(third.recovered == 0)
        third.close()
    }

    @Test("a changed, a missing and an exchanged row are found when the ledger is read")
    func damageIsFound() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        for number in 1...4 {
            store.journal.post([Self.reserve(UInt64(number), credits: 0)], of: 0, through: UInt64(number))
            await told.reached(UInt64(number))
        }
        let killed = try StoreFixture()
        try fixture.copyAsKilled(to: killed)
        store.close()
        for damage in [
            "UPDATE ledger SET at = at + 1 WHERE sequence = 2",
            "DELETE FROM ledger WHERE sequence = 3",
            "UPDATE ledger SET body = (SELECT body FROM ledger WHERE sequence = 1) WHERE sequence = 2",
        ] {
            let copy = try StoreFixture()
            try killed.copyAsKilled(to: copy)
            let queue = try DatabaseQueue(path: copy.path)
            try await queue.write { try $0.execute(sql: damage) }
            try queue.close()
            #expect(throws: CodedError.self, "\(damage)") {
                try Store(.file(copy.path), at: StoreFixture.now) { _ in fixture.masterKey }.close()
            }
        }
    }

    @Test("a commit that was reported as failed and happened is not written again")
    func doubtIsResolved() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        store.journal.post([Self.topUp, Self.reserve(1)], of: 0, through: 2)
        await told.reached(2)
        let journal = store.journal
        // As the writer leaves it behind after a failure, on its own thread.
        try await store.transact { _ in
            guard let link = journal.ledger?.link else { return }
            journal.ledger = nil
            journal.doubt = Journal.Doubt(link: link, count: 2)
            journal.post([Self.topUp, Self.reserve(1), Self.settle(1)], of: 0, through: 3)
        }
        await told.reached(3)
        #expect(try await lines(store).map(\.postings) == [[Self.topUp, Self.reserve(1)], [Self.settle(1)]])
        #expect(told.contradictions.withLock { $0 }.isEmpty)
        store.close()
    }

    @Test("a line that contradicts the ledger is left out and reported; the others are written")
    func contradictions() async throws {
        let told = Told()
        let store = try fixture.open(observer: told.observer)
        store.journal.post([Self.topUp, Self.settle(7)], of: 0, through: 2)
        await told.reached(2)
        #expect(told.contradictions.withLock { $0 } == [Self.settle(7)])
        #expect(try await lines(store).map(\.postings) == [[Self.topUp]])
        store.close()
    }
}
