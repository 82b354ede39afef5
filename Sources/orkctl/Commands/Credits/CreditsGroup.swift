// Commands/Credits: the verbs of credits.
// Here: one file for each verb, the columns of a balance and of a movement. Not here: what credits are worth.
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl credits`.
struct CreditsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credits",
        abstract: "What users may spend.",
        discussion: """
            orkctl credits add alice 1M --note 'invoice 17' --key invoice-17
            orkctl credits list
            orkctl credits history alice
            """,
        subcommands: [
            CreditsList.self, CreditsAdd.self, CreditsDeduct.self, CreditsRefund.self, CreditsHistory.self,
        ])
}

/// How an order that moves credits is named.
struct OrderOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for whoever looks later.", valueName: "text"))
    var note: String?

    @Option(
        help: ArgumentHelp(
            "Your own name for this order: given again, it is not carried out again.", valueName: "name"))
    var key: String?
}
