internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysRotate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a key a new secret; name, state and history stay.",
        discussion: """
            orkctl keys rotate main-1                   asks, and shows nothing
            orkctl keys rotate main-1 --yes < new.txt

            The old secret goes on working at the provider until it is deleted there.
            """)

    @Argument(help: ArgumentHelp("The key.", valueName: "key"), completion: Completions.keys)
    var name: String

    @OptionGroup var secret: SecretOptions

    @Flag(help: "Do not ask the upstream whether the new secret works.")
    var noCheck = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try Confirm.ask("replace the secret of \(name)", session)
        var rotate = KeyRotate(select: [name], secret: try secret.read(for: name, session))
        rotate.check = noCheck ? false : nil
        let answer: ChangeEnvelope<KeyView> = try session.client(patience: Session.upstreamPatience).send(
            .keysRotate, rotate, query: session.changeQuery)
        let report = ChangeReport.keys.saying { change, human in
            let item = change.item
            guard change.changed else { return "\(item.name) \(change.outcome)" }
            return "\(item.name) uses \(item.masked) since now; \(item.stateCell(human).text)"
        }
        try report.print(answer, session)
    }
}
