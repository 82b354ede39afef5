internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List users, with what their clients come to.", aliases: ["ls"])

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        try Listing.users.list(session.listing, list) { limit, cursor in
            try client.get(.usersList, query: QueryItem.page(limit, cursor))
        }
    }
}
