internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ModelsShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything that is known about models.",
        discussion: "A name such as MODEL:nitro is looked up as requests with it are: as the model it runs.")

    @Argument(
        help: ArgumentHelp("Ids, or globs of ids.", valueName: "model"), completion: Completions.models)
    var models: [String]

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if models.contains("") { throw ValidationError("a name is empty") }
    }

    func run(in session: Session) throws {
        let client = session.client(patience: Session.upstreamPatience)
        let rows: [ModelOfferView] = try Selecting.all(models, notFound: .modelNotFound) { query in
            try client.get(.modelsList, query: query)
        }
        try Listing.models.show(session, rows)
    }
}
