internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "All there is to know about users.")

    @OptionGroup var users: UserSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [UserView] = try Selecting.all(users.names, notFound: .userNotFound) { query in
            try client.get(.usersList, query: query)
        }
        try Listing.users.show(session, rows)
    }
}
