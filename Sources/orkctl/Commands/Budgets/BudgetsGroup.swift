// Commands/Budgets: how many dollars users, clients, keys, pools, or all together may cost in a period.
// Here: one file for each verb, the columns of a budget. Not here: credits of users (Commands/Credits).
// May import ArgumentParser, ORKit and ORKClient.

internal import ArgumentParser

/// `orkctl budgets`.
struct BudgetsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budgets",
        abstract: "How many dollars users, clients, keys, pools, or all together may cost.",
        discussion: """
            orkctl budgets set user:alice/month --limit 50 --warn-at 80%
            orkctl budgets set all/day --limit 20 --soft --time-zone Europe/Berlin
            orkctl budgets list

            A budget is called by whose it is and how long it lasts: user:NAME, client:NAME, key:NAME, pool:NAME or \
            all, then /hour, /day, /week, /month or /total.
            """,
        subcommands: [BudgetsList.self, BudgetsShow.self, BudgetsSet.self, BudgetsRemove.self])
}

/// The budgets that a verb is about.
struct BudgetSelection: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Names such as user:alice/month, numbers, or globs of names.", valueName: "budget"),
        completion: Completions.budgets)
    var names: [String]

    func validate() throws {
        if names.contains("") { throw ValidationError("a name is empty") }
    }
}
