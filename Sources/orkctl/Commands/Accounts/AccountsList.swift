internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct AccountsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List accounts, with their keys and what they rest for.",
        discussion: """
            orkctl accounts list --sort -spent
            orkctl accounts list --columns account,keys,rests

            The keys of which nobody has said whose they are come last, as unknown: the sum is the pool.
            """,
        aliases: ["ls"])

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        try Listing.accounts.list(session.listing, list) { limit, cursor in
            try client.get(.accountsList, query: QueryItem.page(limit, cursor))
        }
    }
}
