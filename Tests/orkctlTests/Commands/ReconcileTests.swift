import ORKit
import Testing

@Suite("orkctl reconcile")
struct ReconcileTests {
    private static func view(_ name: String, upstream: Int64?, ledger: Int64) -> ReconciliationView {
        var sum = UsageSum()
        sum.cost = Money(pico: ledger)
        sum.unknown = 2
        return ReconciliationView(
            name: name, id: KeyID(7), window: .daily, since: WallTime(milliseconds: 1_580_688_000_000),
            upstream: upstream.map { Money(pico: $0) }, ledger: sum, within: .usual,
            reason: upstream == nil ? "connection refused" : nil)
    }

    private static let good = view("main-1", upstream: 2_500_000_000_000, ledger: 2_499_000_000_000)
    private static let bad = view("main-2", upstream: 2_500_000_000_000, ledger: 2_000_000_000_000)
    private static let silent = view("old-1", upstream: nil, ledger: 1_000_000_000)

    private func run(_ views: [ReconciliationView], _ words: String...) throws -> (Ran, FakeDaemon) {
        let body = Samples.list("ork.reconciliation/1", views)
        let daemon = try FakeDaemon([.init(expect: "GET /v1/reconciliation", body: body)])
        return (try orkctl(["reconcile"] + words, daemon: daemon), daemon)
    }

    @Test("exits 2 when a key differs, else 3 when the upstream did not say, else 0")
    func exits() throws {
        #expect(try run([Self.good]).0.code == 0)
        #expect(try run([Self.good, Self.silent]).0.code == 3)
        #expect(try run([Self.good, Self.silent, Self.bad]).0.code == 2)
    }

    @Test("says what it is asked for", arguments: ["table", "wide", "json", "csv"])
    func formats(format: String) throws {
        let (ran, daemon) = try run([Self.good, Self.bad, Self.silent], "-o", format)
        #expect(ran.err.isEmpty)
        try expectGolden(ran.out, "reconcile.\(format)")
        #expect(daemon.calls.first?.line == "GET /v1/reconciliation?window=daily")
    }

    @Test("sends keys, window and tolerance; quiet prints nothing")
    func options() throws {
        let (ran, daemon) = try run(
            [Self.good], "main-1", "main-2", "--window", "monthly", "--tolerance", "5", "--least", "0.5", "-q"
        )
        #expect(ran.code == 0 && ran.out.isEmpty)
        #expect(
            daemon.calls.first?.line
                == "GET /v1/reconciliation?select=main-1&select=main-2&window=monthly&tolerance=5&least=0.5")
    }
}
