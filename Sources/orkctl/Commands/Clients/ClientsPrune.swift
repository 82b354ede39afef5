internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct ClientsPrune: Verb {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove clients by a rule.",
        discussion: "orkctl -q --no-input clients prune --expired --older-than 7d --yes")

    @Flag(help: "Those whose key has expired.")
    var expired = false

    @OptionGroup var rule: PruneOptions
    @OptionGroup(title: "Global options") var globals: Globals

    func validate() throws {
        if !expired { throw ValidationError("say which: --expired") }
    }

    func run(in session: Session) throws {
        var prune = rule.prune
        prune.expired = true
        try Pruning.run(prune, .clientsPrune, .clients, noun: "clients", session)
    }
}
