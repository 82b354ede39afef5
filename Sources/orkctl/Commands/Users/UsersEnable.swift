internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct UsersEnable: Verb {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let the clients of users call again.")

    @OptionGroup var users: UserSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try ChangeReport.users.print(
            session.client().send(
                .usersEnable, Selection(select: users.names), query: session.changeQuery), session)
    }
}
