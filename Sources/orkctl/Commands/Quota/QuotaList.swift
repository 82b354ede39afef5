internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct QuotaList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List every key with what is used, what is left, and when it is back.",
        discussion: """
            orkctl quota list --filter capacity=critical
            orkctl quota list --columns name,requests-left,exhausted-at,confidence
            """,
        aliases: ["ls"])

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        try Listing.quotas.list(session.listing, list) { limit, cursor in
            try client.get(.quotasList, query: QueryItem.page(limit, cursor))
        }
    }
}
