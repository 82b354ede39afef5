import ORKit
import Testing

@testable import orkd

@Suite("the ledger beside the upstream's sums")
struct ReconciliationServiceTests {
    private let fixture: KeysFixture

    init() throws { fixture = try KeysFixture() }

    private func reconcile(
        _ select: [String] = [], _ window: UpstreamQuota.Reset = .daily
    ) async throws -> [ReconciliationView] {
        let clock = fixture.clock
        let service = ReconciliationService(
            fixture.keys, UsageService(fixture.store, clock: { clock.now }))
        return try await service.reconcile(ReconciliationQuery(select: select, window: window))
    }

    private func says(_ number: Int, _ window: UpstreamQuota.Reset, _ pico: Int64) {
        var info = KeyInfo()
        info.spent[window] = Money(pico: pico)
        fixture.upstream.answer(number, .valid(info))
    }

    /// A request that the key served, settled now.
    private func spend(_ pico: Int64, on name: String) async throws {
        let key = try #require(try await fixture.view(name)).id
        var usage = Usage()
        usage.cost = Money(pico: pico)
        let end = Settlement(
            request: RequestID(raw: UInt64(pico)), user: .house, client: ClientID(1), key: key, model: "a/b",
            end: .complete, usage: usage, quality: .exact, held: 0, charged: 0, isWhole: true,
            generation: nil)
        try await fixture.store.transact(posting: { _, postings in postings.append(.settle(end)) })
        // The journal writes the time of the machine, and a span ends before its end.
        fixture.clock.advance(
            milliseconds: SystemClock.now().wall.milliseconds(since: fixture.clock.now.wall) + 1)
    }

    @Test("each key's own window is held against its own postings")
    func windows() async throws {
        defer { fixture.store.close() }
        try await fixture.add("a", 1)
        try await fixture.add("b", 2)
        try await spend(50_000_000_000, on: "a")
        says(1, .monthly, 50_000_000_000)
        says(2, .monthly, 50_000_000_000)
        let views = try await reconcile([], .monthly)
        #expect(views.map(\.name) == ["a", "b"] && views.map(\.result) == ["agrees", "differs"])
        #expect(views.map(\.ledgerPico) == [50_000_000_000, 0] && views[1].differencePico == 50_000_000_000)
        // Of that window the upstream said nothing.
        #expect(try await reconcile(["a"], .weekly).map(\.result) == ["unknown"])
    }

    @Test("disabled keys are asked about by name only; what cannot be asked is unknown, with a reason")
    func silence() async throws {
        defer { fixture.store.close() }
        for number in 1...3 { try await fixture.add("k\(number)", number) }
        _ = try await fixture.keys.disable(Selection(select: ["k3"]), .real)
        fixture.upstream.answer(1, .unreachable(reason: "nobody listens"))
        fixture.upstream.answer(2, .rejected(status: 401, message: "no"))
        let views = try await reconcile()
        #expect(views.map(\.name) == ["k1", "k2"] && views.allSatisfy { $0.result == "unknown" })
        #expect(views.map(\.reason) == ["nobody listens", "the upstream refused the key with 401"])
        #expect(try await reconcile(["k3"]).map(\.name) == ["k3"])
        #expect(await fixture.code { _ = try await reconcile(["nosuch"]) } == .keyNotFound)
    }
}
