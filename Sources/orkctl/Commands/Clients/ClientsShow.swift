internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show everything about clients but their keys.")

    @OptionGroup var clients: ClientSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [ClientView] = try Selecting.all(clients.names, notFound: .clientNotFound) { query in
            try client.get(.clientsList, query: query)
        }
        try Listing.clients.show(session, rows)
    }
}
