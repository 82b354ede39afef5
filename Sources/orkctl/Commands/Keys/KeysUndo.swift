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
            go with it, of whatever key; without a key, the newest of all. With --incident, all of the incident
            that the events name so. With --since, all that was only guessed since then, no stated time, no money.
            To forget everything at once: orkctl keys reset.

            orkctl keys undo --since -15m --dry-run
            orkctl events --filter kind=verdict --columns at,key,event,incident,text
            orkctl keys undo --incident i17
            """)

    @Argument(help: ArgumentHelp("The key.", valueName: "key"), completion: Completions.keys)
    var name: String?

    @Flag(help: "Take back all of a wave: the same for the same reason, of many keys.")
    var wave = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Take back what was guessed since: -15m, today, RFC 3339.", valueName: "time"))
    var since: Moment?

    @Option(help: ArgumentHelp("Take back what this incident left.", valueName: "id"))
    var incident: String?

    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        let ways = [wave, since != nil, incident != nil].count { $0 }
        if name == nil, ways == 0 {
            throw ValidationError("give a key, or --wave, --since or --incident")
        }
        if ways > 1 { throw ValidationError("--wave, --since and --incident exclude each other") }
    }

    func run(in session: Session) throws {
        var request = KeyUndo(select: [name].compactMap { $0 })
        request.wave = wave ? true : nil
        request.since = since?.resolved(at: session.human.now).rfc3339
        request.incident = incident
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysUndo, request, query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }
}
