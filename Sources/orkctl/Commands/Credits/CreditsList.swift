internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct CreditsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show what users may spend.",
        discussion: """
            orkctl credits list
            orkctl credits list 'team-*' --sort balance
            """,
        aliases: ["ls"])

    @Argument(
        help: ArgumentHelp(
            "Names, ids, or globs of names; all whose credits count when absent.", valueName: "user"),
        completion: Completions.users)
    var names: [String] = []

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        let select = names.map { QueryItem("select", $0) }
        try Listing.credits.list(session.listing, list) { limit, cursor in
            try client.get(.creditsList, query: select + QueryItem.page(limit, cursor))
        }
    }
}
