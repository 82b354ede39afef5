import ORKit
import Testing

@testable import orkd

/// In these lines wait for an hour if they wait for the time to be up: who does
/// not get to the disk before is not told within the limit.
@Suite("lines of the ledger that share a commit", .timeLimit(.minutes(1)))
struct GroupCommitTests {
    private let fixture: StoreFixture
    private let told: AsyncStream<UInt64>
    private let feed: AsyncStream<UInt64>.Continuation

    init() throws {
        fixture = try StoreFixture()
        (told, feed) = AsyncStream.makeStream()
    }

    private func run(patience: Int64 = 3_600_000_000_000, _ body: (Store) async throws -> Void) async throws {
        let feed = feed
        let store = try fixture.open(
            observer: .init(onPosted: { tickets in for ticket in tickets.values { feed.yield(ticket) } }))
        defer { store.close() }
        store.journal.monitor.withLock { store.journal.patience = patience }
        try await body(store)
    }

    private func reached(_ ticket: UInt64) async {
        for await reached in told where reached >= ticket { return }
    }

    /// Posts them one by one.
    private func post(_ numbers: ClosedRange<UInt64>, _ journal: Journal) {
        for number in numbers { journal.post([Self.reserve(number)], of: 0, through: number) }
    }

    /// Posts each when the one before it is on disk.
    private func postInTurn(_ numbers: ClosedRange<UInt64>, _ journal: Journal) async {
        for number in numbers {
            post(number...number, journal)
            await reached(number)
        }
    }

    /// What was posted since the crowd is not on its way to the disk, though the
    /// writer had time to take it: so much as a read needs.
    private func waits(_ store: Store) async throws {
        for _ in 0..<10 { _ = try await store.read { try LedgerTable.summed($0) } }
        #expect(store.journal.report().postings == 16)
    }

    /// Many at once, so that the next are waited for.
    private func crowd(_ journal: Journal) async {
        journal.post((1...16).map(Self.reserve), of: 0, through: 16)
        await reached(16)
    }

    private static func reserve(_ number: UInt64) -> Posting {
        .reserve(
            Reservation(
                request: RequestID(raw: number), user: UserID(1), client: ClientID(2), credits: 0))
    }

    @Test("a line does not wait where few come")
    func few() async throws {
        try await run { store in
            let journal = store.journal
            await postInTurn(1...3, journal)
            #expect(journal.report().postingCommits == 3)
        }
    }

    @Test("where many came, a commit waits until as many are there, and not longer")
    func asMany() async throws {
        try await run { store in
            let journal = store.journal
            await crowd(journal)
            post(17...31, journal)
            try await waits(store)
            post(32...32, journal)
            await reached(32)
            #expect(journal.report().postingCommits == 2)
        }
    }

    @Test("it waits for all requests under way")
    func underWay() async throws {
        try await run { store in
            let journal = store.journal
            journal.watchTraffic { 20 }
            await crowd(journal)
            post(17...35, journal)
            try await waits(store)
            post(36...36, journal)
            await reached(36)
            let report = journal.report()
            #expect(report.postings == 36 && report.postingCommits == 2)
        }
    }

    @Test("who does not come is waited for once, and not longer than allowed")
    func patience() async throws {
        try await run(patience: 1_000_000) { store in
            let journal = store.journal
            await crowd(journal)
            await postInTurn(17...19, journal)
        }
    }

    @Test("a change of the control API takes along what waits for company")
    func changes() async throws {
        try await run { store in
            await crowd(store.journal)
            post(17...17, store.journal)
            try await store.transact { _ in }
            await reached(17)
        }
    }

    @Test("closing waits for nobody")
    func closing() async throws {
        try await run { store in
            let journal = store.journal
            await crowd(journal)
            post(17...17, journal)
        }
        await reached(17)
    }
}
