internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct PoolsRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take an empty pool away for good.",
        discussion: "One with keys, with clients bound to it, or that another falls back to, stays.",
        aliases: ["rm"])

    @Argument(help: ArgumentHelp("The pool.", valueName: "pool"), completion: Completions.pools)
    var name: String

    @Flag(help: "A name that does not exist is no error.")
    var ifExists = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try Confirm.ask("remove \(name)", session)
        var selection = Selection(select: [name])
        selection.ifExists = ifExists ? true : nil
        try ChangeReport.pools.print(
            session.client().send(.poolsRemove, selection, query: session.changeQuery), session)
    }
}
