internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take users and all their clients away for good.",
        discussion: "To refuse them only: orkctl users disable.",
        aliases: ["rm"])

    @OptionGroup var users: UserSelection

    @Flag(help: "A name that does not exist is no error.")
    var ifExists = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try Confirm.ask("remove \(users.names.joined(separator: ", ")) with \(try own(session))", session)
        var selection = Selection(select: users.names)
        selection.ifExists = ifExists ? true : nil
        try ChangeReport.users.print(
            session.client().send(.usersRemove, selection, query: session.changeQuery), session)
    }

    /// What goes with them: whoever agrees should know how much it is.
    private func own(_ session: Session) throws -> String {
        guard session.mayAsk, !session.globals.yes else { return "all their clients" }
        let query = users.names.map { QueryItem("select", $0) }
        let page: ListEnvelope<UserView>? = try? session.client().get(.usersList, query: query)
        guard let count = page?.items.reduce(0, { $0 + $1.clients }) else { return "all their clients" }
        return count == 1 ? "1 client" : "\(count) clients"
    }
}
