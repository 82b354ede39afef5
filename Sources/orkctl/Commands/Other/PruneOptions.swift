internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// What `keys prune` and `clients prune` have in common.
struct PruneOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only what has been so for at least this long.", valueName: "duration"))
    var olderThan: Span?

    @Option(
        help: ArgumentHelp(
            "Stop above so many; none for no guard. A tenth, at least 10, when absent.", valueName: "n"))
    var max: Quantity?

    var prune: Prune {
        var prune = Prune()
        prune.olderThan = olderThan?.text
        prune.max = max.map { $0.count.map(String.init) ?? "none" }
        return prune
    }
}

/// Removal by a rule: look, ask, do.
enum Pruning {
    static func run<Item: Codable & Sendable>(
        _ prune: Prune, _ route: Route, _ report: ChangeReport<Item>, noun: String, _ session: Session
    ) throws {
        let client = session.client()
        if !session.globals.yes, !session.globals.dryRun, session.mayAsk, !session.globals.showRequest {
            // A person is told what would go before the question.
            let preview: ChangeEnvelope<Item> = try client.send(
                route, prune, query: [QueryItem("dry_run", "true")])
            guard !preview.items.isEmpty else { return try report.print(preview, session) }
            let names = preview.items.prefix(10).map { report.name($0.item) }.joined(separator: " ")
            let more = preview.items.count > 10 ? " and \(preview.items.count - 10) more" : ""
            session.diagnostics.say("would remove \(preview.items.count) \(noun): \(names)\(more)")
            try Confirm.ask("remove them", session)
        } else {
            try Confirm.ask("remove \(noun) by a rule", session)
        }
        try report.print(client.send(route, prune, query: session.changeQuery), session)
    }
}
