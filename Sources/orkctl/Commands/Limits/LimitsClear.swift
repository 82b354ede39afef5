internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct LimitsClear: Verb {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "Take all limits of clients away, with what was counted.")

    @OptionGroup var clients: ClientSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try ChangeReport.limits.print(
            session.client().send(
                .limitsClear, ORKit.Selection(select: clients.names), query: session.changeQuery),
            session)
    }
}
