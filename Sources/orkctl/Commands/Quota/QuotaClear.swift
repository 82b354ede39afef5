internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct QuotaClear: Verb {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Take quotas away, with what was counted; keys serve on without.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        try ChangeReport.quotas.print(
            session.client().send(.quotasClear, keys.selection, query: session.changeQuery), session)
    }
}
