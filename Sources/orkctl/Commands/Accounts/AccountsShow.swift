internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct AccountsShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything about accounts: their keys, and what proved each rest.",
        discussion: "orkctl accounts show unknown: the keys of which nobody has said whose they are.")

    @Argument(
        help: ArgumentHelp("Ids or names, or unknown.", valueName: "account"),
        completion: Completions.accounts)
    var accounts: [String]

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if accounts.contains("") { throw ValidationError("a name is empty") }
    }

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [AccountView] = try Selecting.all(accounts, notFound: .accountNotFound) { query in
            try client.get(.accountsList, query: query)
        }
        try Listing.accounts.show(session, rows)
    }
}
