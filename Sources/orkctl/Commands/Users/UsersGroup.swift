// Commands/Users: the verbs of users.
// Here: one file for each verb, the columns of a user. Not here: what they share with clients.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl users`.
struct UsersGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Those who own clients.",
        discussion: """
            orkctl users create alice --email alice@example.com
            orkctl clients add alice-web --user alice --primary
            orkctl users disable alice --reason 'not paid'
            """,
        subcommands: [
            UsersList.self, UsersShow.self, UsersCreate.self, UsersSet.self, UsersEnable.self,
            UsersDisable.self, UsersRemove.self,
        ])
}

/// The users that a verb is about.
struct UserSelection: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Names, ids, or globs of names.", valueName: "user"), completion: Completions.users
    )
    var names: [String]

    func validate() throws {
        if names.contains("") { throw ValidationError("a name is empty") }
    }
}

/// `--metered`.
enum YesOrNo: String, CaseIterable, ExpressibleByArgument, Sendable {
    case yes, no
}

/// `--subscription`.
enum SubscriptionWord: String, CaseIterable, ExpressibleByArgument, Sendable {
    case trial, active, ended
}
