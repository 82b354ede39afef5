internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct BudgetsShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show everything about budgets.")

    @OptionGroup var budgets: BudgetSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [BudgetView] = try Selecting.all(budgets.names, notFound: .budgetNotFound) { query in
            try client.get(.budgetsList, query: query)
        }
        try Listing.budgets.show(session, rows)
    }
}
