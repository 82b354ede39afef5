// Commands/Reconcile: the ledger against the upstream's own numbers.
// Here: the verb, its columns. Not here: sums, and what may be apart.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// `orkctl reconcile`.
struct ReconcileCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Hold the ledger against what the upstream says that keys cost.",
        discussion: """
            orkctl reconcile
            orkctl reconcile main-1 --window monthly --tolerance 0 --least 0

            The upstream counts everything that was done with a key, here or elsewhere. Exits 2 when a key differs \
            by more than is tolerated, else 3 when the upstream did not say what one cost.
            """)

    @Argument(
        help: ArgumentHelp(
            "Names, ids, fingerprints, or globs of names; all enabled ones when absent.", valueName: "key"),
        completion: Completions.keys)
    var names: [String] = []

    @Option(help: ArgumentHelp("daily, weekly or monthly, in UTC, the present one.", valueName: "window"))
    var window: UpstreamQuota.Reset = .daily

    @Option(
        help: ArgumentHelp("What may be apart, of the upstream's sum; 1 when absent.", valueName: "percent"))
    var tolerance: Int?

    @Option(help: ArgumentHelp("What may be apart in any case, USD; 0.01 when absent.", valueName: "usd"))
    var least: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if names.contains("") { throw ValidationError("a name is empty") }
        if let tolerance, !(0...100).contains(tolerance) {
            throw ValidationError("--tolerance is a percentage from 0 to 100")
        }
        if let least, Money(decimal: least.utf8).map({ $0.pico >= 0 }) != true {
            throw ValidationError("--least is an amount in USD")
        }
    }

    func run(in session: Session) throws {
        var query = names.map { QueryItem("select", $0) } + [QueryItem("window", window.rawValue)]
        if let tolerance { query.append(QueryItem("tolerance", String(tolerance))) }
        if let least { query.append(QueryItem("least", least)) }
        let answer: ListEnvelope<ReconciliationView> = try session.client(
            patience: Session.upstreamPatience
        ).get(.reconciliation, query: query)
        if !(session.globals.quiet && session.format.isTable) {
            try Listing.reconciliation.print(answer.items, session)
        }
        let results = Set(answer.items.map(\.result))
        if results.contains("differs") { throw Ended(code: ExitStatus.negative) }
        if results.contains("unknown") { throw Ended(code: ExitStatus.partial) }
    }
}

extension Listing<ReconciliationView> {
    static let reconciliation = Listing(
        noun: "keys", schema: "ork.reconciliation/1",
        columns: [
            Column("name") { $0.name },
            Column("result", text: { row, _ in Cell(row.result, row.tone) }, value: { $0.result }),
            Column("upstream", number: true) { $0.upstream },
            Column("ledger", number: true) { $0.ledger },
            Column("difference", number: true) { $0.difference },
            Column("estimated", number: true) { String($0.estimated) },
            Column("unknown", number: true) { String($0.unknown) },
            Column("reason") { $0.reason },
            Column("window", .wide) { $0.window },
            Column("since", .wide) { $0.since },
            Column("id", .wide, number: true) { String($0.id) },
        ],
        name: { $0.name })
}

extension ReconciliationView {
    fileprivate var tone: Tone {
        switch result {
        case "agrees": .good
        case "differs": .bad
        default: .warning
        }
    }
}
