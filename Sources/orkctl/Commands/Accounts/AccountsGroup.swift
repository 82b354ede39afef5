// Commands/Accounts: the verbs of accounts.
// Here: one file for each verb, the columns of an account. Not here: what they share with keys.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl accounts`.
struct AccountsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "Whose the keys are, and what rests for all keys of one owner.",
        discussion: """
            orkctl accounts list
            orkctl accounts set user_2abc --name core --note 'pays by card'
            orkctl keys set 'core-*' --account core
            """,
        subcommands: [AccountsList.self, AccountsShow.self, AccountsSet.self])
}
