internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysReset: Verb {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Forget what was held against keys: rests, suspicion, failures in a row.",
        discussion: "Totals stay. A key that was disabled stays disabled: orkctl keys enable.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysReset, keys.selection, query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }
}
