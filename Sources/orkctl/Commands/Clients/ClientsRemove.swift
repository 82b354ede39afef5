internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take clients and their keys away for good.",
        discussion:
            "To refuse them only: orkctl clients disable. Expired ones: orkctl clients prune --expired.",
        aliases: ["rm"])

    @OptionGroup var clients: ClientSelection

    @Flag(help: "A name that does not exist is no error.")
    var ifExists = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try Confirm.ask("remove \(clients.names.joined(separator: ", "))", session)
        var selection = Selection(select: clients.names)
        selection.ifExists = ifExists ? true : nil
        let answer: ChangeEnvelope<ClientView> = try session.client().send(
            .clientsRemove, selection, query: session.changeQuery)
        try ChangeReport.clients.print(answer, session)
    }
}
