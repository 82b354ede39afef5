internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct Cleanup: Verb {
    static let configuration = CommandConfiguration(
        commandName: "cleanup",
        abstract: "One pass of maintenance, each class with its count.",
        discussion: "For cron and timers; the daemon does the same by itself.")

    @Option(
        name: .customLong("class"), help: ArgumentHelp("Only this class (repeatable).", valueName: "name"))
    var classes: [String] = []

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let query = classes.map { QueryItem("class", $0) } + session.changeQuery
        let answer: ItemEnvelope<CleanupReport> = try session.client(patience: Session.upstreamPatience).send(
            .cleanup, query: query)
        guard try !session.printed(answer, name: "cleanup") else { return }
        let rows = answer.item.classes.sorted { $0.key < $1.key }.map { Count(name: $0.key, count: $0.value) }
        if session.globals.quiet, session.format.isTable { return }
        try Listing.counts.print(rows, session)
        if answer.item.dryRun, session.format.isTable { try session.out.write("nothing was changed\n") }
    }
}

/// How many of one class were done.
struct Count: Codable, Sendable {
    let name: String
    let count: Int
}

extension Listing<Count> {
    static let counts = Listing(
        noun: "classes", schema: "ork.cleanup/1",
        columns: [Column("class") { $0.name }, Column("count", number: true) { String($0.count) }],
        name: { $0.name })
}
