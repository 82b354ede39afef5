internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct LimitsShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what clients may do, and what they have used of it.")

    @OptionGroup var clients: ClientSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [LimitView] = try Selecting.all(clients.names, notFound: .clientNotFound) { query in
            try client.get(.limitsList, query: query)
        }
        try Listing.limits.show(session, rows)
    }
}
