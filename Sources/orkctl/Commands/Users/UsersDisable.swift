internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersDisable: Verb {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Refuse all clients of users; running requests finish.",
        discussion: "The users and their clients stay. To take them away for good: orkctl users remove.")

    @OptionGroup var users: UserSelection

    @Option(help: ArgumentHelp("Why, for whoever looks later.", valueName: "text"))
    var reason: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var selection = Selection(select: users.names)
        selection.reason = reason
        try ChangeReport.users.print(
            session.client().send(.usersDisable, selection, query: session.changeQuery), session)
    }
}
