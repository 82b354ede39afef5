internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct KeysEnable: Verb {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let keys be used again that were disabled.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let answer: ChangeEnvelope<KeyView> = try session.client().send(
            .keysEnable, keys.selection, query: session.changeQuery)
        try ChangeReport.keys.print(answer, session)
    }
}
