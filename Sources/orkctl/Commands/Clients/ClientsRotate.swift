internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsRotate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Issue a new key for a client; it is shown once.",
        discussion: """
            orkctl clients rotate web --grace 24h --secret-file web.key --yes

            Without --grace the old key stops at once.
            """)

    @Argument(help: ArgumentHelp("The client.", valueName: "client"), completion: Completions.clients)
    var name: String

    @Option(help: ArgumentHelp("How long the old key goes on working.", valueName: "duration"))
    var grace: Span?

    @OptionGroup var issued: IssuedSecretOptions
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        // First what cannot work, then the question.
        let place = try issued.prepared(session)
        let end = grace.map { "in \($0.text)" } ?? "at once"
        try Confirm.ask("replace the key of \(name), the old one ends \(end)", session)
        var rotate = ClientRotate(select: [name])
        rotate.grace = grace?.text
        let answer: ChangeEnvelope<ClientView> = try session.client().send(
            .clientsRotate, rotate, query: session.changeQuery)
        try IssuedKey(place, verb: "rotated").print(answer, session)
    }
}
