internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take keys away for good; running requests finish.",
        discussion: "To take them out of use only: orkctl keys disable. Many by a rule: orkctl keys prune.",
        aliases: ["rm"])

    @OptionGroup var keys: KeySelection

    @Flag(help: "A name that does not exist is no error.")
    var ifExists = false

    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try Confirm.ask("remove \(keys.names.joined(separator: ", "))", session)
        var selection = keys.selection
        selection.ifExists = ifExists ? true : nil
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysRemove, selection, query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }
}
