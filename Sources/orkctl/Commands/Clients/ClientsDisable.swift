internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsDisable: Verb {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Refuse clients; running requests finish.",
        discussion: "The clients and their keys stay. To take them away for good: orkctl clients remove.")

    @OptionGroup var clients: ClientSelection

    @Option(help: ArgumentHelp("Why, for whoever looks later.", valueName: "text"))
    var reason: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var selection = Selection(select: clients.names)
        selection.reason = reason
        let answer: ChangeEnvelope<ClientView> = try session.client().send(
            .clientsDisable, selection, query: session.changeQuery)
        try ChangeReport.clients.print(answer, session)
    }
}
