internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct BudgetsRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take budgets away, with what was spent of them.",
        aliases: ["rm", "clear"])

    @OptionGroup var budgets: BudgetSelection

    @Flag(help: "A name that does not exist is no error.")
    var ifExists = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try Confirm.ask("remove \(budgets.names.joined(separator: ", "))", session)
        var selection = Selection(select: budgets.names)
        selection.ifExists = ifExists ? true : nil
        try ChangeReport.budgets.print(
            session.client().send(.budgetsRemove, selection, query: session.changeQuery), session)
    }
}
