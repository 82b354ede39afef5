internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct AccountsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Say something about an account; the rest stays as it is.",
        discussion: """
            orkctl accounts set user_2abc --name core --note 'pays by card'
            orkctl accounts set core --note none

            The name is then as good as the id wherever an account is asked for. One that has a name or a note \
            stays when its last key goes; without either it goes with it.
            """)

    @Argument(
        help: ArgumentHelp("The account's id or name.", valueName: "account"),
        completion: Completions.accounts)
    var account: String

    @Option(help: ArgumentHelp("A name for it, or none.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("A remark, or none.", valueName: "text"))
    var note: String?

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if name == nil && note == nil { throw ValidationError("nothing to change was given") }
    }

    func run(in session: Session) throws {
        var change = AccountSet(account: account)
        change.name = try name.map { try Clearable($0, option: "--name") }
        change.note = try note.map { try Clearable($0, option: "--note") }
        change.ifVersion = ifVersion
        try ChangeReport.accounts.print(
            session.client().send(.accountsSet, change, query: session.changeQuery), session)
    }
}
