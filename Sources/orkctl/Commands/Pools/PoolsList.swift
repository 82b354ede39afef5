internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct PoolsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List pools, with what is in them.", aliases: ["ls"])

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        // There are few: all of them come at once.
        try Listing.pools.list(session.listing, list) { _, _ in try client.get(.poolsList, query: []) }
    }
}
