internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct CreditsHistory: Verb {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show who moved a user's credits, the newest first.")

    @Argument(help: ArgumentHelp("The user.", valueName: "user"), completion: Completions.users)
    var user: String

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        try Listing.movements.list(session.listing, list) { limit, cursor in
            try client.get(
                .creditsHistory, query: [QueryItem("user", user)] + QueryItem.page(limit, cursor))
        }
    }
}
