internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysUndo: Verb {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last verdict against a key: a rest, a suspicion, a break, an end.",
        discussion: """
            Only the newest, with what it was; again for the one before. What is about the key's account is
            taken back on all its keys. With --wave, all that are like it and came within seconds of each other
            go with it, of whatever key; without a key, the newest of all. To forget everything at once:
            orkctl keys reset.
            """)

    @Argument(help: ArgumentHelp("The key.", valueName: "key"), completion: Completions.keys)
    var name: String?

    @Flag(help: "Take back all of a wave: the same for the same reason, of many keys.")
    var wave = false

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if name == nil, !wave { throw ValidationError("give a key, or --wave") }
    }

    func run(in session: Session) throws {
        var request = KeyUndo(select: [name].compactMap { $0 })
        request.wave = wave ? true : nil
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysUndo, request, query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }
}
