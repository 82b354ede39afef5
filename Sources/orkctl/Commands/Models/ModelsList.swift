internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ModelsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List models, with context length and prices.",
        discussion: """
            orkctl models list --provider deepseek --free
            orkctl models list '*:free' --sort -context
            orkctl models list --sort prompt --limit 20

            Prices are in USD for a million tokens.
            """,
        aliases: ["ls"])

    @Argument(
        help: ArgumentHelp("Only models whose id matches.", valueName: "glob"),
        completion: Completions.models)
    var match: String?

    @Option(
        help: ArgumentHelp("Only models of this provider.", valueName: "name"),
        completion: Completions.modelProviders)
    var provider: String?

    @Flag(help: "Only models that are known to cost nothing.")
    var free = false

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client(patience: Session.upstreamPatience)
        var query = match.map { [QueryItem("match", $0)] } ?? []
        query += provider.map { [QueryItem("provider", $0)] } ?? []
        query += free ? [QueryItem("free", "true")] : []
        try Listing.models.list(session.listing, list) { limit, cursor in
            try client.get(.modelsList, query: query + QueryItem.page(limit, cursor))
        }
    }
}
