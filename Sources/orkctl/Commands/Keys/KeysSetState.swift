internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysSetState: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set-state",
        abstract: "Say what keys are: usable, disabled or invalid.",
        usage: "orkctl keys set-state <key> ... <state> [--reason <text>] [--if-version <n>]",
        discussion: """
            orkctl keys set-state main-1 invalid --reason 'revoked by its owner'
            orkctl keys set-state 'main-*' usable

            usable enables a key and forgets all that is held against it; invalid says that it is dead, whatever
            answers have proved so far. Whether a key rests, is exhausted, suspect or broken is for answers, checks
            and time to say: that is refused, and then no key is changed.
            """)

    @Argument(
        help: ArgumentHelp(
            "Names, ids, fingerprints, or globs of names; last the state.", valueName: "word"),
        completion: Completions.keysAndStates)
    var words: [String]

    @Option(help: ArgumentHelp("Why, for whoever looks later.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("Only if the version, as show prints it, is still this.", valueName: "n"))
    var ifVersion: Int64?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if words.contains("") { throw ValidationError("a name is empty") }
        if words.count < 2 { throw ValidationError("give keys, and last the state") }
    }

    func run(in session: Session) throws {
        let word = words.last ?? ""
        guard let state = KeyState(rawValue: word) else {
            throw CodedError(
                .usage, "“\(word)” is no state of a key",
                hints: ["say one of:   \(Self.states.map(\.rawValue).joined(separator: ", "))"])
        }
        var declaration = KeyDeclaration(select: Array(words.dropLast()), state: state)
        declaration.reason = reason
        declaration.ifVersion = ifVersion
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysSetState, declaration, query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }

    /// Those that somebody's word leads to.
    static let states = KeyState.allCases.filter { state in
        KeyState.allCases.contains { TransitionAuthor.declaration.ends(from: $0).contains(state) }
    }
}
