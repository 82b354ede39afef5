internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysTest: Verb {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Ask the upstream whether keys work; changes nothing.",
        discussion: "Exits 2 when a key is not valid.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ListEnvelope<KeyTest> = try session.client(patience: Session.upstreamPatience).send(
            .keysTest, keys.selection)
        if !(session.globals.quiet && session.format.isTable) {
            try Listing.tests.print(answer.items, session)
        }
        if answer.items.contains(where: { $0.result != "valid" }) { throw Ended(code: ExitStatus.negative) }
    }
}

extension Listing<KeyTest> {
    static let tests = Listing(
        noun: "keys", schema: "ork.keys.test/1",
        columns: [
            Column("name") { $0.name },
            Column("result", text: { row, _ in Cell(row.result, row.tone) }, value: { $0.result }),
            Column("status", number: true) { $0.status.map(String.init) },
            Column("left", number: true) { $0.limitRemaining },
            Column("limit", number: true) { $0.limit },
            Column("usage", number: true) { $0.usage },
            Column(
                "latency", number: true, text: { row, _ in Cell(row.latency.map(Human.milliseconds)) },
                value: { $0.latency.map { Human.decimal($0) } }),
            Column("message") { $0.message ?? $0.label },
            Column("label", .wide) { $0.label },
            Column("free-tier", .wide) { $0.freeTier.map { $0 ? "yes" : "no" } },
            Column("expires-at", .wide, text: { Cell($1.left($0.expiresAt)) }, value: { $0.expiresAt }),
        ],
        name: { $0.name })
}

extension KeyTest {
    fileprivate var tone: Tone {
        switch result {
        case "valid": .good
        case "rejected", "expired", "management": .bad
        default: .warning
        }
    }
}
