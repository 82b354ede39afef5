internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsEnable: Verb {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let clients call again that were disabled.")

    @OptionGroup var clients: ClientSelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ChangeEnvelope<ClientView> = try session.client().send(
            .clientsEnable, Selection(select: clients.names), query: session.changeQuery)
        try ChangeReport.clients.print(answer, session)
    }
}
