internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysPrune: Verb {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove keys by a rule.",
        discussion: """
            orkctl keys prune --state invalid --older-than 30d --dry-run
            orkctl -q --no-input keys prune --state broken --older-than 30d --yes

            To remove by name: orkctl keys remove.
            """)

    @Option(help: ArgumentHelp("Only keys in this state (repeatable).", valueName: "state"))
    var state: [KeyState]

    @OptionGroup var rule: PruneOptions
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        var prune = rule.prune
        prune.states = state
        try Pruning.run(prune, .keysPrune, .keys, noun: "keys", session)
    }
}
