internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct BudgetsList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show what is allowed and what is spent of it.",
        discussion: """
            orkctl budgets list
            orkctl budgets list 'user:*' --sort left
            """,
        aliases: ["ls"])

    @Argument(
        help: ArgumentHelp("Names, numbers, or globs of names; all when absent.", valueName: "budget"),
        completion: Completions.budgets)
    var names: [String] = []

    @OptionGroup var list: ListOptions
    @OptionGroup(title: "Global options") var globals: Globals

    var watch: WatchOption? { list.repetition }

    func run(in session: Session) throws {
        let client = session.client()
        let select = names.map { QueryItem("select", $0) }
        try Listing.budgets.list(session.listing, list) { limit, cursor in
            try client.get(.budgetsList, query: select + QueryItem.page(limit, cursor))
        }
    }
}
