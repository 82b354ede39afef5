internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysUndo: Verb {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last verdict against a key: a rest, a suspicion, a break, an end.",
        discussion: """
            Only the newest, with what it was; again for the one before. What is about the key's account is
            taken back on all its keys. To forget everything at once: orkctl keys reset.
            """)

    @Argument(help: ArgumentHelp("The key.", valueName: "key"), completion: Completions.keys)
    var name: String

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysUndo, Selection(select: [name]), query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }
}
