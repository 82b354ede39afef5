internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ModelsProviders: Verb {
    static let configuration = CommandConfiguration(
        commandName: "providers",
        abstract: "List who makes models: how many, the cheapest, the longest context.",
        discussion: """
            orkctl models providers --sort -models

            The cheapest is the one of which a token in and a token out cost least together, of those that cost \
            anything.
            """)

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client(patience: Session.upstreamPatience)
        // There are few: all of them come at once.
        try Listing.modelProviders.list(session.listing, list) { _, _ in
            try client.get(.modelsProviders, query: [])
        }
    }
}
